"""Reads one part of a text: by the chosen model, or by the built-in one where that is chosen.

Everything is read first; no transaction is open while a model is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil

from ttrpg_assistant.builtin.proper_names import ProperNames
from ttrpg_assistant.builtin.words import list_sentences
from ttrpg_assistant.campaigns.store.naming import SpelledName, list_spelled_names
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.model import Conversation
from ttrpg_assistant.conversations.store.conversations import get_conversation
from ttrpg_assistant.conversations.summaries.model import BUILT_IN
from ttrpg_assistant.errors import BadAnswer, ContextTooLong, NotConfigured, Stalled
from ttrpg_assistant.llm.readable import readable
from ttrpg_assistant.reviews.asking import (
    PartTooLong,
    ask_of_lines,
    ask_of_summaries,
    read_answer,
)
from ttrpg_assistant.reviews.holding import Lines
from ttrpg_assistant.reviews.lines import PAGE, is_inside, list_messages, split_message
from ttrpg_assistant.reviews.model import Found, Line, Part, Reading, Review, Speaker
from ttrpg_assistant.reviews.names import NameRepairs, SaidWords
from ttrpg_assistant.reviews.picking import NamesOften, pick
from ttrpg_assistant.reviews.recapping import MOST_READ, Recap, SaidIndex, quote_recap
from ttrpg_assistant.reviews.store import reviews
from ttrpg_assistant.reviews.texts import Text, text_of
from ttrpg_assistant.storage.database import Database

ASKING_SECONDS = 300.0

BUILT_IN_CHARACTERS = 10_000
LEAST_CHARACTERS, MOST_CHARACTERS = 1_200, 10_000
"""Characters of a part. One that a model cannot answer within its limits is halved."""

LEAST_SPLIT = 600
"""Of a part that is no longer, what a cut answer says is taken as it is."""

_INSTRUCTIONS_TOKENS = 1_300
_CHARACTERS_PER_TOKEN = 2.0
"""Low, so that labels and other languages than English have room."""

_USUAL_PER_TOKEN, _SENT_TOKENS, _FILLED = 3.7, 900, 0.95
"""What a text comes to, what is sent with each part of it, and how full a part usually is."""

MODEL_NEEDED = "The built-in model does not read notes: it only splits them by their headings."
USE_HEADINGS = "Choose a model in Settings, or import the notes by their headings."


class SplitNeeded(Exception):
    """The part is more than the model can read or answer at once: `lines` go in two parts."""

    def __init__(self, lines: Sequence[Line]) -> None:
        super().__init__()
        self.lines = lines


@dataclass(slots=True)
class _Known:
    """What is known of a whole text, kept while it is read."""

    review_id: str
    said: SaidWords
    labels: tuple[Speaker, ...]


class PartReader:
    """Reads parts with the model that answers now."""

    def __init__(self, database: Database, model: AnsweringModel) -> None:
        self._database = database
        self._model = model
        self._known: _Known | None = None

    async def find_part_characters(self) -> int:
        """How long a part may be for the model that is chosen now. Raises a `ModelFault`."""
        if self.is_built_in:
            return BUILT_IN_CHARACTERS
        answerer = await self._model.get()
        room = answerer.make_budget().prompt_tokens - _INSTRUCTIONS_TOKENS
        return max(LEAST_CHARACTERS, min(MOST_CHARACTERS, int(room * _CHARACTERS_PER_TOKEN)))

    async def estimate(self, characters: int) -> tuple[int, int]:
        """About how many parts a text of so many characters has, and how many tokens are sent to
        have all of them read. Raises a `ModelFault`."""
        parts = ceil(characters / (await self.find_part_characters() * _FILLED))
        return parts, int(characters / _USUAL_PER_TOKEN) + parts * _SENT_TOKENS

    async def read(self, review: Review, part: Part) -> Reading:
        """What a part says. Raises `SplitNeeded`, a `ModelFault`, `NotFound`."""
        conversation = await self._database.read(
            lambda tx: get_conversation(tx, review.conversation_id)
        )
        text = text_of(conversation)
        if not self.can_read(text):
            raise NotConfigured(MODEL_NEEDED, code="model_needed", cure=USE_HEADINGS)
        cast = await self._database.read(lambda tx: list_spelled_names(tx, review.campaign_id))
        said = await self._count_words(review, conversation)
        repairs = await asyncio.to_thread(NameRepairs, said, cast)
        if part.kind == "whole":
            return await self._read_whole(review, conversation, cast, repairs)
        lines = await self._read_lines(review, conversation, part)
        if self.is_built_in:
            known = [name for one in cast for name in (one.name, *one.aliases)]
            found = await asyncio.to_thread(lambda: pick(Lines(lines, repairs), known))
            return Reading(found, "", BUILT_IN)
        return await self._ask(text, lines, cast, repairs)

    async def _ask(
        self,
        text: Text,
        lines: Sequence[Line],
        cast: Sequence[SpelledName],
        repairs: NameRepairs,
    ) -> Reading:
        choice = self._model.choice
        if not lines:
            return Reading((), "", choice)
        asked = self._model.ask(ask_of_lines(text, lines, [one.name for one in cast]))
        try:
            async with asyncio.timeout(ASKING_SECONDS):
                answered = await asked
        except TimeoutError:
            raise Stalled("The model took too long to read this part.") from None
        except (PartTooLong, ContextTooLong):
            if len(lines) > 1:
                raise SplitNeeded(lines) from None
            raise ContextTooLong(
                "A line of this text is longer than the model can read.",
            ) from None
        read = await asyncio.to_thread(lambda: read_answer(answered.text, Lines(lines, repairs)))
        # A model that never comes to an end is not asked about every line on its own.
        is_long = sum(len(one.text) for one in lines) > LEAST_SPLIT
        if answered.is_cut and is_long and len(lines) > 1:
            raise SplitNeeded(lines)
        return Reading(read.found, read.summary, choice, read.left_out)

    async def _read_whole(
        self,
        review: Review,
        conversation: Conversation,
        cast: Sequence[SpelledName],
        repairs: NameRepairs,
    ) -> Reading:
        lines = await self._read_lines(review, conversation, None)
        if self.is_built_in:
            return await asyncio.to_thread(_quote_whole, review, lines, cast, repairs)
        parts = await self._database.read(lambda tx: reviews.list_parts(tx, review.id))
        has_notes = any(one.speaker.role == "notes" for one in lines)
        known = [name for one in cast for name in (one.name, *one.aliases)]
        found: list[Found] = []
        left_out = 0
        for field in ("recap_gm", "recap_players"):
            if field == "recap_players" and has_notes:
                # The parts were read as a whole: what only the GM wrote down is in their summaries.
                quoted = await asyncio.to_thread(quote_recap, field, lines, repairs, known)
                found += [quoted] if quoted is not None else []
                continue
            texts = [one.summary for one in parts if one.summary]
            if not texts:
                continue
            written = await self._ask_recap(texts)
            held = await asyncio.to_thread(_hold_recap, field, written, lines, repairs)
            left_out += held.left_out
            if held.found is not None:
                found.append(held.found)
        return Reading(found, "", self._model.choice, left_out)

    async def _ask_recap(self, texts: Sequence[str]) -> str:
        try:
            async with asyncio.timeout(ASKING_SECONDS):
                text = readable(await self._model.ask_once(ask_of_summaries(texts))).strip()
        except TimeoutError:
            raise Stalled("The model took too long to write the recap.") from None
        if not text:
            raise BadAnswer("The model answered nothing.")
        return text

    @property
    def choice(self) -> str:
        """The model that is chosen now."""
        return self._model.choice

    @property
    def is_built_in(self) -> bool:
        """Whether the built-in model answers now."""
        return self._model.choice.partition(":")[0] == BUILT_IN

    def can_read(self, text: Text) -> bool:
        """Whether the model that is chosen now reads such a text."""
        return not (text.needs_model and self.is_built_in)

    async def _read_lines(
        self, review: Review, conversation: Conversation, part: Part | None
    ) -> list[Line]:
        """The lines of a part, or of all of them."""
        speakers = text_of(conversation).find_speakers(review.speakers)
        found: list[Line] = []
        after = 0 if part is None else part.first_seq - 1
        while True:
            page = await self._database.read(
                partial(list_messages, conversation=conversation, after=after)
            )
            for message in page:
                for line in split_message(message, speakers):
                    if part is None or is_inside(line, part):
                        found.append(line)
            if len(page) < PAGE or (part is not None and page[-1].seq > part.last_seq):
                break
            after = page[-1].seq
            if part is None and len(found) > 2 * MOST_READ:
                found = found[-MOST_READ:]
        return found

    async def _count_words(self, review: Review, conversation: Conversation) -> SaidWords:
        """The words of the whole text, counted once."""
        labels = tuple(review.speakers)
        kept = self._known
        if kept is not None and kept.review_id == review.id and kept.labels == labels:
            return kept.said
        lines = await self._read_lines(review, conversation, None)
        said = await asyncio.to_thread(_count, lines)
        self._known = _Known(review.id, said, labels)
        return said


def _count(lines: Sequence[Line]) -> SaidWords:
    said = SaidWords()
    for line in lines:
        said.add(line.text)
    return said


def _hold_recap(field: str, written: str, lines: Sequence[Line], repairs: NameRepairs) -> Recap:
    return SaidIndex(field, lines, repairs).hold_recap(field, written)


def _quote_whole(
    review: Review, lines: Sequence[Line], cast: Sequence[SpelledName], repairs: NameRepairs
) -> Reading:
    """Names that are said often, and both recaps, quoted."""
    known = [name for one in cast for name in (one.name, *one.aliases, one.player) if name]
    called = [name for one in review.speakers for name in (one.label, one.name) if name]
    sentences = [sentence for one in lines for sentence in list_sentences(one.text)]
    names = NamesOften(repairs)
    names.add(lines, ProperNames(sentences, known))
    recaps = (quote_recap(field, lines, repairs, known) for field in ("recap_gm", "recap_players"))
    found = [*names.list_found(known, called), *(one for one in recaps if one is not None)]
    return Reading(found, "", BUILT_IN)
