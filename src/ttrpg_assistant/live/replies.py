"""The text of replies that are being written right now.

The database holds a reply up to its last checkpoint; this holds it up to its last
character. Any number of pages follow a reply by character offset, and none of them
slows it down: adding text is appending to a list.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal

COALESCE_SECONDS = 0.04
"""Text is told to a follower at most this often: 25 times a second reads as flowing."""

Phase = Literal["waiting", "reading", "thinking", "writing"]
"""What a model does: it is asked again in a while, reads the prompt, thinks, or writes."""


@dataclass(frozen=True, slots=True)
class TextAdded:
    """What was written since the follower last heard; `offset` is where it now ends."""

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class ThinkingAdded:
    """What was thought since the follower last heard, and for how long it has been thinking."""

    text: str
    seconds: float


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    """What the model does now, and for how many seconds it has.

    While it waits, `until_seconds` are left until the next attempt, and `code` and `sentence`
    say why it waits.
    """

    phase: Phase
    seconds: float
    until_seconds: float | None = None
    code: str | None = None
    sentence: str | None = None


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What was said before is no longer so: a follower begins anew with all there is now."""

    text: str
    reasoning: str
    phase: PhaseChanged | None


@dataclass(frozen=True, slots=True)
class StatusSaid:
    """Something about the reply a person should know, though it goes on."""

    status: str
    code: str | None
    sentence: str | None
    cure: str | None = None


@dataclass(frozen=True, slots=True)
class ReplyEnded:
    """The reply has ended and its end is stored. `message` is the stored message."""

    message: Any


ReplyEvent = TextAdded | ThinkingAdded | PhaseChanged | Rewritten | StatusSaid | ReplyEnded

Position = tuple[int, int, int, int]
"""How far a follower has read: characters of text and of thinking, phases, and rewritings."""


@dataclass(frozen=True, slots=True)
class _Wait:
    until: float
    code: str
    sentence: str


class LiveReply:
    """One reply being written: its text so far, and who waits for more."""

    def __init__(self, message_id: str) -> None:
        self.message_id = message_id
        self.stop_requested = asyncio.Event()
        self.started = False
        self._text = ""
        self._pieces: list[str] = []
        self._length = 0
        self._earlier_length = 0
        self._thoughts: list[str] = []
        self._thought_length = 0
        self._thought_seconds = 0.0
        self._phase: Phase | None = None
        self._is_writing = False
        self._phase_since = 0.0
        self._phase_number = 0
        self._rewritten = 0
        self._wait: _Wait | None = None
        self._notes: list[StatusSaid] = []
        self._ended: ReplyEnded | None = None
        self._waiters: list[asyncio.Future[None]] = []

    def begin_after(self, earlier: str) -> None:
        """Continue this text. Only before anything was added."""
        self._text = earlier
        self._length = self._earlier_length = len(earlier)
        self._wake()

    def append(self, text: str) -> None:
        """Add what the model said next."""
        if not self._is_writing:
            self._start_writing()
        self._pieces.append(text)
        self._length += len(text)
        if self._waiters:
            self._wake()

    def think(self, text: str) -> None:
        """Add what the model thought next."""
        if self._phase != "thinking":
            self.enter("thinking")
        self._thoughts.append(text)
        self._thought_length += len(text)
        if self._waiters:
            self._wake()

    def take_back_text(self, held_back: str = "") -> None:
        """Everything added so far was thinking; `held_back` is its end, not added yet."""
        taken = self.text[self._earlier_length :] + held_back
        self._text = self._text[: self._earlier_length]
        self._length = self._earlier_length
        self.think(taken)
        self._rewritten += 1
        self._wake()

    def take_back_thinking(self) -> str:
        """Everything thought so far was the answer, which is returned to be added."""
        thought = self.reasoning
        self._thoughts.clear()
        self._thought_length = 0
        self.enter("writing")
        self._thought_seconds = 0.0
        self._rewritten += 1
        self._wake()
        return thought

    def enter(self, phase: Phase) -> None:
        """Tell followers what the model does now."""
        now = time.monotonic()
        if self._phase == "thinking":
            self._thought_seconds += now - self._phase_since
        self._phase, self._phase_since = phase, now
        self._is_writing = phase == "writing"
        self._phase_number += 1
        self._wait = None
        self._wake()

    def _start_writing(self) -> None:
        if self._phase is not None:
            self.enter("writing")
        self._is_writing = True

    def wait(self, seconds: float, code: str, sentence: str) -> None:
        """Tell followers that the model is asked again after this many seconds, and why."""
        self.enter("waiting")
        self._wait = _Wait(self._phase_since + seconds, code, sentence)

    def end_wait(self) -> None:
        """Tell followers that the model is asked again now, if it was waited for."""
        if self._phase == "waiting":
            self.enter("reading")

    def say_status(
        self, status: str, code: str | None, sentence: str | None, cure: str | None = None
    ) -> None:
        """Tell followers something about the reply."""
        self._notes.append(StatusSaid(status, code, sentence, cure))
        self._wake()

    def end(self, message: Any) -> None:
        """Tell followers that the reply has ended. Only after its end is stored."""
        self._ended = ReplyEnded(message)
        self._wake()

    @property
    def text(self) -> str:
        """Everything said so far."""
        if self._pieces:
            self._text += "".join(self._pieces)
            self._pieces.clear()
        return self._text

    @property
    def length(self) -> int:
        """How many characters (code points) have been said so far."""
        return self._length

    @property
    def added_length(self) -> int:
        """How many of them are new, where an earlier text is continued."""
        return self._length - self._earlier_length

    @property
    def reasoning(self) -> str:
        """Everything thought so far."""
        if len(self._thoughts) > 1:
            self._thoughts = ["".join(self._thoughts)]
        return self._thoughts[0] if self._thoughts else ""

    @property
    def reasoning_length(self) -> int:
        """How many characters have been thought so far."""
        return self._thought_length

    @property
    def reasoning_seconds(self) -> float:
        """For how long it has been thinking, in all."""
        running = time.monotonic() - self._phase_since if self._phase == "thinking" else 0.0
        return self._thought_seconds + running

    @property
    def phase(self) -> PhaseChanged | None:
        """What the model does now; None before it was asked."""
        if self._phase is None:
            return None
        now = time.monotonic()
        seconds = now - self._phase_since
        wait = self._wait
        if wait is None:
            return PhaseChanged(self._phase, seconds)
        left = max(0.0, wait.until - now)
        return PhaseChanged(self._phase, seconds, left, wait.code, wait.sentence)

    @property
    def position(self) -> Position:
        """The position of a follower that has everything so far, for `follow`."""
        return self._length, self._thought_length, self._phase_number, self._rewritten

    def news(
        self, offset: int, thought_offset: int, phase_number: int, rewritten: int
    ) -> list[ReplyEvent]:
        """What there is after these points now."""
        if self._rewritten != rewritten:
            return [Rewritten(self.text, self.reasoning, self.phase)]
        found: list[ReplyEvent] = []
        if self._phase_number != phase_number and (phase := self.phase) is not None:
            found.append(phase)
        if self._thought_length > thought_offset:
            found.append(ThinkingAdded(self.reasoning[thought_offset:], self.reasoning_seconds))
        if self._length > offset:
            found.append(TextAdded(self.text[offset:], self._length))
        return found

    async def follow(
        self,
        offset: int,
        thought_offset: int = 0,
        phase_number: int = 0,
        rewritten: int | None = None,
    ) -> AsyncIterator[ReplyEvent]:
        """What comes after these points, as it comes, then the end."""
        if rewritten is None:
            rewritten = self._rewritten
        loop = asyncio.get_running_loop()
        notes_told = 0
        last_told = 0.0
        while True:
            ended = self._ended
            if self._length > offset or self._thought_length > thought_offset:
                wait = last_told + COALESCE_SECONDS - loop.time()
                if wait > 0 and ended is None:
                    await asyncio.sleep(wait)
            known = (offset, thought_offset, phase_number, rewritten)
            if known != self.position:
                found = self.news(*known)
                if (offset, thought_offset) != self.position[:2]:
                    last_told = loop.time()  # a phase alone delays no word
                offset, thought_offset, phase_number, rewritten = self.position
                for event in found:
                    yield event
                continue
            while notes_told < len(self._notes):
                yield self._notes[notes_told]
                notes_told += 1
            if known != self.position:
                continue
            if ended is not None:
                yield ended
                return
            if self._ended is None:
                await self._changed()

    async def _changed(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        await waiter

    def _wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()


class LiveReplies:
    """The replies this process is writing, by message id."""

    def __init__(self) -> None:
        self._replies: dict[str, LiveReply] = {}

    def open(self, message_id: str) -> LiveReply:
        """Start (or find) the live side of a reply."""
        return self._replies.setdefault(message_id, LiveReply(message_id))

    def find(self, message_id: str) -> LiveReply | None:
        """The reply, if this process is writing it now."""
        return self._replies.get(message_id)

    def close(self, message_id: str) -> None:
        """Forget a reply that has ended; late followers read the stored message."""
        self._replies.pop(message_id, None)

    def __len__(self) -> int:
        return len(self._replies)
