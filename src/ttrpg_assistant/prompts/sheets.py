"""An NPC's own section: everything for talk about it, only what it knows for talk as it."""

from __future__ import annotations

from collections.abc import Iterable

from ttrpg_assistant.prompts.budget import Section
from ttrpg_assistant.prompts.facts import NpcSheet, VoiceSheet
from ttrpg_assistant.prompts.manifest import EntityUse
from ttrpg_assistant.prompts.sanitise import sanitise
from ttrpg_assistant.prompts.sections import NAME_LIMIT, Pair, lines_section


def _each(label: str, values: Iterable[str]) -> list[Pair]:
    return [(label, value) for value in values]


def _manner(sheet: NpcSheet | VoiceSheet) -> list[Pair]:
    return [
        *_each("Has said", sheet.sample_lines),
        *_each("Mannerism", sheet.mannerisms),
        *_each("Never says", sheet.never_says),
    ]


def about_section(sheet: NpcSheet) -> Section:
    """The whole sheet, secrets included (seed, "About Mode Prompt"; FR-200)."""
    pairs: list[Pair] = [
        ("Name", sheet.name),
        ("Role in the campaign", sheet.role or "Minor NPC"),
        ("Background", sheet.background or "Unknown"),
        ("Personality", sheet.personality or "Not defined"),
        ("Motivations", sheet.motivations),
        ("Appearance", sheet.appearance),
        ("Speaking style", sheet.speaking_style),
        *[("Connection", _joined(one.label, one.value)) for one in sheet.connections],
        *[
            ("Secret, may be hinted at" if secret.may_hint else "Secret", secret.text)
            for secret in sheet.secrets
        ],
        ("Game master's notes", sheet.gm_notes),
        *_manner(sheet),
        *_each("Belongs to", sheet.groups),
        *[(one.label, one.value) for one in sheet.more],
    ]
    return _section(sheet, pairs)


def voice_section(sheet: VoiceSheet) -> Section:
    """The sheet as the NPC itself would write it (seed, "Voice Mode Prompt"; FR-201)."""
    pairs: list[Pair] = [
        ("Name", sheet.name),
        ("Role", sheet.role),
        ("Background", sheet.background or "a mysterious past"),
        ("Personality", sheet.personality or "reserved"),
        ("Speaking style", sheet.speaking_style or "speaks plainly"),
        ("Current situation", sheet.situation or "in conversation with the party"),
        *_each("Also here", sheet.present),
        ("Motivations", sheet.motivations),
        ("Appearance", sheet.appearance),
        *[("Knows", _joined(name, relation)) for name, relation in sheet.connections],
        *_each("May let on, without saying it", sheet.hints),
        *_manner(sheet),
        *sheet.more,
    ]
    return _section(sheet, pairs)


def _joined(name: str, relation: str) -> str:
    return f"{name} ({relation})" if relation.strip() else name


def _section(sheet: NpcSheet | VoiceSheet, pairs: list[Pair]) -> Section:
    use = EntityUse("npc", sheet.npc_id, sanitise(sheet.name, NAME_LIMIT), "subject")
    return lines_section("character", "", pairs, use=use)
