"""What a killed server leaves of replies: their texts are stored every so often while they grow.

All replies that are due are stored by one transaction: a commit waits for the disk, and costs the
same for one text as for a hundred.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.conversations.model import Turn
from ttrpg_assistant.conversations.store import messages, turns
from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.live.replies import LiveReply
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

CHECKPOINT_SECONDS = 1.0
"""A killed server loses at most about this much of a reply."""

CHECKPOINT_CHARACTERS = 500
CHECKPOINT_PAUSE_SECONDS = 0.2
"""The least time between two checkpoints, so that a burst is not written over and over."""

SHARED_SECONDS = 0.5
"""How old the last checkpoint of a reply is that is stored together with those that are due."""

MOST_TOGETHER = 50
"""Replies in one transaction: what is said waits for it."""

THOUGHT_SECONDS = 5.0
"""What is thought is stored less often than text: it is long, and nobody waits for it."""


@dataclass(slots=True, eq=False)
class _Kept:
    """A reply that is being written, and what of it was stored when."""

    turn: Turn
    reply: LiveReply
    length: int
    stored_at: float
    thought: int
    thought_at: float


@dataclass(frozen=True, slots=True)
class _Due:
    """What of a reply is to be stored now. `text` is None where none was added."""

    kept: _Kept
    text: str | None
    reasoning: tuple[str, float] | None


class Checkpoints:
    """Stores the texts so far about every second or 500 characters.

    Asks a reply to stop when another process has ended or taken over its turn.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: set[_Kept] = set()
        self._keeping: asyncio.Task[None] | None = None

    @contextmanager
    def keep(self, turn: Turn, reply: LiveReply) -> Iterator[None]:
        """Store this reply while the block runs. A checkpoint that is on its way then is still
        stored, unless the end of the reply is stored before it."""
        now = asyncio.get_running_loop().time()
        kept = _Kept(turn, reply, reply.length - reply.added_length, now, 0, now)
        self._kept.add(kept)
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep_all(), name="checkpoints")
        try:
            yield
        finally:
            self._kept.discard(kept)

    async def _keep_all(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while True:
                await asyncio.sleep(CHECKPOINT_PAUSE_SECONDS)
                if not self._kept:
                    return
                try:
                    due = self._list_due(loop.time())
                except Exception:
                    log.exception("turn.checkpoints_not_listed")
                    continue
                for at in range(0, len(due), MOST_TOGETHER):
                    await self._store(due[at : at + MOST_TOGETHER])
        finally:
            self._keeping = None

    def _list_due(self, now: float) -> list[_Due]:
        if not any(_is_due(kept, now) for kept in self._kept):
            return []
        alone = self._database.engine_name == "sqlite"
        due: list[_Due] = []
        for kept in self._kept:
            growth = _growth(kept)
            if growth < CHECKPOINT_CHARACTERS and now - kept.stored_at < SHARED_SECONDS:
                continue
            reply, reasoning = kept.reply, None
            if reply.reasoning_length > kept.thought and now - kept.thought_at >= THOUGHT_SECONDS:
                kept.thought, kept.thought_at = reply.reasoning_length, now
                reasoning = reply.reasoning, reply.reasoning_seconds
            if growth:
                due.append(_Due(kept, reply.text, reasoning))
            elif reasoning is not None or not alone:
                # Where others use the database, one of them could have stopped it meanwhile.
                due.append(_Due(kept, None, reasoning))
            else:
                continue
            kept.length, kept.stored_at = reply.length, now
        # In one order, so that two servers cannot wait for each other.
        return sorted(due, key=lambda one: one.kept.turn.assistant_message_id)

    async def _store(self, due: Sequence[_Due]) -> None:
        try:
            await self._store_together(due)
        except PersistenceUnavailable as fault:
            log.warning("turn.checkpoint_failed", turns=len(due), code=fault.code)
        except Exception:
            # A bug of ours with one of them must not cost the others theirs.
            if len(due) > 1:
                for one in due:
                    await self._store([one])
            else:
                log.exception("turn.checkpoint_failed", turn=due[0].kept.turn.id)

    async def _store_together(self, due: Sequence[_Due]) -> None:
        changes = any(one.text is not None or one.reasoning is not None for one in due)
        run: Callable[..., Awaitable[list[bool]]] = (
            self._database.write if changes else self._database.read
        )
        ours = await run(lambda tx: [_store_one(tx, one) for one in due])
        for one, is_ours in zip(due, ours, strict=True):
            if not is_ours:
                one.kept.reply.stop_requested.set()


def _is_due(kept: _Kept, now: float) -> bool:
    is_late = now - kept.stored_at >= CHECKPOINT_SECONDS - CHECKPOINT_PAUSE_SECONDS
    return is_late or _growth(kept) >= CHECKPOINT_CHARACTERS


def _growth(kept: _Kept) -> int:
    # Text that turned out to be thinking makes it shorter, which is stored as well.
    return abs(kept.reply.length - kept.length)


def _store_one(tx: Connection, due: _Due) -> bool:
    if due.reasoning is not None and turns.owns(tx, due.kept.turn):
        turns.write_reasoning(tx, due.kept.turn, *due.reasoning)
    return store_checkpoint(tx, due.kept.turn, due.text)


def store_checkpoint(tx: Connection, turn: Turn, text: str | None) -> bool:
    """Write the text so far. False: another process has ended or taken over this turn."""
    if not turns.owns(tx, turn):
        return False
    if text is not None:
        messages.write_streaming(tx, turn.assistant_message_id, content=text, status="streaming")
    return True
