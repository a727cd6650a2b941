"""What a killed server leaves of a reply: its text is stored every so often while it grows."""

from __future__ import annotations

import asyncio
from functools import partial

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


THOUGHT_SECONDS = 5.0
"""What is thought is stored less often than text: it is long, and nobody waits for it."""


async def keep_checkpoints(database: Database, turn: Turn, reply: LiveReply) -> None:
    """Store the text so far about every second or 500 characters, until cancelled.

    Asks the reply to stop when another process has ended or taken over its turn.
    """
    loop = asyncio.get_running_loop()
    written, written_at = reply.length - reply.added_length, loop.time()
    thought, thought_at = 0, loop.time()
    while True:
        await asyncio.sleep(CHECKPOINT_PAUSE_SECONDS)
        # Text that turned out to be thinking makes it shorter, which is stored as well.
        grown = abs(reply.length - written)
        late = loop.time() - written_at >= CHECKPOINT_SECONDS - CHECKPOINT_PAUSE_SECONDS
        if not late and grown < CHECKPOINT_CHARACTERS:
            continue
        if reply.reasoning_length > thought and loop.time() - thought_at >= THOUGHT_SECONDS:
            thought, thought_at = reply.reasoning_length, loop.time()
            await _keep_reasoning(database, turn, reply)
        if grown == 0 and database.engine_name == "sqlite":
            continue  # Nobody else could have stopped it meanwhile.
        text = reply.text
        try:
            if grown:
                ours = await database.write(partial(_store_checkpoint, turn=turn, text=text))
            else:
                ours = await database.read(lambda tx: turns.owns(tx, turn))
        except PersistenceUnavailable as fault:
            log.warning("turn.checkpoint_failed", turn=turn.id, code=fault.code)
        except Exception:
            # A bug of ours must not end the checkpoints to come without a word.
            log.exception("turn.checkpoint_failed", turn=turn.id)
        else:
            if not ours:
                reply.stop_requested.set()
        written, written_at = len(text), loop.time()


async def _keep_reasoning(database: Database, turn: Turn, reply: LiveReply) -> None:
    content, seconds = reply.reasoning, reply.reasoning_seconds
    try:
        await database.write(lambda tx: _store_reasoning(tx, turn, content, seconds))
    except PersistenceUnavailable as fault:
        log.warning("turn.checkpoint_failed", turn=turn.id, code=fault.code)
    except Exception:
        log.exception("turn.checkpoint_failed", turn=turn.id)


def _store_reasoning(tx: Connection, turn: Turn, content: str, seconds: float) -> None:
    if turns.owns(tx, turn):
        turns.write_reasoning(tx, turn, content, seconds)


def _store_checkpoint(tx: Connection, turn: Turn, text: str) -> bool:
    """Write the text so far. False: another process has ended or taken over this turn."""
    if not turns.owns(tx, turn):
        return False
    messages.write_streaming(tx, turn.assistant_message_id, content=text, status="streaming")
    return True
