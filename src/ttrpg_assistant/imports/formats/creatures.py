"""Creatures as JSON: Open5e (both versions of its API), the SRD, and what is shaped like them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ttrpg_assistant.campaigns.shapes import say
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.imports.gathering import Gathering
from ttrpg_assistant.imports.json_files import read_json
from ttrpg_assistant.imports.model import Reading, SourceFile
from ttrpg_assistant.imports.stat_lines import SIX, list_abilities

_LISTS = ("results", "creatures", "monsters", "monster", "data", "items")
_SIGNS = frozenset({"armor_class", "hit_points", "challenge_rating", "hit_dice", "ability_scores"})
_SIX = ("strength", "dexterity", "constitution", "intelligence", "wisdom", "charisma")
_SHORT = ("str", "dex", "con", "int", "wis", "cha")

_GROUPS: Mapping[str, str] = {
    "traits": "Traits",
    "special_abilities": "Traits",
    "actions": "Actions",
    "bonus_actions": "Bonus actions",
    "reactions": "Reactions",
    "legendary_actions": "Legendary actions",
    "spell_list": "Spells",
}
_DEFENCES: Mapping[str, str] = {
    "damage_vulnerabilities": "Damage Vulnerabilities",
    "damage_resistances": "Damage Resistances",
    "damage_immunities": "Damage Immunities",
    "condition_immunities": "Condition Immunities",
}
_FRACTIONS = {0.125: "1/8", 0.25: "1/4", 0.5: "1/2"}
_TEXTS = ("desc", "description", "flavor_text")
_ORIGIN = ("document", "document__title", "document__slug", "url", "key", "slug", "index", "source")


class Creatures:
    """One creature or many, as JSON."""

    name = "creatures"
    label = "Creatures (Open5e, SRD)"
    rank = 45

    def recognises(self, files: Sequence[SourceFile], beginning: bytes) -> bool:
        """Whether the JSON holds a creature: a name with armour and hit points."""
        return bool(files) and all(_find_creatures(read_json(one)) for one in files)

    def read(self, files: Sequence[SourceFile]) -> Reading:
        """Every creature with its stat block as lines."""
        found = Gathering(self.name)
        for file in files:
            for number, creature in enumerate(_find_creatures(read_json(file))):
                _add(found, file.name, number, creature)
        if not found.things:
            raise InvalidInput("There is no creature in this file.", code="import_empty")
        return found.make_reading()


FORMAT = Creatures()


def _find_creatures(value: Any) -> list[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        if _is_creature(value):
            return [value]
        value = next((value[one] for one in _LISTS if isinstance(value.get(one), list)), None)
    if not isinstance(value, list) or not value:
        return []
    # A fixture of Django wraps each row.
    rows = [one["fields"] if _is_fixture(one) else one for one in value]
    found = [one for one in rows if isinstance(one, Mapping) and _is_creature(one)]
    return found if found and _is_creature_row(rows[0]) else []


def _is_fixture(value: Any) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("fields"), Mapping)


def _is_creature_row(value: Any) -> bool:
    return isinstance(value, Mapping) and _is_creature(value)


def _is_creature(value: Mapping[str, Any]) -> bool:
    if not isinstance(value.get("name"), str) or not value["name"].strip():
        return False
    names = {str(one).lower() for one in value}
    if len(names & _SIGNS) >= 2:
        return True
    return {"ac", "hp"} <= names and bool({"cr", "stats", *_SHORT} & names)


def _add(found: Gathering, file_name: str, number: int, creature: Mapping[str, Any]) -> None:
    taken = {"name", "armor_desc", "armor_detail"}
    lines: list[str] = []
    for label, keys in (
        ("AC", ("armor_class", "ac")),
        ("HP", ("hit_points", "hp")),
        ("Hit Dice", ("hit_dice", "hit_points_roll")),
        ("Speed", ("speed",)),
    ):
        key = next((one for one in keys if creature.get(one) not in (None, "", [], {})), None)
        if key is not None:
            taken.update(keys)
            lines.append(_number_line(label, key, creature))
            found.used(key, "Stat block")
    lines += _attribute_lines(creature, taken)
    lines += _more_lines(creature, taken)
    lines += _group_lines(found, creature, taken)
    kind = " ".join(
        _name_of(creature.get(one)) for one in ("size", "type", "subtype") if creature.get(one)
    )
    text = "\n\n".join(say(creature[one]) for one in _TEXTS if isinstance(creature.get(one), str))
    taken.update(("size", "type", "subtype", *_TEXTS))
    source = next((_name_of(creature.get(one)) for one in _ORIGIN if creature.get(one)), "")
    kept = {name: one for name, one in creature.items() if name not in taken and one}
    for name in kept:
        found.kept(name)
    id = next((say(creature[one]) for one in ("key", "slug", "index") if creature.get(one)), "")
    given = {
        "name": creature["name"],
        "type": kind,
        "description": text,
        "stat_block": "\n".join(line for line in lines).strip(),
        "gm_notes": f"From: {source}" if source else "",
    }
    found.add_thing(
        f"{file_name}#{number}",
        "creature",
        given,
        source_id=id,
        kept=kept,
        file_name=file_name,
    )
    found.used("creatures", "Creatures")


def _number_line(label: str, key: str, creature: Mapping[str, Any]) -> str:
    value = creature[key]
    if key in ("armor_class", "ac") and isinstance(value, list):
        value = ", ".join(_armour(one) for one in value)
    if label == "Speed" and isinstance(value, Mapping):
        value = ", ".join(
            (f"{_distance(one)}" if name == "walk" else f"{name} {_distance(one)}")
            for name, one in value.items()
            if one not in (None, False, 0) and name != "unit"
        )
    detail = creature.get("armor_desc") or creature.get("armor_detail") if label == "AC" else ""
    dice = creature.get("hit_dice") if label == "HP" else ""
    more = f" ({say(detail or dice)})" if detail or dice else ""
    return f"{label} {_name_of(value)}{more}"


def _armour(value: Any) -> str:
    if isinstance(value, Mapping):
        said = say(value.get("value") or value.get("ac") or "")
        kind = say(value.get("type") or "")
        return f"{said} ({kind})" if kind and kind != "dex" else said
    return say(value)


def _distance(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(say(one) for one in value.values() if one)
    return f"{value:g} ft." if isinstance(value, int | float) and value is not True else say(value)


def _attribute_lines(creature: Mapping[str, Any], taken: set[str]) -> list[str]:
    scores = creature.get("ability_scores")
    for names in (_SIX, _SHORT):
        source = scores if isinstance(scores, Mapping) else creature
        if all(source.get(one) not in (None, "") for one in names):
            taken.update(("ability_scores", "modifiers", *names))
            pairs = zip(SIX, names, strict=True)
            return [", ".join(f"{label} {say(source[one])}" for label, one in pairs)]
    return []


def _more_lines(creature: Mapping[str, Any], taken: set[str]) -> list[str]:
    lines = []
    saves = creature.get("saving_throws")
    if not isinstance(saves, Mapping):
        saves = {one: creature.get(f"{one}_save") for one in _SIX}
        taken.update(f"{one}_save" for one in _SIX)
    said = ", ".join(f"{name[:3].upper()} {_signed(one)}" for name, one in saves.items() if one)
    if said:
        lines.append(f"Saving Throws {said}")
    skills = creature.get("skill_bonuses") or creature.get("skills")
    if isinstance(skills, Mapping) and any(skills.values()):
        told = (f"{name.capitalize()} {_signed(one)}" for name, one in skills.items() if one)
        lines.append(f"Skills {', '.join(told)}")
    taken.update(("saving_throws", "skill_bonuses", "skills"))
    defences = creature.get("resistances_and_immunities")
    source = defences if isinstance(defences, Mapping) else creature
    for key, label in _DEFENCES.items():
        value = source.get(f"{key}_display") or source.get(key)
        if value:
            lines.append(f"{label} {_names(value)}")
        taken.add(key)
    taken.add("resistances_and_immunities")
    for key, label in (
        ("senses", "Senses"),
        ("passive_perception", "Passive Perception"),
        ("languages", "Languages"),
        ("challenge_rating_text", "CR"),
        ("challenge_rating", "CR"),
        ("cr", "CR"),
        ("experience_points", "XP"),
        ("xp", "XP"),
        ("alignment", "Alignment"),
    ):
        value = creature.get(key)
        taken.add(key)
        if value not in (None, "", [], {}) and not any(
            one.startswith(f"{label} ") for one in lines
        ):
            lines.append(f"{label} {_names(value)}")
    return lines


def _group_lines(found: Gathering, creature: Mapping[str, Any], taken: set[str]) -> list[str]:
    lines: list[str] = []
    for key, label in _GROUPS.items():
        value = creature.get(key)
        taken.add(key)
        if isinstance(value, list | dict) and value:
            shown = [_plain_ability(one) for one in value] if isinstance(value, list) else value
            lines += ["", label, *list_abilities(shown)]
            found.used(key, "Stat block")
        elif isinstance(value, str) and value.strip():
            lines += ["", f"{label}: {value.strip()}"]
    return lines


def _plain_ability(value: Any) -> Any:
    """An action with its words alone: the numbers that it holds besides are in the words, too."""
    if not isinstance(value, Mapping) or not (value.get("desc") or value.get("description")):
        return value
    kept = {name: value[name] for name in ("name", "desc", "description") if value.get(name)}
    kind = str(value.get("action_type") or "ACTION")
    return kept if kind == "ACTION" else {**kept, "kind": kind.replace("_", " ").lower()}


def _signed(value: Any) -> str:
    return f"{value:+d}" if type(value) is int else say(value)


def _names(value: Any) -> str:
    if isinstance(value, Mapping):
        return say(value.get("as_string") or value.get("name") or value)
    if isinstance(value, list):
        return ", ".join(_names(one) for one in value)
    if isinstance(value, float):
        return _FRACTIONS.get(value, f"{value:g}")
    return say(value)


def _name_of(value: Any) -> str:
    return _names(value) if value is not None else ""
