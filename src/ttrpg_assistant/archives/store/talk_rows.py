"""Talk as it is read out into files, and as it is taken in from them, a chunk at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import IntegrityError

from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.conversations.store.conversations import get_conversation
from ttrpg_assistant.conversations.store.messages import MESSAGE_COLUMNS, read_message
from ttrpg_assistant.conversations.store.paths import list_newest
from ttrpg_assistant.conversations.tables import conversations, messages
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.ids import utc_now

HIDDEN = "(being imported)"
"""Stands as the personality of talk that is not whole yet; it is removed at the next start."""

_c, _m = conversations.c, messages.c


def list_said(tx: Connection, conversation_id: str) -> tuple[Conversation, list[Message]]:
    """The conversation and its active path, oldest first."""
    conversation = get_conversation(tx, conversation_id)
    path = list_newest(tx, conversation.tip_message_id, 2**31 - 1)
    return conversation, path[::-1]


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


def begin_hidden(tx: Connection, values: dict[str, Any]) -> None:
    """A thread that nobody sees yet. Raises `NotFound` for a campaign that is not there."""
    now = utc_now()
    begun = conversations.insert().values(
        kind="thread",
        next_seq=1,
        message_count=0,
        unread_count=0,
        personality=HIDDEN,
        removed_at=now,
        created_at=now,
        updated_at=now,
        **values,
    )
    try:
        with tx.begin_nested():
            tx.execute(begun)
    except IntegrityError as error:
        raise NotFound("There is no such campaign.", code="campaign_not_found") from error


def add_said(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Store a chunk of messages."""
    if rows:
        tx.execute(messages.insert(), list(rows))


def show(tx: Connection, conversation_id: str, *, tip: str | None, count: int) -> None:
    """The talk is whole: let it be seen."""
    now = utc_now()
    tx.execute(
        update(conversations)
        .where(_c.id == conversation_id)
        .values(
            removed_at=None,
            personality=None,
            tip_message_id=tip,
            next_seq=count + 1,
            message_count=count,
            last_message_at=now,
            updated_at=now,
        )
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


def list_hidden(tx: Connection, before: str) -> list[str]:
    """Talk whose taking in began before a moment and was never finished."""
    wanted = (_c.personality == HIDDEN, _c.removed_at < before)
    return list(tx.execute(select(_c.id).where(*wanted)).scalars())
