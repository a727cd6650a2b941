"""What a model says to another program, reduced to what belongs into its answer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ttrpg_assistant.conversations.answering import REPLY_CHARACTERS
from ttrpg_assistant.conversations.speakers import speaker_filter
from ttrpg_assistant.doors.without_pictures import PictureFilter
from ttrpg_assistant.errors import BadAnswer, CutOff, ModelRefused
from ttrpg_assistant.llm.stop_texts import StopFilter
from ttrpg_assistant.llm.types import (
    Finished,
    ModelEvent,
    Reclassified,
    TextDelta,
    ThinkingDelta,
    Usage,
)
from ttrpg_assistant.prompts.facts import VoiceSheet


class OutsideAnswer:
    """An answer as it is written. `voice` is whose it is, `stops` where the program wants it to
    end."""

    def __init__(self, voice: VoiceSheet | None, stops: Sequence[str]) -> None:
        self.reason: Literal["stop", "length"] = "stop"
        self._voice = voice
        self._stops = stops
        self._text: list[str] = []
        self._counted: Usage | None = None
        self._thinking: list[str] = []
        self._length = 0
        self._begin()

    def _begin(self) -> None:
        self._text = []
        self._speech = None if self._voice is None else speaker_filter(self._voice)
        self._stop = StopFilter(self._stops)
        self._pictures = PictureFilter()

    @property
    def has_ended(self) -> bool:
        """Whether nothing that comes belongs to it: an NPC has begun to speak for somebody else,
        or a text has come at which the program wants it to end."""
        return self._stop.ended or (self._speech is not None and self._speech.ended)

    def take(self, event: ModelEvent) -> str:
        """The text that an event adds. Raises `CutOff`, `ModelRefused`."""
        if isinstance(event, TextDelta | ThinkingDelta):
            self._length += len(event.text)
            if self._length > REPLY_CHARACTERS:
                raise CutOff("The answer was too long and was cut.", code="reply_too_long")
        if isinstance(event, TextDelta):
            return self._add(event.text)
        if isinstance(event, ThinkingDelta):
            self._thinking.append(event.text)
        elif isinstance(event, Reclassified):
            # What a program has already cannot be taken back; the whole answer is right.
            thought, self._thinking = "".join(self._thinking), []
            self._begin()
            return "" if event.now == "thinking" else self._add(thought)
        elif isinstance(event, Usage):
            self._counted = event
        elif isinstance(event, Finished):
            if event.reason == "filtered":
                raise ModelRefused("The model's provider stopped this answer.")
            self.reason = event.reason
        return ""

    def finish(self) -> str:
        """What is still held back."""
        rest = "" if self._speech is None else self._speech.rest()
        last = self._pictures.feed(self._stop.feed(rest) + self._stop.rest())
        return self._keep(last + self._pictures.rest())

    def read_whole(self) -> str:
        """The answer that has ended. Raises `BadAnswer` where there is none, unless the program
        wanted it to end before its first word."""
        whole = "".join(self._text)
        if not whole.strip() and not self._stop.ended:
            raise BadAnswer("The model answered with nothing.", code="empty_answer")
        return whole

    def count_tokens(self, estimated: int) -> tuple[int, int]:
        """What it took and what it gave: as the provider counted, or estimated."""
        counted = self._counted
        given = None if counted is None else counted.tokens_out
        taken = None if counted is None else counted.tokens_in
        length = sum(map(len, self._text))
        return (
            estimated if taken is None else taken,
            max(1, length // 4) if given is None else given,
        )

    def _add(self, said: str) -> str:
        own = said if self._speech is None else self._speech.feed(said)
        return self._keep(self._pictures.feed(self._stop.feed(own)))

    def _keep(self, more: str) -> str:
        if more:
            self._text.append(more)
        return more
