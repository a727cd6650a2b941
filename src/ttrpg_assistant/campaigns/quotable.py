"""What is stored of a campaign, for answers that quote it word for word.

Prompts are made of less: they have a budget. What is read here is bounded by number, so that a
campaign of ten thousand things costs what one of some hundred does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns import sheets
from ttrpg_assistant.campaigns.audiences import audience_of_fact
from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.kinds.location import KIND as LOCATION
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.kinds.plot_point import KIND as PLOT_POINT
from ttrpg_assistant.campaigns.model import KnownFact, Listener
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.campaigns.store import prompt_reading as reading
from ttrpg_assistant.campaigns.store import table_log
from ttrpg_assistant.campaigns.store.fact_reading import list_newest_facts
from ttrpg_assistant.campaigns.store.listeners import list_listeners
from ttrpg_assistant.prompts.audience import GM_ONLY
from ttrpg_assistant.prompts.entity_facts import EntityFact, FactLine
from ttrpg_assistant.prompts.quotable import Quotable, StoredSession

MOST_OF_A_KIND = 100
_MOST = {NPC.name: 200}
MOST_SESSIONS = 60
MOST_ENTRIES = 400
MOST_FACTS = 300


def gather_quotable(
    tx: Connection,
    campaign_id: str,
    named: Mapping[str, Sequence[Any]],
    counts: Mapping[str, int],
    related: Mapping[str, tuple[FactLine, ...]],
) -> Quotable:
    """Whole sheets of what is `named`, by kind, and of what was used last, game sessions, known
    facts. `counts` are how many of each kind there are, `related` the relations of
    what is named."""
    entities = []
    for kind in list_things():
        if not (counts.get(kind.name) or named.get(kind.name)):
            continue
        most = _MOST.get(kind.name, MOST_OF_A_KIND)
        recent = (
            reading.list_newest_plot_points(tx, campaign_id, most)
            if kind is PLOT_POINT
            else reading.list_recent(tx, kind, campaign_id, most)
        )
        of_kind = _each_once(named.get(kind.name, ()), recent)
        names = _name_places(tx, kind, of_kind)
        entities += [
            sheets.quoted_fact(kind, one, names, related.get(one.id, ())) for one in of_kind
        ]
    facts = list_newest_facts(tx, campaign_id, MOST_FACTS)
    listeners = list_listeners(tx, [fact.id for fact in facts])
    known = [_fact(fact, listeners.get(fact.id, ())) for fact in facts]
    return Quotable(entities, _list_sessions(tx, campaign_id), known)


def _each_once(first: Iterable[Any], then: Iterable[Any]) -> list[Any]:
    found: dict[str, Any] = {}
    for one in (*first, *then):
        found.setdefault(one.id, one)
    return list(found.values())


def _name_places(
    tx: Connection, kind: EntityKind[Any], of_kind: Sequence[Any]
) -> Mapping[str, str]:
    """What the locations are called that these things point to, by id."""
    pointing = [name for name, target in kind.references.items() if target == LOCATION.name]
    wanted = dict.fromkeys(
        id for one in of_kind for name in pointing if (id := getattr(one, name)) is not None
    )
    return {one.id: one.name for one in reading.list_by_id(tx, LOCATION, list(wanted))}


def _list_sessions(tx: Connection, campaign_id: str) -> list[StoredSession]:
    """Newest first."""
    notes, events = table_log.list_newest_of_campaign(tx, campaign_id, MOST_ENTRIES)
    return [
        StoredSession(
            game.id,
            game.session_number,
            game.title,
            game.status,
            game.plan,
            game.recap_gm,
            game.recap_players,
            tuple(sheets.note_fact(note) for note in notes if note.game_session_id == game.id),
            tuple(sheets.event_fact(one) for one in events if one.game_session_id == game.id),
        )
        for game in reading.list_newest_game_sessions(tx, campaign_id, MOST_SESSIONS)
    ]


def _fact(fact: KnownFact, listeners: tuple[Listener, ...]) -> EntityFact:
    stored = sheets.stored_fact(fact, listeners)
    audience = audience_of_fact(fact, listeners)
    lines = tuple(FactLine(line.label, line.value, audience) for line in stored.lines)
    return EntityFact("note", fact.id, stored.name, lines, GM_ONLY)
