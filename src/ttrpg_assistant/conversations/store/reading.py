"""What has been read. Reading is no change of a conversation: its place in lists stays."""

from __future__ import annotations

from sqlalchemy import Connection

from ttrpg_assistant.conversations.tables import conversations


def mark_read(tx: Connection, conversation_id: str) -> None:
    """Every answer of this conversation has been seen."""
    tx.execute(
        conversations.update()
        .where(conversations.c.id == conversation_id, conversations.c.unread_count > 0)
        .values(unread_count=0)
    )
