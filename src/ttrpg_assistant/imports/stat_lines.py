"""Stat blocks of other programs as lines of text, the way `campaigns.stat_blocks` reads numbers in.

Pure. Values of any game come through: what is not known by name is written as "Name: value".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ttrpg_assistant.campaigns.shapes import say

SIX = ("STR", "DEX", "CON", "INT", "WIS", "CHA")

_LABELS: Mapping[str, str] = {
    "ac": "AC",
    "armor_class": "AC",
    "hp": "HP",
    "hit_points": "HP",
    "hit_dice": "Hit Dice",
    "speed": "Speed",
    "saves": "Saving Throws",
    "saving_throws": "Saving Throws",
    "skillsaves": "Skills",
    "skills": "Skills",
    "senses": "Senses",
    "languages": "Languages",
    "cr": "CR",
    "challenge_rating": "CR",
    "passive_perception": "Passive Perception",
}

_GROUPS: Mapping[str, str] = {
    "traits": "Traits",
    "special_abilities": "Traits",
    "actions": "Actions",
    "bonus_actions": "Bonus actions",
    "reactions": "Reactions",
    "legendary_actions": "Legendary actions",
    "mythic_actions": "Mythic actions",
    "lair_actions": "Lair actions",
    "spells": "Spells",
}

MOST_LINES = 2_000


def list_stat_lines(values: Mapping[str, Any], skip: frozenset[str] = frozenset()) -> list[str]:
    """One line for each value, numbers first, then attributes, then what it can do."""
    lines: list[str] = []
    groups: list[str] = []
    for name, value in values.items():
        if name in skip or value in (None, "", [], {}):
            continue
        key = name.lower().replace(" ", "_")
        if key in ("stats", "fage_stats") and isinstance(value, list | tuple):
            lines += [_say_attributes(value)]
        elif key in _GROUPS and isinstance(value, list | tuple | Mapping):
            groups += ["", _GROUPS[key], *list_abilities(value)]
        else:
            lines.append(f"{_LABELS.get(key, _spell(name))} {_flat(value)}".rstrip())
    return [*lines, *groups][:MOST_LINES]


def list_abilities(value: Any) -> list[str]:
    """What a creature can do, one ability a line: "Bite. +4 to hit …"."""
    if isinstance(value, Mapping):
        return [f"{name}. {_flat(one)}" for name, one in value.items()]
    lines = []
    for one in value:
        if isinstance(one, Mapping):
            name = say(one.get("name") or "")
            text = say(one.get("desc") or one.get("description") or one.get("text") or "")
            known = {"name", "desc", "description", "text"}
            rest = {key: inner for key, inner in one.items() if key not in known and inner}
            more = f" ({_flat(rest)})" if rest else ""
            lines.append(" ".join(f"{name}.{more} {text}".split()) if name else text or more)
        elif isinstance(one, list | tuple) and len(one) == 2:
            lines.append(" ".join(f"{say(one[0])}. {say(one[1])}".split()))
        else:
            lines.append(" ".join(say(one).split()))
    return [line for line in lines if line]


def _say_attributes(values: list[Any] | tuple[Any, ...]) -> str:
    if len(values) == len(SIX):
        return ", ".join(f"{name} {say(one)}" for name, one in zip(SIX, values, strict=True))
    return f"Attributes {', '.join(say(one) for one in values)}"


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{_spell(str(name))} {_flat(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_flat(one) for one in value)
    return " ".join(say(value).split())


def _spell(name: str) -> str:
    plain = " ".join(name.replace("_", " ").split())
    return plain[:1].upper() + plain[1:]
