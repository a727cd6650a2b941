"""The text of replies that are being written right now.

The database holds a reply up to its last checkpoint; this holds it up to its last
character. Any number of pages follow a reply by character offset, and none of them
slows it down: adding text is appending to a list.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

COALESCE_SECONDS = 0.04
"""Text is told to a follower at most this often: 25 times a second reads as flowing."""


@dataclass(frozen=True, slots=True)
class TextAdded:
    """What was written since the follower last heard; `offset` is where it now ends."""

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class StatusSaid:
    """Something about the reply a person should know, though it goes on."""

    status: str
    code: str | None
    sentence: str | None


@dataclass(frozen=True, slots=True)
class ReplyEnded:
    """The reply has ended and its end is stored. `message` is the stored message."""

    message: Any


class LiveReply:
    """One reply being written: its text so far, and who waits for more."""

    def __init__(self, message_id: str) -> None:
        self.message_id = message_id
        self.stop_requested = asyncio.Event()
        self.started = False
        self._text = ""
        self._pieces: list[str] = []
        self._length = 0
        self._notes: list[StatusSaid] = []
        self._ended: ReplyEnded | None = None
        self._waiters: list[asyncio.Future[None]] = []

    def append(self, text: str) -> None:
        """Add what the model said next."""
        self._pieces.append(text)
        self._length += len(text)
        if self._waiters:
            self._wake()

    def say_status(self, status: str, code: str | None, sentence: str | None) -> None:
        """Tell followers something about the reply."""
        self._notes.append(StatusSaid(status, code, sentence))
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

    async def follow(self, offset: int) -> AsyncIterator[TextAdded | StatusSaid | ReplyEnded]:
        """The text from `offset` on, as it comes, then the end."""
        loop = asyncio.get_running_loop()
        notes_told = 0
        last_told = 0.0
        while True:
            ended = self._ended
            if self._length > offset:
                wait = last_told + COALESCE_SECONDS - loop.time()
                if wait > 0 and ended is None:
                    await asyncio.sleep(wait)
                text = self.text[offset:]
                offset += len(text)
                last_told = loop.time()
                yield TextAdded(text, offset)
                continue
            while notes_told < len(self._notes):
                yield self._notes[notes_told]
                notes_told += 1
            if ended is not None:
                yield ended
                return
            if self._length == offset and self._ended is None and notes_told == len(self._notes):
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
