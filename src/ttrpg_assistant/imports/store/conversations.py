"""Conversations that an import brought."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from ttrpg_assistant.conversations.tables import conversations
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.ids import utc_now

_c = conversations.c


def count_messages(tx: Connection, id: str) -> int:
    """How many messages a conversation has. Raises `NotFound`."""
    found = tx.execute(select(_c.message_count).where(_c.id == id)).scalar()
    if found is None:
        raise NotFound("There is no such conversation.", facts={"id": id})
    return int(found)


def hide_untouched(
    tx: Connection, id: str, *, campaign_id: str | None, messages: int
) -> str | None:
    """Remove a conversation that has as many messages as the import brought; the title of one
    that has gone on since, which stays. Raises `NotFound`."""
    own = (_c.id == id, _c.campaign_id.is_not_distinct_from(campaign_id))
    row = tx.execute(select(_c.title, _c.removed_at).where(*own)).first()
    if row is None or row.removed_at is not None:
        raise NotFound("There is no such conversation.", facts={"id": id})
    wanted = (_c.id == id, _c.message_count == messages)
    done = tx.execute(update(conversations).where(*wanted).values(removed_at=utc_now()))
    return None if done.rowcount == 1 else str(row.title or "")
