"""Talk: its numbers grow along every path, its tip exists, no branch leads in a ring."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Select, exists, func, or_, select, update

from ttrpg_assistant.conversations.store.damage import find_newest_id
from ttrpg_assistant.conversations.store.path_length import list_miscounted, mend_counts
from ttrpg_assistant.conversations.tables import conversations, messages, turns
from ttrpg_assistant.verification.model import Check, Problem
from ttrpg_assistant.verification.store.references import place_of

_c, _m, _t = conversations.c, messages.c, turns.c
_parent = messages.alias("parent")


def find_order(tx: Connection) -> Iterator[Problem]:
    """Messages that come before what they answer, or hang on talk they do not branch from."""
    joined = messages.join(_parent, _parent.c.id == _m.parent_id)
    same = _parent.c.conversation_id == _m.conversation_id
    before = select(_m.id).select_from(joined).where(same, _parent.c.seq >= _m.seq)
    for message_id in tx.execute(before).scalars():
        yield Problem(
            "order",
            place_of(messages, message_id),
            "It has a lower number than the message it follows.",
        )
    branches = dict(
        tx.execute(
            select(_c.id, _m.conversation_id).join(messages, _m.id == _c.branched_from_id)
        ).all()
    )
    for conversation_id in sorted(branches):
        if _is_ring(conversation_id, branches):
            yield Problem(
                "order",
                place_of(conversations, conversation_id),
                "It branches from talk that branches from it.",
            )
    foreign = (
        select(_m.id, _m.conversation_id, _parent.c.conversation_id)
        .select_from(joined)
        .where(~same)
    )
    for message_id, own, other in tx.execute(foreign).all():
        if other not in _ancestors(own, branches):
            yield Problem(
                "order",
                place_of(messages, message_id),
                "It follows a message of talk that its own does not branch from.",
            )


def _ancestors(conversation_id: str, branches: dict[str, str]) -> set[str]:
    found: set[str] = set()
    at = branches.get(conversation_id)
    while at is not None and at not in found:
        found.add(at)
        at = branches.get(at)
    return found


def _is_ring(conversation_id: str, branches: dict[str, str]) -> bool:
    return conversation_id in _ancestors(conversation_id, branches)


def _missing_tips() -> Select[str]:
    known = exists().where(_m.id == _c.tip_message_id)
    has_talk = exists().where(_m.conversation_id == _c.id, _m.cleared_at.is_(None))
    return select(_c.id).where(_c.tip_message_id.is_not(None), ~known, has_talk)


def find_tips(tx: Connection) -> Iterator[Problem]:
    """Talk whose newest message cannot be found, whose next number is taken, or whose number of
    messages is not what it shows."""
    for conversation_id in tx.execute(_missing_tips()).scalars():
        yield Problem(
            "tips",
            place_of(conversations, conversation_id),
            "Its newest message is named wrongly.",
            can_mend=True,
        )
    for conversation_id in tx.execute(_taken_numbers()).scalars():
        yield Problem(
            "tips",
            place_of(conversations, conversation_id),
            "The number of its next message is taken.",
            can_mend=True,
        )
    for conversation_id, length in list_miscounted(tx):
        yield Problem(
            "tips",
            place_of(conversations, conversation_id),
            f"It shows {length} messages and another number is stored.",
            can_mend=True,
        )


def _taken_numbers() -> Select[str]:
    highest = (
        select(_m.conversation_id, func.max(_m.seq).label("seq"))
        .group_by(_m.conversation_id)
        .subquery()
    )
    return (
        select(_c.id)
        .join(highest, highest.c.conversation_id == _c.id)
        .where(_c.next_seq <= highest.c.seq)
    )


def mend_tips(tx: Connection) -> None:
    """Name the newest message there is, a number that is free, and how many messages it shows."""
    for conversation_id in list(tx.execute(_missing_tips()).scalars()):
        newest = find_newest_id(tx, conversation_id)
        tx.execute(
            update(conversations).where(_c.id == conversation_id).values(tip_message_id=newest)
        )
    for conversation_id in list(tx.execute(_taken_numbers()).scalars()):
        highest = select(func.max(_m.seq)).where(_m.conversation_id == conversation_id)
        tx.execute(
            update(conversations)
            .where(_c.id == conversation_id)
            .values(next_seq=highest.scalar_subquery() + 1)
        )
    mend_counts(tx)


def find_turns(tx: Connection) -> Iterator[Problem]:
    """Answers that are being written though nobody writes them, and turns without messages."""
    active = exists().where(_t.assistant_message_id == _m.id, _t.state.in_(("queued", "running")))
    for message_id in tx.execute(select(_m.id).where(_m.status == "streaming", ~active)).scalars():
        yield Problem(
            "turns",
            place_of(messages, message_id),
            "It counts as being written, and nobody writes it. The next start ends it.",
        )
    for column in (_t.user_message_id, _t.assistant_message_id):
        gone = select(_t.id).where(
            column.is_not(None),
            ~exists().where(_m.id == column),
            or_(_t.state != "queued", _t.state.is_(None)),
        )
        for turn_id in tx.execute(gone).scalars():
            yield Problem("turns", place_of(turns, turn_id), f"{column.name} names no message.")


ORDER = Check("order", find_order)
TIPS = Check("tips", find_tips, mend_tips)
TURNS = Check("turns", find_turns)
