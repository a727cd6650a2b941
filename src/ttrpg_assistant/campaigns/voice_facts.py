"""What an NPC sees: the facts of a prompt in which it speaks.

No facts of the game master's are even read for it, and of what is known only what is for it.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import partial
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns import sheets
from ttrpg_assistant.campaigns.audiences import audience_of, audience_of_name, viewer_of
from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.facts_in_prompts import (
    MOST_LASTING_FACTS,
    list_facts_asked_about,
    list_lasting_facts,
)
from ttrpg_assistant.campaigns.in_use import list_ids, list_in_use
from ttrpg_assistant.campaigns.kinds.location import KIND as LOCATION
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.mentions import EntityRef
from ttrpg_assistant.campaigns.model import Entity, Location, Npc
from ttrpg_assistant.campaigns.name_indexes import Names, find_named
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.campaigns.relation_facts import list_seen_relations
from ttrpg_assistant.campaigns.seen import choose_seen
from ttrpg_assistant.campaigns.store import prompt_reading as reading
from ttrpg_assistant.campaigns.store.audiences import list_admitting_words
from ttrpg_assistant.campaigns.store.entities import find_entity
from ttrpg_assistant.campaigns.store.relation_reading import name_things
from ttrpg_assistant.campaigns.tables import things as things_table
from ttrpg_assistant.prompts.audience import Viewer, may_see
from ttrpg_assistant.prompts.entity_facts import EntityFact
from ttrpg_assistant.prompts.facts import VoiceSheet, voice_sheet

MOST_PRESENT = 20
"""NPCs in the scene whose names an NPC knows."""
MOST_MENTIONED = 30
"""Things named in the talk."""
MOST_AROUND = 4
"""Places an NPC knows from the one where it lives outwards."""
MOST_NEAR = 12
"""Places it knows by name, because they are in one of those."""


def gather_voice(tx: Connection, npc: Npc, names: Names | None, texts: Sequence[str]) -> VoiceSheet:
    """What the NPC knows that is to speak, itself and of others, for one prompt. `texts` is what
    is said to it, then recent talk, newest first."""
    lasting = list_lasting_facts(tx, npc)
    facts = [sheets.known_fact(fact, npc.id, "summary") for fact in lasting]
    if len(lasting) == MOST_LASTING_FACTS:
        there = {fact.id for fact in lasting}
        question = texts[0] if texts else ""
        facts += [
            sheets.known_fact(fact, npc.id, "mentioned")
            for fact in list_facts_asked_about(tx, npc, question)
            if fact.id not in there
        ]
    viewer = viewer_of(npc)
    present = choose_seen(
        lambda count: reading.list_present(tx, NPC, npc.campaign_id, count),
        lambda one: _hears_of(viewer, one),
        MOST_PRESENT,
    )
    others = sorted((one for one in present if one.id != npc.id), key=lambda one: one.id)
    around = _around(tx, npc, viewer)
    location = around[0].name if around else ""
    campaign = reading.find_campaign(tx, npc.campaign_id)
    named: Sequence[EntityRef] = ()
    if names is not None:
        heard = find_named(names.index, texts, lambda refs: _list_heard_of(tx, viewer, refs))
        named = heard[:MOST_MENTIONED]
    facts += list_seen_relations(tx, npc, viewer, [ref.id for ref in named])
    facts += _seen_things(tx, npc, viewer, names, named)
    inside = [place.id for place in around]
    near = choose_seen(
        lambda count: reading.list_within(tx, npc.campaign_id, inside, count),
        lambda one: one not in around and _hears_of(viewer, one),
        MOST_NEAR,
    )
    near.sort(key=lambda one: one.id)
    return voice_sheet(
        sheets.voice_parts(npc, location),
        facts,
        situation=f"at {location}, in conversation with the party" if location else "",
        present=tuple(other.name for other in others),
        world=() if campaign is None else sheets.world_lines(campaign, around, near),
        viewer=viewer,
    )


def _seen_things(
    tx: Connection, npc: Npc, viewer: Viewer, names: Names | None, named: Sequence[EntityRef]
) -> list[EntityFact]:
    """Things whose audience may be anybody: those told of in every prompt, then what the talk
    names. What of them the NPC may see is decided where the sheet is made."""
    others = [one for one in list_things() if "known_to" in one.fields]
    kinds = [] if names is None else [one for one in others if names.counts[one.name]]
    found: dict[str, EntityFact] = {}
    for kind in kinds:
        for one in _list_lasting(tx, kind, npc.campaign_id, viewer):
            found[one.id] = sheets.seen_fact(kind, one, "summary")
    for kind in kinds:
        for one in reading.list_by_id(tx, kind, list_ids(named, kind.name)):
            found.setdefault(one.id, sheets.seen_fact(kind, one, "mentioned"))
    return [fact for id, fact in found.items() if id != npc.id]


def _list_heard_of(tx: Connection, viewer: Viewer, refs: Set[EntityRef]) -> Set[EntityRef]:
    """Those whose names are for this NPC."""
    named = name_things(tx, refs)
    heard = {end for end, one in named.items() if may_see(viewer, one.audience)}
    return {ref for ref in refs if ref in heard}


def _list_lasting(
    tx: Connection, kind: EntityKind[Any], campaign_id: str, viewer: Viewer
) -> list[Any]:
    """What of a kind a prompt tells of whatever is asked. NPCs and locations are mostly known by
    name alone, so of them only what may be for this NPC is read."""
    most = kind.most_in_prompts

    def is_seen(one: Entity) -> bool:
        return may_see(viewer, audience_of(one))

    if kind.table is things_table:
        return [one for one, _ in list_in_use(tx, kind, campaign_id, most, is_seen)]
    meant = [
        one
        for word in list_admitting_words(viewer)
        for one in choose_seen(
            partial(reading.list_meant_for, tx, kind, campaign_id, word), is_seen, most
        )
    ]
    latest = sorted(meant, key=lambda one: (one.last_used_at, one.id), reverse=True)[:most]
    return sorted(latest, key=lambda one: str(one.id))


def _around(tx: Connection, npc: Npc, viewer: Viewer) -> list[Location]:
    """Where the NPC lives, what that is in, and so on outwards, as far as it may hear of it."""
    found: list[Location] = []
    wanted = npc.location_id
    while wanted is not None and len(found) < MOST_AROUND:
        place = find_entity(tx, LOCATION, wanted)
        if place is None or place in found or not _hears_of(viewer, place):
            break
        found.append(place)
        wanted = place.parent_id
    return found


def _hears_of(viewer: Viewer, thing: Npc | Location) -> bool:
    """Whether its name is for this NPC."""
    return may_see(viewer, audience_of_name(thing))
