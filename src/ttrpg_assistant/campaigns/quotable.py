"""What is stored of a campaign, for answers that quote it word for word.

Prompts are made of less: they have a budget. What is read here is bounded by number, so that a
campaign of ten thousand things costs what one of some hundred does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from ttrpg_assistant.campaigns import sheets
from ttrpg_assistant.campaigns.model import KnownFact, Listener, Location, Npc, PlotPoint
from ttrpg_assistant.campaigns.store import prompt_reading as reading
from ttrpg_assistant.campaigns.store import table_log
from ttrpg_assistant.campaigns.store.fact_reading import list_newest_facts
from ttrpg_assistant.campaigns.store.kinds import LOCATION, NPC
from ttrpg_assistant.campaigns.store.knowledge import list_listeners
from ttrpg_assistant.prompts.entity_facts import GM_ONLY, EntityFact, FactLine
from ttrpg_assistant.prompts.quotable import Quotable, StoredSession

_T = TypeVar("_T", bound=Npc | Location | PlotPoint)

MOST_NPCS = 200
MOST_LOCATIONS = 100
MOST_PLOT_POINTS = 100
MOST_SESSIONS = 60
MOST_ENTRIES = 400
MOST_FACTS = 300


def gather_quotable(
    tx: Connection,
    campaign_id: str,
    named_npcs: Sequence[Npc] = (),
    named_locations: Sequence[Location] = (),
    named_points: Sequence[PlotPoint] = (),
) -> Quotable:
    """Whole sheets of what is named and of what was used last, game sessions, known facts."""
    npcs = _each_once(named_npcs, reading.list_recent(tx, NPC, campaign_id, MOST_NPCS))
    recent_places = reading.list_recent(tx, LOCATION, campaign_id, MOST_LOCATIONS)
    locations = _each_once(named_locations, recent_places)
    recent_points = reading.list_newest_plot_points(tx, campaign_id, MOST_PLOT_POINTS)
    points = _each_once(named_points, recent_points)
    places = _name_places(tx, npcs, locations)
    entities = [
        *(npc_sheet(npc, places.get(npc.location_id or "", "")) for npc in npcs),
        *(location_sheet(one, places.get(one.parent_id or "", "")) for one in locations),
        *(_plot_point(point) for point in points),
    ]
    facts = list_newest_facts(tx, campaign_id, MOST_FACTS)
    listeners = list_listeners(tx, [fact.id for fact in facts])
    known = [_fact(fact, listeners.get(fact.id, ())) for fact in facts]
    return Quotable(entities, _list_sessions(tx, campaign_id), known)


def _each_once(first: Iterable[_T], then: Iterable[_T]) -> list[_T]:
    found: dict[str, _T] = {}
    for one in (*first, *then):
        found.setdefault(one.id, one)
    return list(found.values())


def _name_places(
    tx: Connection, npcs: Iterable[Npc], locations: Sequence[Location]
) -> Mapping[str, str]:
    known = {place.id: place.name for place in locations}
    wanted = [npc.location_id for npc in npcs] + [place.parent_id for place in locations]
    missing = list(dict.fromkeys(id for id in wanted if id is not None and id not in known))
    return known | {one.id: one.name for one in reading.list_by_id(tx, LOCATION, missing)}


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


def _lines(*pairs: tuple[str, str], for_gm: Iterable[tuple[str, str]] = ()) -> tuple[FactLine, ...]:
    told = [FactLine(label, value) for label, value in pairs if value]
    told += [FactLine(label, value, GM_ONLY) for label, value in for_gm if value]
    return tuple(told)


def npc_sheet(npc: Npc, location: str) -> EntityFact:
    """The whole sheet of an NPC that is at this location."""
    lines = _lines(
        ("Role", npc.role),
        ("Background", npc.background),
        ("Personality", npc.personality),
        ("Location", location),
        ("Status", npc.status),
        ("Also called", ", ".join(npc.aliases)),
        ("Groups", ", ".join(npc.groups)),
        ("Appearance", npc.appearance),
        ("Motivations", npc.motivations),
        ("Speaking style", npc.speaking_style),
        *(("Mannerism", text) for text in npc.mannerisms),
        *(("Says", text) for text in npc.sample_lines),
        ("Never says", "; ".join(npc.never_says)),
        *((f"Connection to {tie.target}", tie.relation) for tie in npc.connections),
        ("Present", "in the scene now" if npc.is_present else ""),
        for_gm=(*(("Secret", one.text) for one in npc.secrets), ("GM notes", npc.gm_notes)),
    )
    return EntityFact("npc", npc.id, npc.name, lines, GM_ONLY)


def location_sheet(place: Location, parent: str) -> EntityFact:
    """The whole sheet of a location that is in this one."""
    lines = _lines(
        ("Kind", place.kind),
        ("Description", place.description),
        *(("Feature", feature) for feature in place.features),
        ("In", parent),
        ("Also called", ", ".join(place.aliases)),
        ("Present", "the party is here now" if place.is_present else ""),
        for_gm=(*(("Secret", one.text) for one in place.secrets), ("GM notes", place.gm_notes)),
    )
    return EntityFact("location", place.id, place.name, lines, GM_ONLY)


def _plot_point(point: PlotPoint) -> EntityFact:
    whole = sheets.plot_point_details(point, "summary")
    lines = _lines(
        ("Description", point.description),
        ("Status", "open" if point.is_open else "resolved"),
        for_gm=[("GM notes", point.gm_notes)],
    )
    return EntityFact(
        "plot_point", point.id, point.title, lines, whole.audience, status=point.status
    )


def _fact(fact: KnownFact, listeners: tuple[Listener, ...]) -> EntityFact:
    stored = sheets.stored_fact(fact, listeners)
    audience = GM_ONLY if fact.audience == "gm" else None
    lines = tuple(FactLine(line.label, line.value, audience) for line in stored.lines)
    return EntityFact("note", fact.id, stored.name, lines, GM_ONLY)
