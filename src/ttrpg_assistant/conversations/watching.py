"""Changes that another server on the same database made, found by looking.

Only a PostgreSQL database can be shared. Its NOTIFY would be quicker, but breaks silently
behind a pooler and makes committing wait; a look once a second by an indexed column costs
nothing that a game master could notice (faults, section 6).
"""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.clock import shift
from ttrpg_assistant.conversations.model import Conversation
from ttrpg_assistant.conversations.store import conversations
from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0

OVERLAP_SECONDS = 10.0
"""How far back each look goes: commits come later than the moments written in them, and the
clocks of the servers may differ by so much."""


async def watch_shared_database(database: Database, changes: Changes) -> None:
    """Announce what others changed, for as long as the task lives and somebody listens."""
    told: dict[str, str] = {}
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if changes.follower_count == 0:
            continue
        try:
            touched = await database.read(_list_touched)
        except PersistenceUnavailable as fault:
            log.warning("watching.missed", code=fault.code)
            continue
        for conversation in touched:
            if told.get(conversation.id) != conversation.updated_at:
                changes.announce(
                    "conversation",
                    {
                        "id": conversation.id,
                        "kind": conversation.kind,
                        "seq": conversation.next_seq - 1,
                        "tip_message_id": conversation.tip_message_id,
                    },
                )
        told = {conversation.id: conversation.updated_at for conversation in touched}


def _list_touched(tx: Connection) -> list[Conversation]:
    """What was touched a moment ago. Others wrote the moments: where this machine's clock is ahead
    of theirs, the newest of them is where to count back from."""
    now = utc_now()
    newest = conversations.find_last_touch(tx) or now
    return conversations.list_touched(tx, shift(min(newest, now), -OVERLAP_SECONDS))
