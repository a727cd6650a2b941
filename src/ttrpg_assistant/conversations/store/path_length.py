"""How many messages a conversation shows: the length of its path, from the tip back to the root.

`conversations.message_count` holds it, so that lists need not walk. It changes only together with
the tip, and is worked out here. What a branch goes on from counts; other answers and talk that
was left for an edit do not: they are not on the path.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Integer, Row, Select, bindparam, literal, select, update

from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.conversations.tables import conversations, messages
from ttrpg_assistant.storage.prepared import Prepared

_c, _k = messages.c, conversations.c
_STORED = (_k.id, _k.tip_message_id, _k.message_count)

Miscount = tuple[str, int]
"""A conversation's id, and how many messages it shows."""


def _walk_query() -> Select[tuple[int, int, str | None]]:
    """Messages from `start` towards the root that are numbered above `above`: how many, and the
    number and parent of the last of them."""
    first = select(_c.id, _c.parent_id, _c.seq, literal(1).label("n"))
    path = first.where(_c.id == bindparam("start"), _c.seq > bindparam("above", type_=Integer)).cte(
        "path", recursive=True
    )
    step = messages.alias("step")
    path = path.union_all(
        select(step.c.id, step.c.parent_id, step.c.seq, path.c.n + 1).where(
            step.c.id == path.c.parent_id,
            step.c.seq > bindparam("above", type_=Integer),
            step.c.seq < path.c.seq,  # a link that leads back is damage, and its end
        )
    )
    return select(path.c.n, path.c.seq, path.c.parent_id).order_by(path.c.n.desc()).limit(1)


_WALK = Prepared(_walk_query())


def count_path(tx: Connection, tip_message_id: str | None) -> int:
    """The messages from this one back to the root, itself included; 0 for None."""
    if tip_message_id is None:
        return 0
    rows = _WALK.run(tx, {"start": tip_message_id, "above": 0})
    return int(rows[0][0]) if rows else 0


def count_with(tx: Connection, conversation: Conversation, added: Message) -> int:
    """The messages of the path that ends with one that was just added to this conversation.

    Reads nothing when it was added after the tip; otherwise only what it takes the place of.
    """
    tip = conversation.tip_message_id
    if added.parent_id == tip:
        return conversation.message_count + 1
    if tip is None:
        return count_path(tx, added.id)
    parent = None
    if added.parent_id is not None:
        rows = tx.execute(select(_c.seq).where(_c.id == added.parent_id)).all()
        parent = rows[0][0] if rows else None
    above = _WALK.run(tx, {"start": tip, "above": parent or 0})
    if parent is not None and above and above[0][2] == added.parent_id:
        return conversation.message_count - int(above[0][0]) + 1
    return count_path(tx, added.id)


def list_miscounted(tx: Connection) -> list[Miscount]:
    """Conversations whose stored number is not the length of their path, each with the right one.

    One whose newest message is not there is left out: that is another damage.
    """
    return _compare(tx, tx.execute(select(*_STORED).order_by(_k.id)).all())


def _compare(tx: Connection, rows: Iterable[Row[*tuple[Any, ...]]]) -> list[Miscount]:
    found = []
    for conversation_id, tip, stored in rows:
        length = count_path(tx, tip)
        if length != stored and (length > 0 or tip is None):
            found.append((conversation_id, length))
    return found


def mend_counts(tx: Connection) -> None:
    """Store the length of its path with every conversation."""
    _store(tx, list_miscounted(tx))


def recount_branches(tx: Connection, conversation_id: str) -> None:
    """Count the branches of this talk, and branches of those, after its path was joined anew."""
    sources, seen = [conversation_id], {conversation_id}
    while sources:
        branches = tx.execute(
            select(*_STORED)
            .join(messages, _c.id == _k.branched_from_id)
            .where(_c.conversation_id.in_(sources))
        ).all()
        _store(tx, _compare(tx, branches))
        sources = [row[0] for row in branches if row[0] not in seen]
        seen.update(sources)


def _store(tx: Connection, miscounted: Iterable[Miscount]) -> None:
    for conversation_id, length in miscounted:
        tx.execute(
            update(conversations).where(_k.id == conversation_id).values(message_count=length)
        )
