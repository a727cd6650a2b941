"""Messages put out of sight and brought back, and the simplest search over all talk."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select, update

from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.conversations.store.messages import MESSAGE_COLUMNS, read_message
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


def list_matching(
    tx: Connection, words: Sequence[str], *, besides: str, limit: int
) -> list[Message]:
    """Complete messages of other conversations that hold any of the words, newest first."""
    if not words:
        return []
    hit = [func.lower(_c.content).contains(word, autoescape=True) for word in words]
    wanted = hit[0]
    for more in hit[1:]:
        wanted = wanted | more
    rows = tx.execute(
        select(*MESSAGE_COLUMNS)
        .where(
            _c.conversation_id != besides,
            _c.cleared_at.is_(None),
            _c.status == "complete",
            wanted,
        )
        .order_by(_c.created_at.desc())
        .limit(limit)
    ).all()
    return [read_message(row) for row in rows]
