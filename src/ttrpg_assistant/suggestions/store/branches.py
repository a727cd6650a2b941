"""What a branch has in common with the talk it goes on from: nothing was copied, so the
proposals made before the fork belong to both."""

from __future__ import annotations

from sqlalchemy import Connection, and_, func, or_, select

from ttrpg_assistant.conversations.tables import conversations, messages
from ttrpg_assistant.suggestions.tables import suggestions

_m = messages.c


def list_shared_messages(tx: Connection, conversation_id: str) -> list[str]:
    """The messages that propose something and stand before the fork; none without a fork.

    The path is walked only down to the first of them, so that a branch of a long talk costs
    what was said since then.
    """
    forks = _list_forks(tx, conversation_id)
    if not forks:
        return []
    before_fork = or_(
        *(and_(_m.conversation_id == owner, _m.seq <= seq) for _, owner, seq in forks)
    )
    proposing = select(func.min(_m.seq)).join(suggestions, suggestions.c.message_id == _m.id)
    lowest = tx.execute(proposing.where(before_fork)).scalar()
    if lowest is None:
        return []
    first = select(_m.id, _m.parent_id, _m.seq).where(_m.id == forks[0][0])
    path = first.cte("path", recursive=True)
    step = messages.alias("step")
    path = path.union_all(
        select(step.c.id, step.c.parent_id, step.c.seq).where(
            step.c.id == path.c.parent_id, step.c.seq >= lowest, step.c.seq < path.c.seq
        )
    )
    shared = select(path.c.id).where(path.c.id.in_(select(suggestions.c.message_id)))
    return list(tx.execute(shared).scalars())


def _list_forks(tx: Connection, conversation_id: str) -> list[tuple[str, str, int]]:
    """Where it branched off, and where that had branched off, and so on: message,
    conversation, seq."""
    forks: list[tuple[str, str, int]] = []
    current = conversation_id
    while True:
        row = tx.execute(
            select(_m.id, _m.conversation_id, _m.seq)
            .join(conversations, conversations.c.branched_from_id == _m.id)
            .where(conversations.c.id == current)
        ).first()
        if row is None:
            return forks
        forks.append((row[0], row[1], row[2]))
        current = row[1]
