"""Sums over the talk with the NPCs of a campaign."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, bindparam, column, func, select, table

from ttrpg_assistant.conversations.tables import conversations
from ttrpg_assistant.storage.prepared import Prepared

_c = conversations.c
_LOCK_NPC = Prepared(
    select(column("id"))
    .select_from(table("npcs"))
    .where(column("id") == bindparam("npc_id"))
    .with_for_update(key_share=True)
)


def lock_npc(tx: Connection, npc_id: str) -> None:
    """Whoever else wants to begin talk with this NPC waits until the transaction ends."""
    _LOCK_NPC.run(tx, {"npc_id": npc_id})


def find_latest(tx: Connection, npc_id: str) -> str | None:
    """The id of the talk with this NPC that was held or begun last; another title is no talk.

    Not a rehearsal: that is no part of the story, and nothing at the table goes on from it.
    """
    found: str | None = tx.execute(
        select(_c.id)
        .where(
            _c.kind == "npc",
            _c.npc_id == npc_id,
            _c.purpose.is_(None),
            _c.archived_at.is_(None),
            _c.removed_at.is_(None),
        )
        .order_by(func.coalesce(_c.last_message_at, _c.created_at).desc(), _c.id.desc())
        .limit(1)
    ).scalar()
    return found


def sum_talk(tx: Connection, campaign_id: str) -> list[Row[*tuple[Any, ...]]]:
    """For each NPC there was talk with: id, conversations, messages, unread, last moment."""
    return list(
        tx.execute(
            select(
                _c.npc_id,
                func.count(),
                func.sum(_c.message_count),
                func.sum(_c.unread_count),
                func.max(_c.last_message_at),
            )
            .where(
                _c.kind == "npc",
                _c.campaign_id == campaign_id,
                _c.npc_id.is_not(None),
                _c.removed_at.is_(None),
            )
            .group_by(_c.npc_id)
        ).all()
    )
