"""Entities as the labelled lines a prompt is made of. Pure.

What stands here is read by the game master and by talk *about* the campaign. Talk *as* an NPC
is built from `voice_parts` alone, which leaves secrets and GM notes behind.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from ttrpg_assistant.campaigns.model import (
    Campaign,
    Json,
    Listener,
    Location,
    Npc,
    PlotPoint,
    SessionEvent,
    SessionNote,
)
from ttrpg_assistant.campaigns.model import KnownFact as StoredFact
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.prompts.entity_facts import (
    GM_ONLY,
    PUBLIC,
    Audience,
    EntityFact,
    FactLine,
    Why,
)
from ttrpg_assistant.prompts.facts import NpcSheet, Secret

ROLL_CHARACTERS = 60
"""Of one roll, as prompts tell of it."""

MOST_LINES = 100
"""Lines taken from a JSON object such as the world state."""


def list_lines(value: Json) -> tuple[FactLine, ...]:
    """A JSON object as lines: its names as labels, what is nested as compact text."""
    return tuple(
        FactLine(label, _say(inner)) for label, inner in list(value.items())[:MOST_LINES] if label
    )


def _say(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(_say, value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_say(inner)}" for name, inner in value.items())
    return "" if value is None else json.dumps(value)


def _lines(*pairs: tuple[str, str]) -> tuple[FactLine, ...]:
    return tuple(FactLine(label, value) for label, value in pairs if value)


def npc_summary(npc: Npc, why: Why) -> EntityFact:
    """An NPC in a few lines, for the list of who there is."""
    lines = _lines(("Role", npc.role), ("Status", npc.status), ("Personality", npc.personality))
    return EntityFact("npc", npc.id, npc.name, lines, GM_ONLY, why)


def npc_details(npc: Npc, why: Why, location: str = "") -> EntityFact:
    """An NPC's fuller sheet, secrets included: for the game master's own talk."""
    lines = _lines(
        ("Also called", ", ".join(npc.aliases)),
        ("Role", npc.role),
        ("Status", npc.status),
        ("Location", location),
        ("Groups", ", ".join(npc.groups)),
        ("Background", npc.background),
        ("Personality", npc.personality),
        ("Appearance", npc.appearance),
        ("Motivations", npc.motivations),
        ("Speaking style", npc.speaking_style),
        *((f"Connection to {tie.target}", tie.relation) for tie in npc.connections),
        *(("Secret", secret.text) for secret in npc.secrets),
        ("GM notes", npc.gm_notes),
    )
    return EntityFact("npc", npc.id, npc.name, lines, GM_ONLY, why)


def location_summary(location: Location, why: Why) -> EntityFact:
    """A place in a few lines."""
    lines = _lines(("Kind", location.kind), ("Description", location.description))
    return EntityFact("location", location.id, location.name, lines, GM_ONLY, why)


def location_details(location: Location, why: Why) -> EntityFact:
    """A place's fuller sheet, secrets included."""
    lines = _lines(
        ("Also called", ", ".join(location.aliases)),
        ("Kind", location.kind),
        ("Description", location.description),
        *(("Feature", feature) for feature in location.features),
        *(("Secret", secret.text) for secret in location.secrets),
        ("GM notes", location.gm_notes),
    )
    return EntityFact("location", location.id, location.name, lines, GM_ONLY, why)


def plot_point_details(point: PlotPoint, why: Why) -> EntityFact:
    """A plot point; it is short enough to be given whole."""
    lines = _lines(
        ("Status", f"{point.status}, {'open' if point.is_open else 'resolved'}"),
        ("Description", point.description),
        ("GM notes", point.gm_notes),
    )
    audience = PUBLIC if point.audience == "public" else GM_ONLY
    return EntityFact(
        "plot_point", point.id, point.title, lines, audience, why, status=point.status
    )


def note_fact(note: SessionNote) -> EntityFact:
    """A note taken at the table."""
    audience = GM_ONLY if note.gm_only else PUBLIC
    return EntityFact("note", note.id, "Note", _lines(("Note", note.text)), audience, "present")


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


def stored_fact(fact: StoredFact, listeners: tuple[Listener, ...]) -> EntityFact:
    """A fact about the world and who knows it, for the game master's own talk."""
    names = [one.npc_name or one.group_name or "" for one in listeners]
    known_to = {"gm": "the GM only", "public": "everyone"}.get(fact.audience, ", ".join(names))
    lines = _lines(("Fact", fact.text), ("Known to", known_to))
    return EntityFact("note", fact.id, "Known fact", lines, GM_ONLY, "mentioned")


def known_fact(fact: StoredFact, npc_id: str, why: Why) -> EntityFact:
    """A fact that this NPC was found to know. Who else knows it is not the NPC's to know.

    One that is mentioned was found by the question; the others are known in every prompt.
    """
    audience = Audience("npcs", frozenset({npc_id}))
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


def about_sheet(npc: Npc, location: str = "", knows: tuple[str, ...] = ()) -> NpcSheet:
    """Everything about an NPC, for talk about it (seed, "About Mode Prompt")."""
    return _sheet(
        npc,
        location,
        knows,
        secrets=tuple(Secret(one.text, one.may_hint) for one in npc.secrets),
        gm_notes=npc.gm_notes,
    )


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
            ("Status", npc.status),
            ("Location", location),
            ("Groups", ", ".join(npc.groups)),
            *(("Knows", text) for text in knows),
        ),
        groups=npc.groups,
        secrets=secrets,
        gm_notes=gm_notes,
    )
