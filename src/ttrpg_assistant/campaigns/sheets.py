"""Entities as the labelled lines a prompt is made of. Pure.

What stands here is read by the game master and by talk *about* the campaign. Talk *as* an NPC
is built from `voice_parts` alone, which leaves secrets and GM notes behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from ttrpg_assistant.campaigns.audiences import audience_of, audience_of_fact, note_audience
from ttrpg_assistant.campaigns.canon import FACT_LABELS, FALSE_LABEL, SAID, canon_of
from ttrpg_assistant.campaigns.declaration import EntityKind, Part
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.model import (
    Campaign,
    Entity,
    KindName,
    Listener,
    Location,
    Npc,
    SessionEvent,
    SessionNote,
)
from ttrpg_assistant.campaigns.model import KnownFact as StoredFact
from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.campaigns.shapes import OBJECT
from ttrpg_assistant.campaigns.store.entities import plain_values
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.prompts.audience import (
    ANYBODY,
    GM_ONLY,
    PARTY,
    Audience,
    is_gm_only,
    may_see,
)
from ttrpg_assistant.prompts.entity_facts import (
    EntityFact,
    FactLine,
    Why,
)
from ttrpg_assistant.prompts.facts import NpcSheet, Secret

ROLL_CHARACTERS = 60
"""Of one roll, as prompts tell of it."""


def list_entries(value: object) -> tuple[FactLine, ...]:
    """A JSON object such as the world state as lines: its names as labels."""
    return tuple(FactLine(label, text) for label, text in OBJECT.texts(value))


def _lines(*pairs: tuple[str, str]) -> tuple[FactLine, ...]:
    return tuple(FactLine(label, value) for label, value in pairs if value)


def list_fact_lines(
    kind: EntityKind[Any], thing: Entity, part: Part, names: Mapping[str, str] | None = None
) -> tuple[FactLine, ...]:
    """The lines of a thing that stand in this part of a prompt; those for the game master alone
    say so. `names` are what the things are called that its references point to, by id."""
    values = plain_values(thing, _list_read(kind.name, part))
    for name in kind.references:
        if name in values:
            values[name] = (names or {}).get(values[name] or "", "")
    return tuple(
        FactLine(label, text, GM_ONLY if is_gm_only else None)
        for label, text, is_gm_only in kind.list_lines(values, part)
    )


@cache
def _list_read(kind_name: KindName, part: Part) -> frozenset[str] | None:
    """The fields that the lines of this part are made of; None: it may be any."""
    kind = get_kind(kind_name)
    if part in kind.tell:
        return None
    fields = kind.fields.items()
    return frozenset(name for name, one in fields if part in one.parts or name == kind.canon_field)


class _Same:
    """A thing that is known by being the same object: prompts are made of things that were read
    before and did not change (`store/prompt_reading.py`)."""

    __slots__ = ("thing",)

    def __init__(self, thing: Entity) -> None:
        self.thing = thing

    def __hash__(self) -> int:
        return id(self.thing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.thing is self.thing


@lru_cache(maxsize=1_024)
def _brief(kind_name: KindName, same: _Same, why: Why) -> EntityFact:
    return _fact(get_kind(kind_name), same.thing, "brief", why, None)


def brief_fact(kind: EntityKind[Any], thing: Entity, why: Why) -> EntityFact:
    """A thing in a few lines, for the list of what there is."""
    return _brief(kind.name, _Same(thing), why)


def sheet_fact(
    kind: EntityKind[Any],
    thing: Entity,
    why: Why,
    names: Mapping[str, str] | None = None,
    related: tuple[FactLine, ...] = (),
) -> EntityFact:
    """A thing's fuller sheet, secrets and relations included: for the game master's own talk."""
    fact = _fact(kind, thing, "sheet", why, names)
    return replace(fact, lines=(*fact.lines, *related))


def seen_fact(kind: EntityKind[Any], thing: Entity, why: Why) -> EntityFact:
    """What those who may know of a thing know of it."""
    fact = _fact(kind, thing, "voice", why, None)
    seen = tuple(line for line in fact.lines if not is_gm_only(line.audience))
    return replace(fact, lines=seen, is_lasting=why != "mentioned")


def quoted_fact(
    kind: EntityKind[Any],
    thing: Entity,
    names: Mapping[str, str] | None = None,
    related: tuple[FactLine, ...] = (),
) -> EntityFact:
    """A thing with everything the built-in model quotes."""
    fact = _fact(kind, thing, "quote", "summary", names)
    return replace(fact, lines=(*fact.lines, *related))


def _fact(
    kind: EntityKind[Any], thing: Entity, part: Part, why: Why, names: Mapping[str, str] | None
) -> EntityFact:
    return EntityFact(
        kind.name,
        thing.id,
        str(getattr(thing, kind.name_field)),
        list_fact_lines(kind, thing, part, names),
        audience_of(thing),
        why,
        status=canon_of(thing),
        noun=kind.noun,
    )


def note_fact(note: SessionNote) -> EntityFact:
    """A note taken at the table."""
    lines, audience = _lines(("Note", note.text)), note_audience(note.gm_only)
    return EntityFact("note", note.id, "Note", lines, audience, "present")


def event_fact(event: SessionEvent) -> EntityFact:
    """Something that happened at the table."""
    return EntityFact(
        "event", event.id, event.kind, _lines(("Event", event.text)), GM_ONLY, "present"
    )


def tell_rolls(rolls: Sequence[SessionEvent]) -> str:
    """Rolls in one short line, without their single faces: `2d6+3 = 11; d20 = 4`."""
    heads = (roll.text.partition("[")[0] for roll in rolls)
    return "; ".join(" ".join(cut_text(head, ROLL_CHARACTERS).split()) for head in heads)


def rolls_fact(rolls: Sequence[SessionEvent]) -> EntityFact | None:
    """The rolls of dice of an evening in one line, oldest first; None without any."""
    if not rolls:
        return None
    lines = _lines(("Rolled, the newest last", tell_rolls(rolls)))
    return EntityFact("event", rolls[-1].id, "dice", lines, GM_ONLY, "present")


def stored_fact(
    fact: StoredFact, listeners: tuple[Listener, ...], why: Why = "mentioned"
) -> EntityFact:
    """A fact about the world and who knows it, for the game master's own talk."""
    known = _tell_knowers(fact, listeners)
    says = FALSE_LABEL if fact.is_false and fact.canon == "happened" else FACT_LABELS[fact.canon]
    lines = _lines((says, fact.text), ("Known to", known))
    return EntityFact("note", fact.id, "Known fact", lines, GM_ONLY, why, status=fact.canon)


def _tell_knowers(fact: StoredFact, listeners: tuple[Listener, ...]) -> str:
    audience = audience_of_fact(fact, listeners)
    if is_gm_only(audience):
        return "the GM only"
    if may_see(ANYBODY, audience):
        return "everyone"
    names = [one.npc_name or one.character_name or one.group_name or "" for one in listeners]
    return ", ".join(["the party", *names] if may_see(PARTY, audience) else names)


def known_fact(fact: StoredFact, npc_id: str, why: Why) -> EntityFact:
    """A fact that this NPC was found to know. Who else knows it is not the NPC's to know.

    One that is mentioned was found by the question; the others are known in every prompt.
    """
    audience = Audience("some", npcs=frozenset({npc_id}))
    lines = _lines(("Fact", fact.text))
    lasting = why != "mentioned"
    return EntityFact("note", fact.id, "Known fact", lines, audience, why, lasting)


def world_lines(
    campaign: Campaign, around: Sequence[Location], near: Sequence[Location]
) -> tuple[tuple[str, str], ...]:
    """What everybody in the campaign knows: its game and setting, its tone, where the NPC lives
    and what is `near` that. Of places only names and kinds, and what there is to see where it
    lives: what else is written of one is the game master's, as a campaign's description is."""
    tone = campaign.world_state.get("tone")
    lines = [("Game system", campaign.system), ("Setting", campaign.setting)]
    lines += [("Tone", tone)] if isinstance(tone, str) else []
    for at, place in enumerate(around):
        label = "You live at" if at == 0 else "Which is in"
        seen = f": {'; '.join(place.features)}" if place.features else ""
        lines.append((label, f"{_place(place)}{seen}"))
    lines.append(("Places near you", "; ".join(map(_place, near))))
    return tuple((label, value) for label, value in lines if value)


def _place(location: Location) -> str:
    return f"{location.name} ({location.kind})" if location.kind else location.name


def about_sheet(
    npc: Npc,
    location: str = "",
    knows: tuple[str, ...] = (),
    related: tuple[FactLine, ...] = (),
) -> NpcSheet:
    """Everything about an NPC, for talk about it (seed, "About Mode Prompt")."""
    sheet = _sheet(
        npc,
        location,
        knows,
        secrets=tuple(Secret(one.text, one.may_hint) for one in npc.secrets),
        gm_notes=npc.gm_notes,
        canon=SAID[npc.canon],
    )
    return replace(sheet, more=(*sheet.more, *related))


def voice_parts(npc: Npc, location: str = "") -> NpcSheet:
    """What an NPC is to itself, for talk as it: no GM notes, and of its secrets only those the
    game master released for hinting."""
    hints = tuple(Secret(one.text, True) for one in npc.secrets if one.may_hint)
    return _sheet(npc, location, (), secrets=hints, gm_notes="")


def _sheet(
    npc: Npc,
    location: str,
    knows: tuple[str, ...],
    *,
    secrets: tuple[Secret, ...],
    gm_notes: str,
    canon: str = "",
) -> NpcSheet:
    return NpcSheet(
        npc_id=npc.id,
        name=npc.name,
        role=npc.role,
        background=npc.background,
        personality=npc.personality,
        appearance=npc.appearance,
        motivations=npc.motivations,
        speaking_style=npc.speaking_style,
        sample_lines=npc.sample_lines,
        mannerisms=npc.mannerisms,
        never_says=npc.never_says,
        connections=tuple(FactLine(tie.target, tie.relation) for tie in npc.connections),
        more=_lines(
            ("Also called", ", ".join(npc.aliases)),
            ("Canon", canon),
            ("Status", npc.status),
            ("Location", location),
            ("Groups", ", ".join(npc.groups)),
            *(
                (label, text)
                for label, text, is_gm_only in NPC.list_lines(npc.more, "voice")
                if not is_gm_only
            ),
            *(("Knows", text) for text in knows),
        ),
        groups=npc.groups,
        secrets=secrets,
        gm_notes=gm_notes,
    )
