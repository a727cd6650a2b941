"""From a campaign to the facts of one prompt (FR-100..102, FR-108, FR-200, FR-201).

`CampaignFactSource.gather` is handed to the turn runner and called in its reading transaction.
Lists of who and what there is do not depend on the question: present in the scene and used
lately, in the order of making. What the talk names comes apart from them, and so does what
was noted last at the table, so that the rest of a prompt stays the same from turn to turn.
Talk *as* an NPC gets a `VoiceSheet` and nothing else: no campaign facts are even read for it,
and of what is known only what its audience admits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection

from ttrpg_assistant.campaigns import sheets
from ttrpg_assistant.campaigns.audiences import viewer_of
from ttrpg_assistant.campaigns.declaration import E, EntityKind
from ttrpg_assistant.campaigns.evenings import MOST_ROLLS
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.kinds.location import KIND as LOCATION
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.kinds.plot_point import KIND as PLOT_POINT
from ttrpg_assistant.campaigns.last_played import find_last_game_session
from ttrpg_assistant.campaigns.mentions import EntityRef
from ttrpg_assistant.campaigns.model import GameSession, KindName, KnownFact, Location, Npc
from ttrpg_assistant.campaigns.name_indexes import NameIndexes, Names, find_named
from ttrpg_assistant.campaigns.quotable import gather_quotable
from ttrpg_assistant.campaigns.registry import (
    KINDS,
    describe_kinds,
    list_named_in_talk,
    list_things,
)
from ttrpg_assistant.campaigns.relation_facts import list_relation_lines, list_seen_relations
from ttrpg_assistant.campaigns.store import prompt_reading as reading
from ttrpg_assistant.campaigns.store import table_log
from ttrpg_assistant.campaigns.store.entities import find_entity
from ttrpg_assistant.campaigns.store.fact_reading import (
    Wanted,
    list_facts_about,
    list_facts_known_to,
)
from ttrpg_assistant.campaigns.store.knowledge import list_listeners
from ttrpg_assistant.campaigns.tables import things as things_table
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.prompts.entity_facts import EntityFact, Why
from ttrpg_assistant.prompts.facts import (
    LAST_TIME,
    CampaignFacts,
    GameSessionFacts,
    Mode,
    Moment,
    NpcSheet,
    VoiceSheet,
    voice_sheet,
)

MOST_NPCS = 20
MOST_LOCATIONS = 10
"""Summaries in a prompt (seed, Part 2 notes); what is named in the talk comes past them."""
MOST_MENTIONED = 30
MOST_PLOT_POINTS = 20
MOST_ENTRIES = 32
"""Notes, and events, of the running game session: the newest."""
ENTRIES_AT_ONCE = 8
"""So many notes, or events, join what stays the same at once; till then they are the latest."""
MOST_FACTS = 40
MOST_LASTING_FACTS = 30
"""Facts an NPC knows in every prompt; of the others, those that bear on the question."""
MOST_AROUND = 4
"""Places an NPC knows from the one where it lives outwards."""
MOST_NEAR = 12
"""Places it knows by name, because they are in one of those."""
MOST_ASKED_OF = 4
"""NPCs named in a question whose knowledge is looked at for it."""


L = TypeVar("L")


@dataclass(frozen=True, slots=True)
class GatheredFacts:
    """What a prompt may be built from. In voice mode only `voice` is set."""

    campaign: CampaignFacts | None = None
    subject: NpcSheet | None = None
    voice: VoiceSheet | None = None


class CampaignFactSource:
    """Gathers facts; keeps the name indexes of the campaigns used lately. Safe across threads."""

    def __init__(self, names: NameIndexes | None = None) -> None:
        self._names = names or NameIndexes()

    def gather(
        self,
        tx: Connection,
        campaign_id: str | None,
        game_session_id: str | None,
        text_and_recent: Sequence[str],
        npc_id: str | None = None,
        mode: Mode | None = None,
        *,
        for_quotes: bool = False,
    ) -> GatheredFacts:
        """The facts for one prompt. `text_and_recent` is the new message, then recent talk,
        newest first. `for_quotes` also reads what the built-in model quotes from. Raises
        `NotFound` when the NPC that is to speak does not exist."""
        npc = find_entity(tx, NPC, npc_id) if npc_id is not None else None
        if mode == "as":
            if npc is None:
                raise NotFound("There is no such NPC.", facts={"kind": "npc", "id": npc_id})
            return GatheredFacts(voice=self._voice(tx, npc, text_and_recent))
        if npc is not None:
            campaign_id = npc.campaign_id
        subject, told = None, set[str]()
        if npc is not None:
            known = _lasting_facts(tx, npc)
            told = {fact.id for fact in known}
            knows = tuple(fact.text for fact in known)
            related = list_relation_lines(tx, [npc.id]).get(npc.id, ())
            subject = sheets.about_sheet(npc, _location_name(tx, npc), knows, related)
        if campaign_id is None:
            return GatheredFacts(subject=subject)
        whose = (tx, campaign_id, game_session_id, text_and_recent)
        return GatheredFacts(self._campaign(*whose, npc, told, for_quotes), subject)

    # ── What the game master's own talk sees ───────────────────────────────────────────

    def _campaign(
        self,
        tx: Connection,
        campaign_id: str,
        game_session_id: str | None,
        texts: Sequence[str],
        subject: Npc | None,
        told: Set[str],
        for_quotes: bool,
    ) -> CampaignFacts | None:
        campaign = reading.find_campaign(tx, campaign_id)
        names = self._names.find(tx, campaign_id)
        if campaign is None or names is None:
            return None
        named = [ref for ref in find_named(names.index, texts) if not _is(ref, subject)]
        named = named[:MOST_MENTIONED]
        things = {
            kind.name: reading.list_by_id(tx, kind, _ids(named, kind.name))
            for kind in list_named_in_talk()
        }
        npcs, locations = things[NPC.name], things[LOCATION.name]
        game_session = reading.find_game_session(tx, campaign_id, game_session_id)
        before = None if game_session is None else game_session.session_number
        open_points = reading.list_open_plot_points(tx, campaign_id, MOST_PLOT_POINTS)
        related = list_relation_lines(
            tx, [one.id for of_kind in things.values() for one in of_kind]
        )
        details = {
            one.id: sheets.sheet_fact(
                KINDS[kind_name], one, "mentioned", related=related.get(one.id, ())
            )
            for kind_name, of_kind in things.items()
            for one in of_kind
        }
        spoken = [fold(one.name) for one in (*npcs, *locations)]
        if subject is not None:
            spoken.append(fold(subject.name))
        question = texts[0] if texts else ""
        asked = set(find_named(names.index, [question]))
        asked_of = [npc for npc in npcs if EntityRef("npc", npc.id) in asked]
        about = _known_facts(tx, campaign_id, question, spoken, asked_of, told)
        listeners = list_listeners(tx, [fact.id for fact in about])
        recap, recap_title = _recap(tx, campaign_id, before)
        return CampaignFacts(
            campaign_id=campaign.id,
            name=campaign.name,
            system=campaign.system,
            setting=campaign.setting,
            description=campaign.description,
            world_state=sheets.list_entries(campaign.world_state),
            house_rules=sheets.list_entries(campaign.house_rules),
            npcs=[
                sheets.brief_fact(NPC, npc, why)
                for npc, why in _in_use(tx, NPC, campaign_id, MOST_NPCS)
                if subject is None or npc.id != subject.id
            ],
            locations=[
                sheets.brief_fact(LOCATION, place, why)
                for place, why in _in_use(tx, LOCATION, campaign_id, MOST_LOCATIONS)
            ],
            plot_points=[
                sheets.brief_fact(PLOT_POINT, point, "recent")
                for point in sorted(open_points, key=lambda point: point.id)
            ],
            mentioned=[
                *(details[ref.id] for ref in named if ref.id in details),
                *(sheets.stored_fact(fact, listeners.get(fact.id, ())) for fact in about),
            ],
            game_session=None if game_session is None else _game_session_facts(tx, game_session),
            recap=recap,
            recap_title=recap_title,
            npc_count=names.counts["npc"] - (subject is not None and subject.archived_at is None),
            location_count=names.counts["location"],
            gm_notes=campaign.gm_notes,
            moment=_moment(game_session),
            quotable=gather_quotable(tx, campaign_id, things, names.counts, related)
            if for_quotes
            else None,
            others=[
                (
                    kind.plural,
                    [
                        sheets.brief_fact(kind, one, why)
                        for one, why in _in_use(tx, kind, campaign_id, kind.most_in_prompts)
                    ],
                )
                for kind in _list_others(names.counts)
            ],
            taught=describe_kinds(),
        )

    # ── What an NPC sees ───────────────────────────────────────────────────────────────

    def _voice(self, tx: Connection, npc: Npc, texts: Sequence[str]) -> VoiceSheet:
        lasting = _lasting_facts(tx, npc)
        facts = [sheets.known_fact(fact, npc.id, "summary") for fact in lasting]
        if len(lasting) == MOST_LASTING_FACTS:
            there = {fact.id for fact in lasting}
            asked = list_facts_known_to(tx, npc, _wanted(texts), MOST_FACTS)
            facts += [
                sheets.known_fact(fact, npc.id, "mentioned")
                for fact, score in asked
                if score and fact.id not in there
            ]
        present = reading.list_present(tx, NPC, npc.campaign_id, MOST_NPCS)
        others = sorted((other for other in present if other.id != npc.id), key=lambda one: one.id)
        around = _around(tx, npc)
        location = around[0].name if around else ""
        campaign = reading.find_campaign(tx, npc.campaign_id)
        viewer = viewer_of(npc)
        names = self._names.find(tx, npc.campaign_id)
        named = [] if names is None else find_named(names.index, texts)[:MOST_MENTIONED]
        facts += list_seen_relations(tx, npc, viewer, [ref.id for ref in named])
        facts += self._seen_things(tx, npc, names, named)
        inside = [place.id for place in around]
        near = reading.list_within(tx, npc.campaign_id, inside, MOST_NEAR)
        near = sorted((one for one in near if one not in around), key=lambda one: one.id)
        return voice_sheet(
            sheets.voice_parts(npc, location),
            facts,
            situation=f"at {location}, in conversation with the party" if location else "",
            present=tuple(other.name for other in others),
            world=() if campaign is None else sheets.world_lines(campaign, around, near),
            viewer=viewer,
        )

    def _seen_things(
        self, tx: Connection, npc: Npc, names: Names | None, named: Sequence[EntityRef]
    ) -> list[EntityFact]:
        """Things of kinds that say who may know of them: those told of in every prompt, then what
        the talk names. What of them the NPC may see is decided where the sheet is made."""
        others = [one for one in list_things() if one.table is things_table]
        kinds = [] if names is None else [one for one in others if names.counts[one.name]]
        found: dict[str, EntityFact] = {}
        for kind in kinds:
            for one, _ in _in_use(tx, kind, npc.campaign_id, kind.most_in_prompts):
                found[one.id] = sheets.seen_fact(kind, one, "summary")
        for kind in kinds:
            for one in reading.list_by_id(tx, kind, _ids(named, kind.name)):
                found.setdefault(one.id, sheets.seen_fact(kind, one, "mentioned"))
        return list(found.values())


def _in_use(
    tx: Connection, kind: EntityKind[E], campaign_id: str, most: int
) -> list[tuple[E, Why]]:
    """Up to `most`, the present before the latest used, in the order in which they were made."""
    chosen: dict[str, tuple[E, Why]] = {
        one.id: (one, "present") for one in reading.list_present(tx, kind, campaign_id, most)
    }
    for recent in reading.list_recent(tx, kind, campaign_id, most):
        if len(chosen) == most:
            break
        chosen.setdefault(recent.id, (recent, "recent"))
    return [chosen[id] for id in sorted(chosen)]


def _lasting_facts(tx: Connection, npc: Npc) -> list[KnownFact]:
    """What the NPC knows in every prompt: shared with it, its groups or everybody, the newest of
    each first."""
    return [fact for fact, _ in list_facts_known_to(tx, npc, Wanted(()), MOST_LASTING_FACTS)]


def _wanted(texts: Sequence[str]) -> Wanted:
    return Wanted.of(texts[0] if texts else "")


def _known_facts(
    tx: Connection,
    campaign_id: str,
    question: str,
    names: Sequence[str],
    asked_of: Sequence[Npc],
    told: Set[str],
) -> list[KnownFact]:
    """What the game master asks about, whoever may know it, and what the NPCs that the question
    names were told: half of the room is theirs if they need it. Nothing that was `told` already."""
    about = list_facts_about(tx, campaign_id, Wanted.of(question, names), MOST_FACTS)
    wanted = Wanted.of(question)
    each = MOST_FACTS // 2 // max(1, len(asked_of[:MOST_ASKED_OF]))
    theirs = [
        known
        for npc in asked_of[:MOST_ASKED_OF]
        for known in list_facts_known_to(tx, npc, wanted, each, with_public=False)
    ]
    half = MOST_FACTS // 2
    chosen = {fact.id: fact for fact, _ in (*about[:half], *theirs, *about[half:])}
    return [fact for fact in chosen.values() if fact.id not in told][:MOST_FACTS]


def _game_session_facts(tx: Connection, game: GameSession) -> GameSessionFacts:
    notes = table_log.list_newest_notes(tx, game.id, MOST_ENTRIES)
    events = table_log.list_newest_events(tx, game.id, MOST_ENTRIES)
    counts = (len(notes), len(events))
    if MOST_ENTRIES in counts:
        counts = table_log.count_entries(tx, game.id)
    new_notes, new_events = (count % ENTRIES_AT_ONCE for count in counts)
    settled_notes, latest_notes = _settle(notes, new_notes)
    settled_events, latest_events = _settle(events, new_events)
    timed = [(note.at, note.id, sheets.note_fact(note)) for note in latest_notes]
    timed += [(event.at, event.id, sheets.event_fact(event)) for event in latest_events]
    return GameSessionFacts(
        id=game.id,
        number=game.session_number,
        title=game.title,
        status=game.status,
        plan=game.plan,
        notes=tuple(map(sheets.note_fact, settled_notes)),
        events=tuple(map(sheets.event_fact, settled_events)),
        rolls=sheets.rolls_fact(table_log.list_newest_rolls(tx, game.id, MOST_ROLLS)),
        latest=tuple(fact for _, _, fact in sorted(timed, key=lambda one: one[:2])),
    )


def _settle(entries: Sequence[L], newest: int) -> tuple[Sequence[L], Sequence[L]]:
    """The entries that stay as they are until so many more are there, and the newest ones."""
    at = len(entries) - newest
    return entries[max(0, at - (MOST_ENTRIES - ENTRIES_AT_ONCE)) : at], entries[at:]


def _recap(tx: Connection, campaign_id: str, before: int | None) -> tuple[str, str]:
    """The text and its title."""
    last = find_last_game_session(tx, campaign_id, before)
    if last is None or (not last.text and not last.is_running):
        return "", LAST_TIME
    if last.source == "recap":
        return last.text, LAST_TIME
    return last.text or "There are no notes yet.", last.title


def _moment(game: GameSession | None) -> Moment:
    if game is None or game.status == "ended":
        return "between"
    return "at_table" if game.status == "running" else "preparing"


def _around(tx: Connection, npc: Npc) -> list[Location]:
    """Where the NPC lives, what that is in, and so on outwards."""
    found: list[Location] = []
    wanted = npc.location_id
    while wanted is not None and len(found) < MOST_AROUND:
        place = find_entity(tx, LOCATION, wanted)
        if place is None or place in found:
            break
        found.append(place)
        wanted = place.parent_id
    return found


def _location_name(tx: Connection, npc: Npc) -> str:
    location = find_entity(tx, LOCATION, npc.location_id) if npc.location_id else None
    return location.name if isinstance(location, Location) else ""


def _list_others(counts: Mapping[str, int]) -> list[EntityKind[Any]]:
    """The kinds without a table of their own that every prompt tells of, if there are any."""
    kinds = (one for one in list_things() if one.table is things_table and one.most_in_prompts)
    return [one for one in kinds if counts[one.name]]


def _ids(refs: Iterable[EntityRef], kind: KindName) -> list[str]:
    return [ref.id for ref in refs if ref.kind == kind]


def _is(ref: EntityRef, subject: Npc | None) -> bool:
    return subject is not None and ref == EntityRef("npc", subject.id)
