"""SQL of asking a campaign: where its talk stands, by message, and what its table log says when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, column, select, table

from ttrpg_assistant.campaigns.model import Canon
from ttrpg_assistant.campaigns.tables import (
    game_sessions,
    known_facts,
    session_events,
    session_notes,
)
from ttrpg_assistant.conversations.model import REHEARSAL
from ttrpg_assistant.conversations.tables import conversations, messages
from ttrpg_assistant.search.evidence import Evening
from ttrpg_assistant.search.model import Filters, Term
from ttrpg_assistant.search.store import hits
from ttrpg_assistant.search.store.asking import Question
from ttrpg_assistant.search.store.happened import ActivePaths

MOST_EVENINGS = 1_000
MOST_THINGS = 400
"""Of the world's things that hold a word, the best that are looked at."""

_AT_ONCE = 500
_PLANNING = frozenset({"session_planning", "campaign_creation"})
"""What such talk is about did not happen at the table."""

_entries = table("search_entries", column("number", Integer), column("message_id"))
_things = table("search_things", *map(column, ("number", "kind", "thing_id", "name")))
_m, _c, _g = messages.c, conversations.c, game_sessions.c

_PLACES = (
    select(
        *(_entries.c.number, _m.id, _m.conversation_id, _c.kind, _m.seq, _m.created_at),
        *(_c.purpose, _c.game_session_id, _m.origin, _c.campaign_id),
        *(_c.removed_at, _m.cleared_at, _m.role),
    )
    .join(messages, _m.id == _entries.c.message_id)
    .join(conversations, _c.id == _m.conversation_id)
    .where(_entries.c.number.in_(bindparam("numbers", expanding=True)))
)
"""Whose they are is looked at afterwards: asked for the campaign's, SQLite would read all its talk
for each number."""
_THINGS = select(_things.c.number, _things.c.kind, _things.c.thing_id, _things.c.name).where(
    _things.c.number.in_(bindparam("numbers", expanding=True))
)


_LOGS = {
    "note": (session_notes, session_notes.c.at),
    "event": (session_events, session_events.c.at),
    "fact": (known_facts, known_facts.c.created_at),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message of the campaign's active talk stands, by its number in the index."""

    number: int
    message_id: str
    said_at: str
    seq: int
    is_planned: bool
    is_imported: bool
    game_session_id: str | None


@dataclass(frozen=True, slots=True)
class FoundThing:
    """A thing of the world by its number in the index."""

    number: int
    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Evenings:
    """The game sessions of a campaign, and when each was played."""

    by_id: dict[str, Evening]
    played: tuple[tuple[str, str, Evening], ...]
    """From, to, which."""

    def find(self, game_session_id: str | None, said_at: str | None) -> Evening | None:
        """The one something belongs to, or was said during."""
        if game_session_id is not None and game_session_id in self.by_id:
            return self.by_id[game_session_id]
        if said_at is None:
            return None
        return next((one for start, end, one in self.played if start <= said_at <= end), None)


def list_places(
    tx: Connection, paths: ActivePaths, campaign_id: str, numbers: Iterable[int]
) -> list[Place]:
    """The places of these messages, oldest first: those of the campaign, on active paths."""
    wanted = sorted(set(numbers))
    rows: list[Any] = []
    for at in range(0, len(wanted), _AT_ONCE):
        found = tx.execute(_PLACES, {"numbers": wanted[at : at + _AT_ONCE]})
        rows += [row for row in found if _is_of(campaign_id, row)]
    active = paths.trace_to_tips(tx, {row[2]: row[3] for row in rows})
    places = [
        Place(number, id, said_at, seq, purpose in _PLANNING, origin == "imported", game)
        for number, id, talk, _, seq, said_at, purpose, game, origin, *_ in rows
        if any(first <= seq <= last for first, last in active.get(talk, ()))
    ]
    return sorted(places, key=lambda place: (place.said_at, place.seq, place.message_id))


def _is_of(campaign_id: str, row: Any) -> bool:
    """Whether it is talk of this campaign, that can be seen and was no rehearsal."""
    is_there = row.removed_at is None and row.cleared_at is None
    is_said = row.role in ("user", "assistant") and row.purpose != REHEARSAL
    return is_there and is_said and row.campaign_id == campaign_id


def list_numbers_of(tx: Connection, message_ids: Sequence[str]) -> list[int]:
    """The numbers of these messages in the index."""
    query = select(_entries.c.number).where(_entries.c.message_id.in_(message_ids))
    return list(tx.execute(query).scalars())


def list_things_holding(
    tx: Connection, campaign_id: str, groups: Sequence[Sequence[Term]]
) -> list[set[int]]:
    """For each group of terms the numbers of the things that hold any of them."""
    filters = Filters(campaign_id=campaign_id, with_archived=True)
    engine = hits.engine_of(tx)
    return [
        {
            number
            for number, _ in engine.list_thing_numbers(
                tx, Question(tuple(terms), filters, "best", MOST_THINGS, any_of=True)
            )
        }
        for terms in groups
    ]


def read_found_things(tx: Connection, numbers: Iterable[int]) -> list[FoundThing]:
    """What these numbers stand for."""
    wanted = sorted(set(numbers))
    if not wanted:
        return []
    return [FoundThing(*row) for row in tx.execute(_THINGS, {"numbers": wanted})]


def read_evenings(tx: Connection, campaign_id: str) -> Evenings:
    """The campaign's game sessions, the newest thousand."""
    rows = tx.execute(
        select(_g.id, _g.session_number, _g.title, _g.started_at, _g.ended_at)
        .where(_g.campaign_id == campaign_id, _g.removed_at.is_(None))
        .order_by(_g.session_number.desc())
        .limit(MOST_EVENINGS)
    ).all()
    by_id = {row[0]: Evening(row[0], row[1], row[2]) for row in rows}
    played = [(start, end or "9", by_id[id]) for id, _, _, start, end in rows if start is not None]
    return Evenings(by_id, tuple(played))


def find_canon_of_fact(tx: Connection, id: str) -> Canon:
    """How far a fact is part of the story."""
    query = select(known_facts.c.canon).where(known_facts.c.id == id)
    found: Canon | None = tx.execute(query).scalar()
    return found or "happened"


def list_dates(tx: Connection, kind: str, ids: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    """When each of these notes, events or facts was written down, and in which game session."""
    log, at = _LOGS[kind]
    query = select(log.c.id, at, log.c.game_session_id).where(log.c.id.in_(ids))
    return {id: (at, game) for id, at, game in tx.execute(query)}
