"""Which talk happened: what was edited away or answered anew stands on no active path.

Talk mostly stands in the order in which it was said, so a path is known by its breaks: the few
messages that do not follow the one numbered before them. Walking a long conversation message by
message would cost more than all the rest of a recollection; its breaks are found in the database,
once, and after that only among what is new.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, func, select

from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.conversations.tables import conversations, messages
from ttrpg_assistant.storage.prepared import Prepared

KEPT = 2_000
"""Conversations whose breaks are kept; most have none."""

_m = messages.c
_before, _parent = messages.alias("before"), messages.alias("parent")
_tip, _newest = messages.alias("tip"), messages.alias("newest")

_BREAKS = Prepared(
    select(_m.seq, _parent.c.conversation_id, _parent.c.seq)
    .join(
        _before,
        (_before.c.conversation_id == _m.conversation_id) & (_before.c.seq == _m.seq - 1),
    )
    .outerjoin(_parent, _parent.c.id == _m.parent_id)
    .where(
        _m.conversation_id == bindparam("conversation_id"),
        _m.seq > bindparam("above", type_=Integer),
        _m.parent_id.is_distinct_from(_before.c.id),
        # A link to a message that is gone is damage; the talk goes on by number there.
        _m.parent_id.is_(None) | _parent.c.id.is_not(None),
    )
    .order_by(_m.seq)
)
_NEWEST = Prepared(
    select(_m.seq, _m.id)
    .where(_m.conversation_id == bindparam("conversation_id"))
    .order_by(_m.seq.desc())
    .limit(1)
)
_NUMBERED = Prepared(
    select(_m.id).where(
        _m.conversation_id == bindparam("conversation_id"),
        _m.seq == bindparam("seq", type_=Integer),
    )
)
_PLACE = Prepared(select(_m.conversation_id, _m.seq).where(_m.id == bindparam("id")))
_BRANCHED_FROM = Prepared(
    select(conversations.c.branched_from_id).where(conversations.c.id == bindparam("id"))
)

_EVERY_END = (
    select(conversations.c.id, _tip.c.conversation_id, _tip.c.seq, _newest.c.seq, _newest.c.id)
    .outerjoin_from(conversations, _tip, _tip.c.id == conversations.c.tip_message_id)
    .outerjoin(
        _newest,
        (_newest.c.conversation_id == conversations.c.id)
        & (
            _newest.c.seq
            == select(func.max(_m.seq))
            .where(_m.conversation_id == conversations.c.id)
            .scalar_subquery()
        ),
    )
)
"""Where each conversation's talk ends now: its tip's conversation and number, and its newest
message."""

_ENDS = _EVERY_END.where(conversations.c.id.in_(bindparam("ids", expanding=True)))
"""In one statement: one for each of a hundred conversations cost a prompt two milliseconds."""

_END = Prepared(_EVERY_END.where(conversations.c.id == bindparam("id")))
_FEW = 4
"""Of so few conversations each is asked for alone: a turn or two changed no more."""

_Newest = tuple[int, str]
"""The number and the ID of a conversation's newest message."""

Stretches = tuple[tuple[int, int], ...]
"""The numbers of a conversation's messages that stand on a path, newest first: from, to."""


@dataclass(frozen=True, slots=True)
class _Breaks:
    """The breaks among the messages up to `through`, which is the message `last_id`: number, and
    the number of the message that it follows, or None when that stands in no or in another
    conversation."""

    through: int
    last_id: str
    found: tuple[tuple[int, int | None], ...]

    def trace(self, top: int) -> Stretches:
        """The path that ends with the message of this number."""
        stretches = []
        for seq, follows in reversed(self.found):
            if seq > top:
                continue
            stretches.append((seq, top))
            if follows is None:
                return tuple(stretches)
            top = min(follows, seq - 1)
        return (*stretches, (0, top))


class ActivePaths:
    """Tells talk that happened from talk that was replaced. Safe across threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Breaks] = OrderedDict()
        self._lock = Lock()

    def trace_own(
        self, tx: Connection, conversation: Conversation, said: Message, wanted: Set[str]
    ) -> dict[str, Stretches]:
        """The path up to `said`, through the conversations that its own branched from, of those
        that are wanted."""
        traced: dict[str, Stretches] = {}
        id, seq, kind = said.conversation_id, said.seq, conversation.kind
        passed: set[str] = set()
        while len(traced) < len(wanted):
            if id in wanted:
                traced[id] = self._find_breaks(tx, id, kind, _find_newest(tx, id)).trace(seq)
            passed.add(id)
            branched = _BRANCHED_FROM.run(tx, {"id": id})
            start = branched[0][0] if branched else None
            place = _PLACE.run(tx, {"id": start}) if start is not None else []
            if not place or place[0][0] in passed:
                break
            (id, seq) = place[0]
        return traced

    def trace_to_tips(self, tx: Connection, kinds: Mapping[str, str]) -> dict[str, Stretches]:
        """The active paths of these conversations, whose kinds are given by their IDs, newest
        first."""
        if not kinds:
            return {}
        traced = {}
        for id, place, tip, seq, newest_id in _list_ends(tx, list(kinds)):
            newest = None if seq is None else (seq, newest_id)
            breaks = self._find_breaks(tx, id, kinds[id], newest)
            # A tip that is gone is damage: the talk ends with the newest message there is.
            traced[id] = breaks.trace(tip if place == id else breaks.through)
        return traced

    def _find_breaks(self, tx: Connection, id: str, kind: str, newest: _Newest | None) -> _Breaks:
        if newest is None:
            return _Breaks(0, "", ())
        through, last_id = newest
        with self._lock:
            kept = self._kept.get(id)
        if kept is not None and not _still_stands(tx, id, kept, last_id):
            kept = None
        if kept is None or kept.through != through:
            above, before = (kept.through, kept.found) if kept is not None else (0, ())
            rows = _BREAKS.run(tx, {"conversation_id": id, "above": above})
            new = ((seq, follows if place == id else None) for seq, place, follows in rows)
            kept = _Breaks(through, last_id, (*before, *new))
        if kind != "chat":  # what was cleared there may come back and be hung anew
            with self._lock:
                self._kept[id] = kept
                self._kept.move_to_end(id)
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        return kept


def _list_ends(tx: Connection, ids: Sequence[str]) -> Iterable[Sequence[Any]]:
    if len(ids) > _FEW:
        return tx.execute(_ENDS, {"ids": ids})
    return [row for id in ids for row in _END.run(tx, {"id": id})]


def _find_newest(tx: Connection, id: str) -> _Newest | None:
    found = _NEWEST.run(tx, {"conversation_id": id})
    return (found[0][0], found[0][1]) if found else None


def _still_stands(tx: Connection, id: str, kept: _Breaks, newest_id: str) -> bool:
    """Whether the talk that the breaks were found in is the talk that is there."""
    if kept.last_id == newest_id:
        return True
    found = _NUMBERED.run(tx, {"conversation_id": id, "seq": kept.through})
    return [row[0] for row in found] == [kept.last_id]
