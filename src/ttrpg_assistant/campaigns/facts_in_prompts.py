"""Which known facts stand in a prompt: what an NPC or the party knows, what is asked about."""

from __future__ import annotations

from collections.abc import Sequence, Set

from sqlalchemy import Connection

from ttrpg_assistant.campaigns import sheets
from ttrpg_assistant.campaigns.audiences import viewer_of
from ttrpg_assistant.campaigns.model import KnownFact, Npc
from ttrpg_assistant.campaigns.ports import FindFacts
from ttrpg_assistant.campaigns.store.fact_reading import (
    list_facts_about,
    list_facts_known_to,
    list_facts_of_party,
)
from ttrpg_assistant.campaigns.store.listeners import list_listeners
from ttrpg_assistant.campaigns.wanted import Wanted
from ttrpg_assistant.prompts.entity_facts import EntityFact

MOST_FACTS = 40
MOST_LASTING_FACTS = 30
"""Facts an NPC knows in every prompt; of the others, those that bear on the question."""
MOST_OF_PARTY = 20
"""Facts that the party and its characters know in every prompt of the game master's."""
MOST_ASKED_OF = 4
"""NPCs named in a question whose knowledge is looked at for it."""


def list_lasting_facts(tx: Connection, npc: Npc) -> list[KnownFact]:
    """What the NPC knows in every prompt: shared with it, its groups or everybody, the newest of
    each first."""
    return [fact for fact, _ in _list_known_to(tx, npc, Wanted(()), MOST_LASTING_FACTS)]


def list_facts_asked_about(tx: Connection, npc: Npc, question: str) -> list[KnownFact]:
    """What the NPC knows that bears on the question."""
    asked = _list_known_to(tx, npc, Wanted.of(question), MOST_FACTS)
    return [fact for fact, score in asked if score]


def list_facts_for_gm(
    tx: Connection,
    find: FindFacts,
    campaign_id: str,
    question: str,
    names: Sequence[str],
    asked_of: Sequence[Npc],
    told: Set[str],
) -> list[KnownFact]:
    """What the game master asks about, whoever may know it, and what the NPCs that the question
    names were told: half of the room is theirs if they need it. Nothing that was `told` already."""
    about = list_facts_about(tx, find, campaign_id, Wanted.of(question, names), MOST_FACTS)
    wanted = Wanted.of(question)
    each = MOST_FACTS // 2 // max(1, len(asked_of[:MOST_ASKED_OF]))
    theirs = [
        known
        for npc in asked_of[:MOST_ASKED_OF]
        for known in _list_known_to(tx, npc, wanted, each, with_public=False)
    ]
    half = MOST_FACTS // 2
    chosen = {fact.id: fact for fact, _ in (*about[:half], *theirs, *about[half:])}
    return [fact for fact in chosen.values() if fact.id not in told][:MOST_FACTS]


def list_party_facts(tx: Connection, campaign_id: str) -> list[EntityFact]:
    """What the party and its characters know and not everybody, each with who knows it, in the
    order in which it was written down."""
    newest = list_facts_of_party(tx, campaign_id, MOST_OF_PARTY)
    known = sorted(newest, key=lambda fact: (fact.created_at, fact.id))
    listeners = list_listeners(tx, [fact.id for fact in known])
    return [sheets.stored_fact(fact, listeners.get(fact.id, ()), "summary") for fact in known]


def _list_known_to(
    tx: Connection, npc: Npc, wanted: Wanted, most: int, *, with_public: bool = True
) -> list[tuple[KnownFact, int]]:
    whose = (viewer_of(npc), npc.campaign_id)
    return list_facts_known_to(tx, *whose, wanted, most, with_public=with_public)
