"""Everything that is looked through, read at once; of many lines the newest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, false, func, literal, or_, select, true

from ttrpg_assistant.campaigns.audiences import audience_of_fact, kept_audience
from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.mentions import EntityRef
from ttrpg_assistant.campaigns.model import ROLL, KnownFact, Relation
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.campaigns.store.entities import check_campaign, read_row
from ttrpg_assistant.campaigns.store.listeners import list_listeners
from ttrpg_assistant.campaigns.store.relation_reading import list_named
from ttrpg_assistant.campaigns.store.relations import COLUMNS as RELATION
from ttrpg_assistant.campaigns.store.relations import ends_of
from ttrpg_assistant.campaigns.tables import (
    game_sessions,
    known_facts,
    relations,
    session_events,
    session_notes,
)
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.continuity.model import Debt, Fact, Source, Thing
from ttrpg_assistant.conversations.model import NOTES
from ttrpg_assistant.conversations.tables import conversations, messages
from ttrpg_assistant.prompts.audience import PARTY, Viewer, is_gm_only, may_see
from ttrpg_assistant.search.store.happened import ActivePaths

MOST_LINES = 20_000
"""Messages, notes and events, each: the newest."""

CUT = 2_000
"""Characters of one line that are read."""

MOST_FACTS = 5_000
MOST_THINGS = 5_000
"""Of one kind."""

OWING = ("owe", "debt", "favour", "favor")

_g, _m, _v, _f = game_sessions.c, messages.c, conversations.c, known_facts.c


@dataclass(frozen=True, slots=True)
class Raw:
    """What was read. `said` are source, text, evening and moment; `evenings` those played."""

    said: Sequence[tuple[Source, str, int, str]]
    things: Mapping[EntityRef, Thing]
    facts: Sequence[Fact]
    debts: Sequence[Debt]
    evenings: Sequence[int]


def read_evidence(
    tx: Connection, campaign_id: str, paths: ActivePaths, *, naming: Sequence[str] | None = None
) -> Raw:
    """All of a campaign that is looked through; with `naming` only recaps, and of notes, events,
    messages and facts those that hold one of these pieces of names. Raises `NotFound`."""
    check_campaign(tx, campaign_id)
    numbers: dict[str, int] = {}
    evenings: list[int] = []
    said: list[tuple[Source, str, int, str]] = []
    query = select(
        *(_g.id, _g.session_number, _g.status, _g.recap_gm, _g.recap_players, _g.ended_at)
    ).where(_g.campaign_id == campaign_id, _g.removed_at.is_(None))
    for id, number, status, for_gm, for_players, ended_at in tx.execute(query):
        numbers[id] = number
        if status != "planned":
            evenings.append(number)
            recap = cut_text(str(for_gm or for_players), CUT)
            if recap:
                said.append((Source("recap", id), recap, number, ended_at or "~"))
    said += _list_table(tx, campaign_id, numbers, naming)
    said += _list_messages(tx, campaign_id, numbers, paths, naming)
    things = {
        thing.ref: thing
        for kind in list_things()
        for thing in _list_kind(tx, kind, campaign_id, numbers)
    }
    return Raw(
        said,
        things,
        _list_facts(tx, campaign_id, numbers, naming),
        _list_debts(tx, campaign_id),
        sorted(evenings),
    )


def count_evenings(tx: Connection, campaign_id: str) -> int:
    """The game sessions of a campaign that were played or run now."""
    query = select(func.count()).where(
        _g.campaign_id == campaign_id, _g.removed_at.is_(None), _g.status != "planned"
    )
    return int(tx.execute(query).scalar_one())


def _holds(column: ColumnElement[str], pieces: Sequence[str] | None) -> ColumnElement[bool]:
    """The condition that a text holds one of these pieces, in whichever case."""
    if pieces is None:
        return true()
    lowered = func.lower(column)
    return or_(
        false(),
        # SQLite knows small and capital letters of ASCII alone.
        *(column.contains(one, autoescape=True) for one in pieces if not one.isascii()),
        *(lowered.contains(one.lower(), autoescape=True) for one in pieces),
    )


def _list_table(
    tx: Connection, campaign_id: str, numbers: Mapping[str, int], naming: Sequence[str] | None
) -> list[tuple[Source, str, int, str]]:
    said = []
    for table, kind in ((session_notes, "note"), (session_events, "event")):
        c = table.c
        query = select(c.id, func.substr(c.text, 1, CUT), c.game_session_id, c.at).where(
            c.campaign_id == campaign_id, c.removed_at.is_(None), _holds(c.text, naming)
        )
        if kind == "event":
            query = query.where(c.kind != ROLL)
        for id, text, game, at in tx.execute(query.order_by(c.at.desc()).limit(MOST_LINES)):
            if game in numbers:
                said.append((Source(kind, id), text, numbers[game], at))
    return said


def _list_messages(
    tx: Connection,
    campaign_id: str,
    numbers: Mapping[str, int],
    paths: ActivePaths,
    naming: Sequence[str] | None,
) -> list[tuple[Source, str, int, str]]:
    """What was said at the table: imported talk, and what was written in a game session's chat."""
    at_table = or_(
        (_m.origin == "imported") & _v.purpose.is_distinct_from(NOTES),
        (_v.kind == "chat") & _v.game_session_id.is_not(None),
    )
    query = (
        select(
            *(_m.id, func.substr(_m.content, 1, CUT), _m.conversation_id, _m.seq, _v.kind),
            *(_v.game_session_id, _m.created_at),
        )
        .join(conversations, _v.id == _m.conversation_id)
        .where(
            _v.campaign_id == campaign_id,
            _v.removed_at.is_(None),
            _m.cleared_at.is_(None),
            or_(_m.role == "user", _m.origin == "imported"),
            at_table,
            _holds(_m.content, naming),
        )
        .order_by(_m.created_at.desc(), _m.id.desc())
        .limit(MOST_LINES)
    )
    rows = tx.execute(query).all()
    active = paths.trace_to_tips(tx, {row[2]: row[4] for row in rows})
    said = []
    for id, text, conversation_id, seq, _, game, at in rows:
        if any(low <= seq <= high for low, high in active.get(conversation_id, ())):
            evening = numbers.get(game, 0)
            said.append((Source("message", id), text, evening, f"{at}{seq:09}"))
    return said


def _list_kind(
    tx: Connection, kind: EntityKind[Any], campaign_id: str, numbers: Mapping[str, int]
) -> list[Thing]:
    c = kind.table.c
    state = c.status if kind.name == "npc" else literal("")
    holder = c.more["holder"].as_string() if kind.name == "item" else literal("", String)
    is_open = c.is_open if "is_open" in c else literal(False)
    audience = c.audience if "audience" in c else literal("gm")
    query = (
        select(
            *(c.id, c[kind.name_field], c[kind.canon_field], c.game_session_id),
            *(state.label("state"), holder.label("holder"), is_open.label("open")),
            audience.label("audience"),
        )
        .where(
            c.campaign_id == campaign_id,
            c.removed_at.is_(None),
            c.archived_at.is_(None),
            *kind.is_of_kind,
        )
        .order_by(c.last_used_at.desc())
        .limit(MOST_THINGS)
    )
    return [
        Thing(
            EntityRef(kind.name, id),
            name,
            canon,
            numbers.get(game),
            state or "",
            holder or "",
            bool(is_open),
            is_gm_only(kept_audience(audience)),
        )
        for id, name, canon, game, state, holder, is_open, audience in tx.execute(query)
    ]


def _list_facts(
    tx: Connection, campaign_id: str, numbers: Mapping[str, int], naming: Sequence[str] | None
) -> list[Fact]:
    names = [name for name in KnownFact.__dataclass_fields__ if name != "listeners"]
    query = (
        select(*(_f[name] for name in names))
        .where(
            _f.campaign_id == campaign_id,
            _f.removed_at.is_(None),
            _f.canon != "retconned",
            _holds(_f.text, naming),
        )
        .order_by(_f.created_at.desc(), _f.id.desc())
        .limit(MOST_FACTS)
    )
    found = [read_row(KnownFact, row) for row in tx.execute(query).mappings()]
    listeners = list_listeners(tx, [fact.id for fact in found if fact.is_false])
    facts = []
    for fact in found:
        heard = listeners.get(fact.id, ())
        audience = audience_of_fact(fact, heard)
        players = [Viewer("character", one.character_id) for one in heard if one.character_id]
        facts.append(
            Fact(
                fact.id,
                cut_text(fact.text, CUT),
                fact.canon,
                numbers.get(fact.game_session_id or ""),
                fact.is_false,
                any(may_see(player, audience) for player in (PARTY, *players)),
                is_gm_only(audience),
            )
        )
    return facts


def _list_debts(tx: Connection, campaign_id: str) -> list[Debt]:
    c = relations.c
    query = select(*RELATION).where(
        c.campaign_id == campaign_id,
        c.removed_at.is_(None),
        or_(*(func.lower(c.label).contains(word) for word in OWING)),
    )
    found = [read_row(Relation, row) for row in tx.execute(query.limit(500)).mappings()]
    named = list_named(tx, found)
    return [
        Debt(
            one.id,
            named[ends_of(one)[0]].name,
            named[ends_of(one)[1]].name,
            one.label,
            (EntityRef(one.from_kind, one.from_id), EntityRef(one.to_kind, one.to_id)),
        )
        for one in found
        if all(end in named for end in ends_of(one))
    ]
