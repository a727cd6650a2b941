"""What a prompt tells of relations.

The game master's prompts tell them with the thing that is named. An NPC that speaks knows how it
feels about others, unless that is the game master's alone, and of all other relations those whose
audience lets it. It hears of none with a thing whose very name is not for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.audiences import relation_audience
from ttrpg_assistant.campaigns.model import Npc, Relation
from ttrpg_assistant.campaigns.relations import ATTITUDES
from ttrpg_assistant.campaigns.seen import WIDENED
from ttrpg_assistant.campaigns.store.relation_reading import (
    Named,
    list_named,
    list_relations_of,
)
from ttrpg_assistant.campaigns.store.relations import End, ends_of
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.prompts.audience import GM_ONLY, Viewer, may_see
from ttrpg_assistant.prompts.entity_facts import EntityFact, FactLine, Why

MOST_OF_ONE = 12
"""Relations that stand in a prompt with one thing."""

MOST_OWN = 20
"""Relations of its own that an NPC knows in every prompt."""

MOST_LOOKED_AT = 60
"""Of one thing: among so many are those looked for whose ends are there and which may be known."""

NAME_CHARACTERS = 40
"""Of a name within a label."""


def list_relation_lines(tx: Connection, ids: Sequence[str]) -> dict[str, tuple[FactLine, ...]]:
    """The relations of each of these things as lines of its sheet: those between
    two of them first."""
    found = list_relations_of(tx, ids, MOST_OF_ONE)
    named = list_named(tx, found)
    missing = {end for one in found for end in ends_of(one)} - named.keys()
    if missing:
        # Some are hidden with what they are about: others take their place.
        found = list_relations_of(tx, ids, MOST_LOOKED_AT)
        named = list_named(tx, found)
    lines: dict[str, list[tuple[FactLine, ...]]] = {id: [] for id in ids}
    for one in found:
        if all(end in named for end in ends_of(one)):
            start, goal = (call_end(named[end]) for end in ends_of(one))
            for id, label in ((one.from_id, f"to {goal}"), (one.to_id, f"from {start}")):
                if id in lines and len(lines[id]) < MOST_OF_ONE:
                    lines[id].append(_tell(one, label))
    return {id: tuple(line for told in own for line in told) for id, own in lines.items()}


def _tell(one: Relation, label: str) -> tuple[FactLine, ...]:
    said = FactLine(f"Relation {label}", tell_relation(one), relation_audience(one))
    note = FactLine(f"Note on the relation {label}", one.note, GM_ONLY)
    return (said, note) if one.note else (said,)


def tell_relation(one: Relation) -> str:
    """`owes her a debt; attitude: wary`, without the note."""
    attitude = "" if one.attitude is None else f"attitude: {ATTITUDES[one.attitude]}"
    return "; ".join(filter(None, (one.label, attitude))) or "related"


def list_seen_relations(
    tx: Connection, npc: Npc, viewer: Viewer, named_ids: Iterable[str]
) -> list[EntityFact]:
    """What the NPC knows of relations: its own, the newest first, then those of what is named."""
    own = list_known_relations(tx, [npc.id], viewer)
    lasting = {one.id for one, _ in own[:MOST_OWN]}
    told = [_seen(one, named, npc, "summary") for one, named in own[:MOST_OWN]]
    others = [id for id in dict.fromkeys(named_ids) if id != npc.id]
    if others:
        asked = list_known_relations(tx, [*others, npc.id], viewer)
        told += [
            _seen(one, named, npc, "mentioned")
            for one, named in asked
            if one.id not in lasting and not {one.from_id, one.to_id}.isdisjoint(others)
        ][: MOST_OF_ONE * 4]
    return told


def list_known_relations(
    tx: Connection, ids: Sequence[str], viewer: Viewer
) -> list[tuple[Relation, Mapping[End, Named]]]:
    """The relations of these things that the viewer knows of, each with what its ends are called;
    none with a thing whose very name is not for it. Its own name it knows, whoever else may."""
    most = MOST_LOOKED_AT
    while True:
        found = list_relations_of(tx, ids, most, viewer)
        known = _list_known_among(tx, found, viewer)
        if len(found) < most or len(known) >= MOST_LOOKED_AT:
            return known
        most *= WIDENED  # What is not for this viewer takes no place.


def _list_known_among(
    tx: Connection, found: Iterable[Relation], viewer: Viewer
) -> list[tuple[Relation, Mapping[End, Named]]]:
    found = [one for one in found if may_see(viewer, relation_audience(one))]
    named = list_named(tx, found)

    def is_known(end: End) -> bool:
        if end not in named:
            return False
        is_own = end == (viewer.kind, viewer.id) and named[end].is_in_world
        return is_own or may_see(viewer, named[end].audience)

    return [(one, named) for one in found if all(map(is_known, ends_of(one)))]


def _seen(one: Relation, named: Mapping[End, Named], npc: Npc, why: Why) -> EntityFact:
    start, goal = (named[end] for end in ends_of(one))
    if one.from_id == npc.id:
        title = f"Relation to {call_end(goal)}"
    elif one.to_id == npc.id:
        title = f"Relation of {call_end(start)} to you"
    else:
        title = f"Relation of {call_end(start)} to {call_end(goal)}"
    lines = (FactLine("Relation", tell_relation(one)),)
    return EntityFact(
        "note", one.id, title, lines, relation_audience(one), why, is_lasting=why != "mentioned"
    )


def call_end(named: Named) -> str:
    """What an end of a relation is called in a line: `Mira (NPC)`."""
    return f"{cut_text(named.name, NAME_CHARACTERS)} ({named.noun})"
