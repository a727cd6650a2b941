"""Where messages were said: enough to open each in its own conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ttrpg_assistant.conversations.model import ConversationKind
from ttrpg_assistant.conversations.tables import conversations, messages


@dataclass(frozen=True, slots=True)
class MessageHome:
    """The conversation that a message was said in. `id` is the conversation's."""

    message_id: str
    id: str
    kind: ConversationKind
    title: str | None
    campaign_id: str | None
    npc_id: str | None


def list_homes(tx: Connection, message_ids: Sequence[str]) -> list[MessageHome]:
    """The homes of these messages; those that were cleared, or whose talk is gone, have none."""
    c, m = conversations.c, messages.c
    rows = tx.execute(
        select(m.id, c.id, c.kind, c.title, c.campaign_id, c.npc_id)
        .join(conversations, c.id == m.conversation_id)
        .where(m.id.in_(list(message_ids)), m.cleared_at.is_(None), c.removed_at.is_(None))
        .order_by(m.created_at, m.id)
    )
    return [MessageHome(*row) for row in rows]
