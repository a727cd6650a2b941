"""The text of replies that are being written right now.

The database holds a reply up to its last checkpoint; this holds it up to its last
character. Any number of pages follow a reply by character offset, and none of them
slows it down: adding text is appending to a list.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from ttrpg_assistant.live.ports import Reading
from ttrpg_assistant.live.reply_events import (
    Phase,
    PhaseChanged,
    Position,
    ReplyEnded,
    ReplyEvent,
    Rewritten,
    StatusSaid,
    TextAdded,
    ThinkingAdded,
)
from ttrpg_assistant.live.shown import Part, PlainReading, join_changes, join_parts
from ttrpg_assistant.llm.pace import TICK_SECONDS, is_due, next_tick, tick_seconds


@dataclass(frozen=True, slots=True)
class _Wait:
    until: float
    code: str
    sentence: str


class LiveReply:
    """One reply being written: its text so far, and who waits for more.

    What is shown of the text is read when it is sent to a follower, so that a reply nobody follows
    costs nothing, and once, however many follow.
    """

    def __init__(
        self,
        message_id: str,
        new_reading: Callable[[], Reading] = PlainReading,
        tick_seconds: Callable[[], float] = lambda: TICK_SECONDS,
    ) -> None:
        self.message_id = message_id
        self._new_reading = new_reading
        self._tick_seconds = tick_seconds
        self._reading = new_reading()
        self._read_to = 0
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
        self._over = asyncio.Event()
        self._waiters: list[asyncio.Future[bool]] = []

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
        self._reading, self._read_to = self._new_reading(), 0
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
        self._over.set()
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
        return Position(
            self._length,
            self._thought_length,
            self._phase_number,
            self._rewritten,
            len(self._read().parts),
        )

    @property
    def everything(self) -> Rewritten:
        """All there is now."""
        text = self.text
        shown = _unless_plain(join_parts(self._read().parts), text)
        return Rewritten(text, self.reasoning, self.phase, shown)

    def _read(self) -> Reading:
        if self._read_to < self._length:
            self._reading.feed(self.text[self._read_to :])
            self._read_to = self._length
        return self._reading

    def _text_after(self, offset: int, shown_to: int | None) -> TextAdded:
        text = self.text[offset:]
        reading = self._read()
        if shown_to is None:
            reading = self._new_reading()
            reading.feed(self.text[:offset])
            shown_to = len(reading.parts)
            reading.feed(text)
        changes = reading.parts[shown_to:]
        if len(changes) == 1 and changes[0] == text:
            return TextAdded(text, self._length)
        return TextAdded(text, self._length, _unless_plain(join_changes(changes), text))

    def news(self, known: Position) -> list[ReplyEvent]:
        """What there is after this position now."""
        if known.rewritten is not None and self._rewritten != known.rewritten:
            return [self.everything]
        found: list[ReplyEvent] = []
        if self._phase_number != known.phases and (phase := self.phase) is not None:
            found.append(phase)
        if self._thought_length > known.thinking:
            found.append(ThinkingAdded(self.reasoning[known.thinking :], self.reasoning_seconds))
        if self._length > known.text:
            found.append(self._text_after(known.text, known.shown))
        return found

    async def follow(self, offset: int | Position) -> AsyncIterator[ReplyEvent]:
        """What comes after this position, as it comes, then the end."""
        async with aclosing(self.follow_or_wait(offset, None)) as events:
            async for event in events:
                assert event is not None
                yield event

    async def follow_or_wait(
        self, offset: int | Position, idle_seconds: float | None
    ) -> AsyncGenerator[ReplyEvent | None]:
        """The same, and None whenever nothing came for `idle_seconds`."""
        at = offset if isinstance(offset, Position) else Position(offset)
        if at.rewritten is None:
            at = at._replace(rewritten=self._rewritten)
        loop = asyncio.get_running_loop()
        notes_told = 0
        tick = 0.0
        while True:
            ended = self._ended
            if self._length > at.text or self._thought_length > at.thinking:
                now = loop.time()
                if ended is None and not is_due(now, tick):
                    await asyncio.sleep(tick - now)
            if self._has_news(at):
                found = self.news(at)
                before, at = at, self.position
                if before[:2] != at[:2]:
                    # A phase alone delays no word.
                    tick = next_tick(loop.time(), self._tick_seconds())
                for event in found:
                    yield event
                continue
            while notes_told < len(self._notes):
                yield self._notes[notes_told]
                notes_told += 1
            if self._has_news(at):
                continue
            if ended is not None:
                yield ended
                return
            if self._ended is None and not await self._changed(idle_seconds):
                yield None

    def _has_news(self, known: Position) -> bool:
        now = (self._length, self._thought_length, self._phase_number, self._rewritten)
        return known[:4] != now

    async def wait_for_end(self) -> None:
        """Return when the reply has ended."""
        await self._over.wait()

    async def _changed(self, idle_seconds: float | None) -> bool:
        """Return when something changed, or False after so long without a change."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[bool] = loop.create_future()
        self._waiters.append(waiter)
        if idle_seconds is None:
            return await waiter
        # A timer alone: a task, or a limit on one, for each event costs more than the event.
        timer = loop.call_later(idle_seconds, _end_waiting, waiter, False)
        try:
            return await waiter
        finally:
            timer.cancel()

    def _wake(self) -> None:
        for waiter in self._waiters:
            _end_waiting(waiter, True)
        self._waiters.clear()


class LiveReplies:
    """The replies this process is writing, by message id. Each is read by a reading of its own."""

    def __init__(self, new_reading: Callable[[], Reading] = PlainReading) -> None:
        self._new_reading = new_reading
        self._replies: dict[str, LiveReply] = {}

    def open(self, message_id: str) -> LiveReply:
        """Start (or find) the live side of a reply."""
        found = self._replies.get(message_id)
        if found is None:
            found = self._replies[message_id] = self.new_reply(message_id)
        return found

    def new_reply(self, message_id: str = "") -> LiveReply:
        """A reply that nobody finds here, read as the others are."""
        return LiveReply(message_id, self._new_reading, self._tick_seconds)

    def _tick_seconds(self) -> float:
        return tick_seconds(len(self._replies))

    def find(self, message_id: str) -> LiveReply | None:
        """The reply, if this process is writing it now."""
        return self._replies.get(message_id)

    def close(self, message_id: str) -> None:
        """Forget a reply that has ended; late followers read the stored message."""
        self._replies.pop(message_id, None)

    def __len__(self) -> int:
        return len(self._replies)


def _end_waiting(waiter: asyncio.Future[bool], changed: bool) -> None:
    if not waiter.done():
        waiter.set_result(changed)


def _unless_plain(parts: list[Part], text: str) -> tuple[Part, ...] | None:
    """The parts, or None where they are the text itself."""
    is_plain = parts == [text] if text else not parts
    return None if is_plain else tuple(parts)
