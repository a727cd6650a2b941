"""From a campaign to the facts of one prompt (FR-100..102, FR-108, FR-200, FR-201).

`CampaignFactSource.gather` is handed to the turn runner and called in its reading transaction.
Lists of who and what there is do not depend on the question: present in the scene and used
lately, in the order of making. What the talk names comes apart from them, and so does what
was noted last at the table, so that the rest of a prompt stays the same from turn to turn.
Talk *as* an NPC gets a `VoiceSheet` and nothing else (`voice_facts`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns import sheets
from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.facts_in_prompts import (
    list_facts_for_gm,
    list_lasting_facts,
    list_party_facts,
)
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.in_use import list_ids, list_in_use
from ttrpg_assistant.campaigns.kinds.location import KIND as LOCATION
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.kinds.plot_point import KIND as PLOT_POINT
from ttrpg_assistant.campaigns.mentions import EntityRef
from ttrpg_assistant.campaigns.model import Location, Npc
from ttrpg_assistant.campaigns.name_indexes import NameIndexes, find_named
from ttrpg_assistant.campaigns.ports import FindFacts
from ttrpg_assistant.campaigns.quotable import gather_quotable
from ttrpg_assistant.campaigns.registry import (
    KINDS,
    describe_kinds,
    list_named_in_talk,
    list_things,
)
from ttrpg_assistant.campaigns.relation_facts import list_relation_lines
from ttrpg_assistant.campaigns.store import prompt_reading as reading
from ttrpg_assistant.campaigns.store.entities import find_entity
from ttrpg_assistant.campaigns.store.listeners import list_listeners
from ttrpg_assistant.campaigns.table_facts import describe_game_session, find_moment, find_recap
from ttrpg_assistant.campaigns.tables import things as things_table
from ttrpg_assistant.campaigns.voice_facts import MOST_MENTIONED, gather_voice
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.prompts.facts import CampaignFacts, Mode, NpcSheet, VoiceSheet

MOST_NPCS = 20
MOST_LOCATIONS = 10
"""Summaries in a prompt (seed, Part 2 notes); what is named in the talk comes past them."""
MOST_PLOT_POINTS = 20


@dataclass(frozen=True, slots=True)
class GatheredFacts:
    """What a prompt may be built from. In voice mode only `voice` is set."""

    campaign: CampaignFacts | None = None
    subject: NpcSheet | None = None
    voice: VoiceSheet | None = None


class CampaignFactSource:
    """Gathers facts; keeps the name indexes of the campaigns used lately. Safe across threads."""

    def __init__(self, find_facts: FindFacts, names: NameIndexes | None = None) -> None:
        self._find_facts = find_facts
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
            names = self._names.find(tx, npc.campaign_id)
            return GatheredFacts(voice=gather_voice(tx, npc, names, text_and_recent))
        if npc is not None:
            campaign_id = npc.campaign_id
        subject, told = None, set[str]()
        if npc is not None:
            known = list_lasting_facts(tx, npc)
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
            kind.name: reading.list_by_id(tx, kind, list_ids(named, kind.name))
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
        about = list_facts_for_gm(
            tx, self._find_facts, campaign_id, question, spoken, asked_of, told
        )
        listeners = list_listeners(tx, [fact.id for fact in about])
        recap, recap_title = find_recap(tx, campaign_id, before)
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
                for npc, why in list_in_use(tx, NPC, campaign_id, MOST_NPCS)
                if subject is None or npc.id != subject.id
            ],
            locations=[
                sheets.brief_fact(LOCATION, place, why)
                for place, why in list_in_use(tx, LOCATION, campaign_id, MOST_LOCATIONS)
            ],
            plot_points=[
                sheets.brief_fact(PLOT_POINT, point, "recent")
                for point in sorted(open_points, key=lambda point: point.id)
            ],
            mentioned=[
                *(details[ref.id] for ref in named if ref.id in details),
                *(sheets.stored_fact(fact, listeners.get(fact.id, ())) for fact in about),
            ],
            game_session=None if game_session is None else describe_game_session(tx, game_session),
            recap=recap,
            recap_title=recap_title,
            npc_count=names.counts["npc"] - (subject is not None and subject.archived_at is None),
            location_count=names.counts["location"],
            gm_notes=campaign.gm_notes,
            moment=find_moment(game_session),
            quotable=gather_quotable(tx, campaign_id, things, names.counts, related)
            if for_quotes
            else None,
            others=[
                (
                    kind.plural,
                    [
                        sheets.brief_fact(kind, one, why)
                        for one, why in list_in_use(tx, kind, campaign_id, kind.most_in_prompts)
                    ],
                )
                for kind in _list_others(names.counts)
            ]
            + [("What the party knows", list_party_facts(tx, campaign_id))],
            taught=describe_kinds(),
        )


def _list_others(counts: Mapping[str, int]) -> list[EntityKind[Any]]:
    """The kinds without a table of their own that every prompt tells of, if there are any."""
    kinds = (one for one in list_things() if one.table is things_table and one.most_in_prompts)
    return [one for one in kinds if counts[one.name]]


def _location_name(tx: Connection, npc: Npc) -> str:
    location = find_entity(tx, LOCATION, npc.location_id) if npc.location_id else None
    return location.name if isinstance(location, Location) else ""


def _is(ref: EntityRef, subject: Npc | None) -> bool:
    return subject is not None and ref == EntityRef("npc", subject.id)
