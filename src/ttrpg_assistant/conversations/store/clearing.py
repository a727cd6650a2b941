"""Messages put out of sight and brought back."""

from __future__ import annotations

from sqlalchemy import Connection, update

from ttrpg_assistant.conversations.tables import messages

_c = messages.c


def clear_messages(tx: Connection, conversation_id: str, now: str) -> int:
    """Put every message of the conversation out of sight; they stay stored."""
    cleared = tx.execute(
        update(messages)
        .where(_c.conversation_id == conversation_id, _c.cleared_at.is_(None))
        .values(cleared_at=now)
    )
    return cleared.rowcount


def unclear_messages(tx: Connection, conversation_id: str, cleared_at: str) -> int:
    """Bring back what was cleared at that moment."""
    restored = tx.execute(
        update(messages)
        .where(_c.conversation_id == conversation_id, _c.cleared_at == cleared_at)
        .values(cleared_at=None)
    )
    return restored.rowcount


def reparent_roots(tx: Connection, conversation_id: str, onto: str) -> None:
    """Let talk that began after a clear go on from what was brought back."""
    tx.execute(
        update(messages)
        .where(
            _c.conversation_id == conversation_id,
            _c.parent_id.is_(None),
            _c.cleared_at.is_(None),
            _c.id != onto,
        )
        .values(parent_id=onto)
    )
