"""Talk as it is read out into files, and as it is taken in from them, a chunk at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import IntegrityError

from ttrpg_assistant.archives.parts import in_parts
from ttrpg_assistant.campaigns.tables import campaigns, npcs
from ttrpg_assistant.clock import has_passed
from ttrpg_assistant.conversations.model import NOTES, Conversation, Message
from ttrpg_assistant.conversations.store.messages import MESSAGE_COLUMNS, read_message
from ttrpg_assistant.conversations.store.paths import list_links
from ttrpg_assistant.conversations.tables import conversations, messages
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.ids import utc_now

HIDDEN = "(being imported)"
"""Stands as the personality of talk that is not whole yet; it is removed at the next start."""

_c, _m = conversations.c, messages.c


def list_path_ids(tx: Connection, conversation: Conversation) -> list[str]:
    """The active path of a conversation, oldest first."""
    if conversation.tip_message_id is None:
        return []
    return [id for id, _ in list_links(tx, conversation.tip_message_id, down_to=0)][::-1]


def list_said(tx: Connection, ids: Sequence[str]) -> list[Message]:
    """These messages, in the order they were said."""
    rows = tx.execute(select(*MESSAGE_COLUMNS).where(_m.id.in_(ids)).order_by(_m.seq)).all()
    return [read_message(row) for row in rows]


def list_campaign_talk(tx: Connection, campaign_id: str) -> list[str]:
    """Every conversation of a campaign that was not removed, in the order they began; notes are
    none. Raises `NotFound`."""
    found = tx.execute(select(campaigns.c.id).where(campaigns.c.id == campaign_id)).first()
    if found is None:
        raise NotFound("There is no such campaign.", code="campaign_not_found")
    wanted = (
        _c.campaign_id == campaign_id,
        _c.removed_at.is_(None),
        _c.message_count > 0,
        _c.purpose.is_distinct_from(NOTES),
    )
    rows = tx.execute(select(_c.id).where(*wanted).order_by(_c.created_at, _c.id))
    return list(rows.scalars())


def find_campaign_name(tx: Connection, campaign_id: str) -> str | None:
    """What the campaign is called."""
    name: str | None = tx.execute(
        select(campaigns.c.name).where(campaigns.c.id == campaign_id)
    ).scalar()
    return name


def list_npc_names(tx: Connection, ids: Sequence[str]) -> dict[str, str]:
    """What these NPCs are called."""
    rows = tx.execute(select(npcs.c.id, npcs.c.name).where(npcs.c.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def list_everything_said(
    tx: Connection, conversation_id: str, after: int, limit: int
) -> list[Message]:
    """Every message that is not cleared, of all branches, in the order it was said."""
    rows = tx.execute(
        select(*MESSAGE_COLUMNS)
        .where(_m.conversation_id == conversation_id, _m.seq > after, _m.cleared_at.is_(None))
        .order_by(_m.seq)
        .limit(limit)
    ).all()
    return [read_message(row) for row in rows]


def begin_hidden(tx: Connection, *several: dict[str, Any]) -> None:
    """Threads that nobody sees yet. Raises `NotFound` for a campaign that is not there."""
    now = utc_now()
    rows = [
        {
            "kind": "thread",
            "next_seq": 1,
            "message_count": 0,
            "unread_count": 0,
            "personality": HIDDEN,
            "removed_at": now,
            "created_at": now,
            "updated_at": now,
            **values,
        }
        for values in several
    ]
    try:
        with tx.begin_nested():
            tx.execute(conversations.insert(), rows)
    except IntegrityError as error:
        raise NotFound("There is no such campaign.", code="campaign_not_found") from error


def add_said(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Store a chunk of messages."""
    if rows:
        tx.execute(messages.insert(), list(rows))


def note_end(tx: Connection, conversation_id: str, *, tip: str, count: int, title: str) -> None:
    """All messages of hidden talk are stored: `tip` is where it ends."""
    tx.execute(
        update(conversations)
        .where(_c.id == conversation_id)
        .values(tip_message_id=tip, next_seq=count + 1, message_count=count, title=title)
    )


def show(tx: Connection, ids: Sequence[str]) -> None:
    """The talk is whole: let all of it be seen at once."""
    now = utc_now()
    for part in in_parts(ids, 500):
        tx.execute(
            update(conversations)
            .where(_c.id.in_(part))
            .values(removed_at=None, personality=None, last_message_at=now, updated_at=now)
        )


def drop_some_hidden(tx: Connection, conversation_id: str, limit: int = 1_000) -> bool:
    """Delete the newest messages of hidden talk, and at last the talk itself; True when gone."""
    owned = select(_c.id).where(_c.id == conversation_id, _c.personality == HIDDEN)
    newest = (
        select(_m.seq)
        .where(_m.conversation_id.in_(owned))
        .order_by(_m.seq.desc())
        .offset(limit)
        .limit(1)
    )
    floor = tx.execute(newest).scalar()
    mine = (_m.conversation_id.in_(owned), _m.seq > (floor or 0))
    # Nothing may point at a row that goes, not even one that goes with it.
    tx.execute(update(messages).where(*mine).values(parent_id=None))
    tx.execute(delete(messages).where(*mine))
    if floor is None:
        tx.execute(delete(conversations).where(_c.id.in_(owned)))
    return floor is None


def list_hidden(tx: Connection, older_than: float) -> list[str]:
    """Talk whose import was never finished, and began more than so many seconds ago."""
    rows = tx.execute(select(_c.id, _c.removed_at).where(_c.personality == HIDDEN))
    return [row.id for row in rows if has_passed(row.removed_at, older_than)]
