"""Talk that may be recalled, as positions: which message stands beside which.

A lane holds what one audience may be given: talk on active paths, in conversations that pass the
filters, as an NPC only what was said as that NPC. Its messages are numbered in the order in which
they were said, each conversation in a slot of its own, so neighbours are one apart and talk of
two conversations is never near. What is not in the lane has no position: it is restricted before
anything is ranked. Lanes are kept in memory and follow what is said; only conversations that
changed are read again.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Integer, bindparam, case, column, func, select, table

from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.conversations.tables import messages
from ttrpg_assistant.search.model import Filters
from ttrpg_assistant.search.speakers import find_speaker
from ttrpg_assistant.search.store.allowed import Allowed, AllowedTalk
from ttrpg_assistant.search.store.entry_places import EntryPlaces, Placed
from ttrpg_assistant.search.store.happened import ActivePaths, Stretches
from ttrpg_assistant.search.store.rows import RANK, SLOT, Rows
from ttrpg_assistant.storage.prepared import Prepared
from ttrpg_assistant.storage.work_lock import WorkLock

if TYPE_CHECKING:
    from ttrpg_assistant.search.store.entry_places import Numbers

MOST_KEPT = 600_000
"""Messages in all lanes that are kept; the lane that was not asked longest goes first."""

BEGINNING = 64
"""Characters of a message that are read for its lane: who speaks, or all of a short one."""

_AGAIN = 200
"""PostgreSQL numbers entries before they are committed: the last ones are looked at again."""

_entries = table("search_entries", column("number", Integer), column("message_id"))
_m = messages.c

_ROWS = Prepared(
    select(
        *(_entries.c.number, _m.seq, _m.role, _m.mode, _m.origin),
        *(func.length(_m.content), func.substr(_m.content, 1, BEGINNING)),
    )
    .join(_entries, _entries.c.message_id == _m.id)
    .where(
        _m.conversation_id == bindparam("conversation_id"),
        _m.seq > bindparam("above", type_=Integer),
        _m.role != "system",
        _m.cleared_at.is_(None),
    )
    .order_by(_m.seq)
)
_NEW = Prepared(
    select(_entries.c.number, _m.conversation_id, _m.seq)
    .join(messages, _m.id == _entries.c.message_id)
    .where(_entries.c.number > bindparam("above", type_=Integer))
)
_ID = Prepared(
    select(_entries.c.message_id).where(_entries.c.number == bindparam("number", type_=Integer))
)
_LAST = Prepared(select(func.coalesce(func.max(_entries.c.number), 0)))
_how_much: Any = select(
    func.count(_m.cleared_at), func.max(case((_m.cleared_at.is_not(None), _m.seq)))
)
_CLEARED = Prepared(_how_much.where(_m.conversation_id == bindparam("id")))

_Key = tuple[Any, ...]


@dataclass(slots=True)
class _Segment:
    """One conversation of a lane. `cleared` is how many messages of it were cleared when it was
    read, and the last of them."""

    slot: int
    stretches: Stretches
    cleared: _Key
    through: int = 0
    numbers: array[int] = field(default_factory=lambda: array("q"))
    seqs: array[int] = field(default_factory=lambda: array("q"))
    lengths: array[int] = field(default_factory=lambda: array("I"))
    speakers: array[int] = field(default_factory=lambda: array("H"))
    sayings: array[int] = field(default_factory=lambda: array("q"))


class Candidate(NamedTuple):
    """A message that may be read, and its characters. `saying` is a number that short messages
    share where they say the same, 0 for the others."""

    number: int
    position: int
    length: int
    saying: int


class Lane:
    """The talk of one audience. Used only while `Lanes.open` holds it."""

    def __init__(self) -> None:
        self.lock = WorkLock()
        self.forget()

    def forget(self) -> None:
        """Hold nothing: all is read anew next time."""
        self.count = 0
        self._length = 0
        self._places = EntryPlaces()
        self._allowed: dict[str, Sequence[Any]] = {}
        self._talk = AllowedTalk()
        self._to_tips: dict[str, Stretches] = {}
        self._cleared: dict[str, _Key] = {}
        self._asked_in = ""
        self._led_here: set[str] = set()
        self._segments: dict[str, _Segment] = {}
        self._rows: Rows | None = None
        self._by_slot: dict[int, _Segment] = {}
        self._next_slot = 0
        self._names: dict[str, int] = {"": 0}
        self._through = -1
        self._looked_at: set[int] = set()

    @property
    def conversations(self) -> int:
        """How many there are with talk in them."""
        return len(self._segments)

    @property
    def mean_length(self) -> float:
        """Characters of a message, on average."""
        return max(1.0, self._length / max(1, self.count))

    @property
    def most_beside(self) -> int:
        """How many messages there may be that are not in the lane."""
        return max(0, self._through - self.count) + _AGAIN

    def place(self, numbers: Numbers) -> Placed:
        """The messages with these numbers, which are in order, without what is not in the lane."""
        return self._places.list_places(numbers)

    def list_rows(self) -> Rows:
        """All of it in one row, as it is now."""
        if self._rows is None:
            self._rows = Rows.of((one.slot, len(one.numbers)) for one in self._segments.values())
        return self._rows

    def find(self, conversation_id: str, seq: int) -> int | None:
        """The position of a message, or None where it is not in the lane."""
        segment = self._segments.get(conversation_id)
        if segment is None:
            return None
        at = bisect_left(segment.seqs, seq)
        is_there = at < len(segment.seqs) and segment.seqs[at] == seq
        return (segment.slot << SLOT) + at if is_there else None

    def number_at(self, position: int) -> int:
        """The number of the message that stands there."""
        return self._by_slot[position >> SLOT].numbers[position & RANK]

    def list_speakers(self, positions: Iterable[int]) -> list[int]:
        """The codes of who said the messages at these positions, 0 where nobody is named."""
        held = self._by_slot
        return [held[position >> SLOT].speakers[position & RANK] for position in positions]

    def list_candidates(
        self, positions: Iterable[int], but_saying: Set[int]
    ) -> Iterator[Candidate]:
        """What is to be known of the messages at these positions before they are read, without
        those that say something of these, which may become more meanwhile."""
        held = self._by_slot
        for position in positions:
            one, at = held[position >> SLOT], position & RANK
            saying = one.sayings[at]
            if saying not in but_saying:
                yield Candidate(one.numbers[at], position, one.lengths[at], saying)

    def get_conversation(self, id: str) -> Allowed:
        """A conversation of the lane, as it is now."""
        return Allowed._make(self._allowed[id])

    def list_names(self) -> list[tuple[str, int]]:
        """Everybody who is named as a speaker, with their codes."""
        return [(name, code) for name, code in self._names.items() if code]

    def list_conversations(self) -> list[str]:
        """The conversations that it is made of, with and without talk in them."""
        return list(self._allowed)

    def has_nothing_beside(
        self, tx: Connection, conversation_id: str, already_read: Set[str]
    ) -> bool:
        """Whether all of it was said in this conversation and is read already: talk is read from
        its newest message back, so its oldest one tells."""
        own = self._segments.get(conversation_id)
        numbers = own.numbers if own is not None else ()
        if self.count > len(numbers):
            return False
        oldest = _ID.run(tx, {"number": numbers[0]}) if numbers else []
        return not numbers or any(id in already_read for (id,) in oldest)

    def follow(
        self,
        tx: Connection,
        paths: ActivePaths,
        conversation: Conversation,
        said: Message,
        filters: Filters,
    ) -> None:
        """Bring it up to now, and to what was said before `said`. Only what changed is traced and
        read again."""
        there = self._talk.list_rows(tx, filters, conversation.id)
        own = paths.trace_own(tx, conversation, said, there.keys())
        changed = {id for id, row in there.items() if self._allowed.get(id) is not row}
        # Of the conversation that was asked in last nobody knows yet how it went on.
        changed |= {self._asked_in} & there.keys()
        for id in self._allowed.keys() - there.keys():
            self._to_tips.pop(id, None)
            self._cleared.pop(id, None)
            self._drop(id)
        kinds = {id: Allowed._make(there[id]).kind for id in changed}
        chats = [id for id, kind in kinds.items() if kind == "chat"]
        kinds.pop(conversation.id, None)
        traced = paths.trace_to_tips(tx, kinds)
        self._to_tips.update({id: traced.get(id, ()) for id in kinds})
        self._to_tips.pop(conversation.id, None)
        for id in chats:
            [self._cleared[id]] = _CLEARED.run(tx, {"id": id})
        grown = self._find_grown(tx)
        for id in sorted(changed | own.keys() | grown | (self._led_here & there.keys())):
            stretches = _join(own.get(id, ()), self._to_tips.get(id, ()))
            if id == conversation.id:
                stretches = _end_before(stretches, said.seq)
            self._lay_out(
                tx, Allowed._make(there[id]), stretches, filters.mode, has_grown=id in grown
            )
        self._allowed, self._asked_in, self._led_here = there, conversation.id, set(own)

    def _lay_out(
        self,
        tx: Connection,
        one: Allowed,
        stretches: Stretches,
        mode: str | None,
        *,
        has_grown: bool,
    ) -> None:
        """Hold this path of a conversation; what goes on from there is read, what changed is read
        from its beginning."""
        there = self._segments.get(one.id)
        cleared = self._cleared.get(one.id, ())
        if not stretches:
            self._drop(one.id)
            return
        if there is not None and _only_grew(there, stretches, cleared):
            if not has_grown and there.stretches == stretches:
                return
            there.stretches = stretches
        else:
            self._drop(one.id)
            there = _Segment(self._next_slot, stretches, cleared)
            self._next_slot += 1
            self._segments[one.id] = self._by_slot[there.slot] = there
        self._read(tx, one.id, there, mode, one.npc_name or "")

    def _read(self, tx: Connection, id: str, there: _Segment, mode: str | None, npc: str) -> None:
        rows = _ROWS.run(tx, {"conversation_id": id, "above": there.through})
        base, (_, top) = there.slot << SLOT, there.stretches[0]
        for number, seq, role, said_in, origin, length, beginning in rows:
            if seq > top:
                break
            there.through = seq
            if (mode is not None and said_in != mode) or not _holds(there.stretches, seq):
                continue
            if len(there.numbers) > RANK:
                break
            name = npc if said_in == "as" and role == "assistant" else ""
            if origin == "imported":
                name = find_speaker(beginning)
            code = self._names.setdefault(name, len(self._names))
            self._rows = None
            self._places.add(number, base + len(there.numbers), length)
            there.numbers.append(number)
            there.seqs.append(seq)
            there.lengths.append(length)
            there.speakers.append(code if code < 65_536 else 0)
            there.sayings.append(hash(beginning) if length <= BEGINNING else 0)
            self.count += 1
            self._length += length

    def _find_grown(self, tx: Connection) -> set[str]:
        """Conversations with new entries on their path. Where one stands among what was read
        already, the conversation is read again as a whole."""
        [(last,)] = _LAST.run(tx, {})
        above = self._through
        if tx.dialect.name == "postgresql":
            above = min(above, last) - _AGAIN
        grown: set[str] = set()
        if self._through >= 0 and last > above:
            new = _NEW.run(tx, {"above": above})
            for number, id, seq in new:
                there = self._segments.get(id)
                if (
                    there is None
                    or number in self._looked_at
                    or number in self._places
                    or not _holds(there.stretches, seq)
                ):
                    continue
                grown.add(id)
                if seq <= there.through:
                    self._drop(id)
            self._looked_at = {number for number, _, _ in new}
        self._through = max(self._through, last)
        return grown

    def _drop(self, id: str) -> None:
        gone = self._segments.pop(id, None)
        if gone is None:
            return
        del self._by_slot[gone.slot]
        if not gone.numbers:
            return
        self._rows = None
        self.count -= len(gone.numbers)
        self._length -= sum(gone.lengths)
        self._places.remove(gone.numbers)


class Lanes:
    """The lanes of one database. Safe across threads."""

    def __init__(self) -> None:
        self._paths = ActivePaths()
        self._kept: OrderedDict[_Key, Lane] = OrderedDict()
        self._lock = Lock()

    @contextmanager
    def open(
        self, tx: Connection, conversation: Conversation, said: Message, filters: Filters
    ) -> Iterator[Lane]:
        """The lane of an audience, up to now and without `said` itself."""
        key = (filters.campaign_id, filters.kind, filters.npc_id, filters.mode, filters.unlinked)
        with self._lock:
            lane = self._kept.setdefault(key, Lane())
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and sum(x.count for x in self._kept.values()) > MOST_KEPT:
                self._kept.popitem(last=False)
        with lane.lock.hold(tx):
            try:
                lane.follow(tx, self._paths, conversation, said, filters)
            except BaseException:
                lane.forget()  # half of it may be of now and half of before
                raise
            yield lane


def _join(own: Stretches, to_tip: Stretches) -> Stretches:
    """What led to a message and what leads to the tip, as one, newest first."""
    if not own or not to_tip:
        return own or to_tip
    return tuple(sorted({*own, *to_tip}, key=lambda one: (-one[1], one[0])))


def _end_before(stretches: Stretches, seq: int) -> Stretches:
    cut = ((first, min(last, seq - 1)) for first, last in stretches)
    return tuple((first, last) for first, last in cut if first <= last)


def _only_grew(there: _Segment, stretches: Stretches, cleared: _Key) -> bool:
    """Whether the path goes on from where it ended, and nothing else changed."""
    (first, top), rest = there.stretches[0], there.stretches[1:]
    return (
        there.cleared == cleared
        and stretches[1:] == rest
        and stretches[0][0] == first
        and stretches[0][1] >= top
    )


def _holds(stretches: Stretches, seq: int) -> bool:
    return any(first <= seq <= last for first, last in stretches)
