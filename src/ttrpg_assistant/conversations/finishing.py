"""Stores how replies ended, for as long as that takes.

A database that is away is waited for. One that refuses an end is offered less of it, until
the turn is over: what blocks a conversation for ever is worse than what is missing from a row.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

import structlog

from ttrpg_assistant import failpoints
from ttrpg_assistant.conversations.endings import (
    Ending,
    store_ending,
    store_short_ending,
    unstored_message,
)
from ttrpg_assistant.conversations.marks import with_mark
from ttrpg_assistant.conversations.model import Message, Turn
from ttrpg_assistant.errors import Fault, PersistenceUnavailable
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.live.replies import LiveReply
from ttrpg_assistant.storage.database import Database, Work

log = structlog.get_logger(__name__)

FINAL_RETRY_SECONDS = (0.5, 1.0, 2.0, 5.0)
"""Waits between attempts to store the end of a reply; the last one repeats for ever."""

CLOSING_RETRY_SECONDS = 0.25
"""The wait while the server goes down: there are only a few seconds left to try in."""

NOT_SAVED = "The answer could not be saved as it ended."


class Finisher:
    """Stores the ends of replies. Its work is not cancelled when the server goes down."""

    def __init__(
        self, database: Database, changes: Changes, hint_of: Callable[[Message], Hint]
    ) -> None:
        self._database = database
        self._changes = changes
        self._hint_of = hint_of
        self._closing = asyncio.Event()
        self._at_work: set[asyncio.Task[None] | None] = set()
        self._given_up: set[str] = set()

    def begin_closing(self) -> None:
        """From now on try again in quick succession, those that wait at once."""
        self._closing.set()

    def is_at_work(self, task: asyncio.Task[None]) -> bool:
        """Whether this task is storing an end: cancelling it would lose text."""
        return task in self._at_work

    def gave_up(self, message_id: str) -> bool:
        """Whether no end of this answer could be stored: its turn seems to run, and does not."""
        return message_id in self._given_up

    async def finish(self, turn: Turn, reply: LiveReply, ending: Ending) -> Message:
        """Store how the reply ended; the message as it stands then. Raises nothing.

        Retried until it is stored: the text must not be lost. Where the end is refused for
        another reason than the database being away, `ending.fault` says so if less than the
        whole text was stored.
        """
        task = asyncio.current_task()
        self._at_work.add(task)
        try:
            return await self._finish(turn, reply, ending)
        finally:
            self._at_work.discard(task)

    async def _finish(self, turn: Turn, reply: LiveReply, ending: Ending) -> Message:
        content = with_mark(reply.text) if ending.marked else reply.text
        ending.reasoning, ending.reasoning_seconds = reply.reasoning, reply.reasoning_seconds
        bare = replace(
            ending,
            finish_reason=None,
            model=None,
            tokens_in=None,
            tokens_out=None,
            tokens_cached=None,
            cost_microcents=None,
            reasoning="",
            manifest=None,
            first_text_at=None,
        )
        for kept in (ending, bare):
            try:
                work = partial(store_ending, turn=turn, content=content, ending=kept)
                return await self._store(turn, reply, work)
            except Exception:
                # A bug of ours: loud in the log, and the turn must not be stuck for it.
                log.exception("turn.end_refused", turn=turn.id)
        ending.fault = Fault(NOT_SAVED, code="end_not_saved")
        ending.status = "interrupted" if content else "failed"
        try:
            work = partial(store_short_ending, turn=turn, content=content, ending=ending)
            return await self._store(turn, reply, work)
        except Exception:
            log.exception("turn.end_not_saved", turn=turn.id)
            self._given_up.add(turn.assistant_message_id)
        return unstored_message(turn, content, ending)

    async def _store(self, turn: Turn, reply: LiveReply, work: Work[Message]) -> Message:
        attempt = 0
        while True:
            try:
                failpoints.hit("before_finalise")
                message = await self._changes.write(
                    self._database,
                    work,
                    lambda message: [self._hint_of(message)],
                    tell_here=False,  # When what it proposes has been read.
                )
                failpoints.hit("after_finalise")
                return message
            except PersistenceUnavailable as fault:
                log.warning("turn.end_not_stored", turn=turn.id, code=fault.code, attempt=attempt)
                if attempt == 0:
                    reply.say_status("streaming", fault.code, fault.sentence, fault.cure)
                await self._wait(attempt)
                attempt += 1

    async def _wait(self, attempt: int) -> None:
        if self._closing.is_set():
            await asyncio.sleep(CLOSING_RETRY_SECONDS)
            return
        seconds = FINAL_RETRY_SECONDS[min(attempt, len(FINAL_RETRY_SECONDS) - 1)]
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()
