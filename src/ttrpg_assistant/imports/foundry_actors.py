"""Actors of Foundry: the numbers of any system as the lines of a stat block. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.shapes import say
from ttrpg_assistant.imports.html_text import read_html

MOST_LINES = 300
MOST_LINE = 1_000
MOST_NESTED = 6

_SPEEDS = ("walk", "burrow", "climb", "fly", "swim")
_DIGITS = {0.125: "1/8", 0.25: "1/4", 0.5: "1/2"}
_PEOPLE = frozenset({"npc", "character", "pc", "player", "hero"})
_TEXTS = frozenset({"biography", "description", "notes", "publicnotes", "privatenotes", "blurb"})
_SILENT = frozenset({"value", "total", "attributes", "details", "traits", "system", "mod", "base"})
_SKIPPED = frozenset({"schema", "migration", "source", "_id", "img", "slug", "rules", "sort"})


def get_path(value: Any, *names: str) -> Any:
    """What stands at a path of objects, or None."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def find_actor_kind(actor: Mapping[str, Any]) -> KindName:
    """What an actor is. One whose token is linked to it is somebody; others are a kind of enemy."""
    said = say(actor.get("type") or "").lower()
    if said in ("character", "pc", "player", "hero"):
        return "character"
    if said in ("group", "party", "encounter", "faction"):
        return "faction"
    if said in ("vehicle", "loot", "container"):
        return "item"
    token = actor.get("prototypeToken", actor.get("token"))
    is_linked = isinstance(token, Mapping) and token.get("actorLink") is True
    return "npc" if said in _PEOPLE and is_linked else "creature"


def list_actor_lines(actor: Mapping[str, Any]) -> list[str]:
    """The stat block: numbers, attributes, what it can do."""
    system = actor.get("system", actor.get("data"))
    if not isinstance(system, Mapping):
        system = {}
    known = _list_known(system)
    lines = known or list(_list_any(system))
    items = actor.get("items")
    abilities = [
        line
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, Mapping) and (line := _say_item(item))
    ]
    return [*lines, *(["", "Abilities and items", *abilities] if abilities else [])][:MOST_LINES]


def _list_known(system: Mapping[str, Any]) -> list[str]:
    """The lines of a 5e actor; none for another system."""
    abilities = system.get("abilities")
    hp = get_path(system, "attributes", "hp")
    if not isinstance(abilities, Mapping) or not isinstance(hp, Mapping):
        return []
    if not {"str", "dex", "con", "int", "wis", "cha"} <= set(abilities):
        return []
    if get_path(abilities, "str", "value") is None:
        return []
    ac = get_path(system, "attributes", "ac")
    armour = ac if not isinstance(ac, Mapping) else ac.get("flat") or ac.get("value")
    formula = say(hp.get("formula") or "")
    lines = [
        f"AC {say(armour)}" if armour not in (None, "") else "",
        f"HP {say(hp.get('max') or hp.get('value') or 0)}" + (f" ({formula})" if formula else ""),
        _say_speed(get_path(system, "attributes", "movement")),
        ", ".join(
            f"{name.upper()} {say(get_path(abilities, name, 'value'))}" for name in abilities
        ),
    ]
    skills = system.get("skills")
    if isinstance(skills, Mapping):
        trained = [name for name, one in skills.items() if get_path(one, "value") not in (0, None)]
        lines.append(f"Skills {', '.join(trained)}" if trained else "")
    for label, path in (
        ("Senses", ("attributes", "senses")),
        ("Languages", ("traits", "languages")),
        ("Damage Resistances", ("traits", "dr")),
        ("Damage Immunities", ("traits", "di")),
        ("Damage Vulnerabilities", ("traits", "dv")),
        ("Condition Immunities", ("traits", "ci")),
    ):
        said = _say_list(get_path(system, *path))
        lines.append(f"{label} {said}" if said else "")
    cr = get_path(system, "details", "cr")
    if isinstance(cr, int | float):
        lines.append(f"CR {_DIGITS.get(cr, f'{cr:g}')}")
    alignment = get_path(system, "details", "alignment")
    lines.append(f"Alignment {say(alignment)}" if alignment else "")
    return [line for line in lines if line]


def _say_speed(value: Any) -> str:
    if not isinstance(value, Mapping):
        return ""
    units = say(value.get("units") or "ft")
    said = [
        f"{name} {say(value[name])} {units}" if name != "walk" else f"{say(value[name])} {units}"
        for name in _SPEEDS
        if value.get(name)
    ]
    return f"Speed {', '.join(said)}" if said else ""


def _say_list(value: Any) -> str:
    """Languages, senses, resistances: lists and objects of both are about."""
    if isinstance(value, list):
        return ", ".join(say(one) for one in value if one)
    if not isinstance(value, Mapping):
        return say(value) if value else ""
    said = []
    for name, one in value.items():
        if name in ("units", "bypasses") or one in (None, "", 0, [], {}):
            continue
        if name == "ranges" and isinstance(one, Mapping):
            said += [f"{sense} {say(far)}" for sense, far in one.items() if far]
        elif name in ("value", "custom", "special"):
            said.append(_say_list(one) if isinstance(one, list) else say(one))
        elif isinstance(one, int | float | str) and one is not True:
            said.append(f"{name} {say(one)}")
    return ", ".join(part for part in said if part)


def _say_item(item: Mapping[str, Any]) -> str:
    name = say(item.get("name") or "")
    system = item.get("system", item.get("data"))
    description = get_path(system, "description")
    html = get_path(description, "value") if isinstance(description, Mapping) else description
    text = " ".join(read_html(html).markdown.split()) if isinstance(html, str) else ""
    return f"{name}. {text}".strip(" .")[:MOST_LINE] if name else ""


def _list_any(system: Mapping[str, Any]) -> Iterator[str]:
    """The values of a system that is not known: "Attributes hp max 30" as "Hp max 30"."""
    stack: list[tuple[tuple[str, ...], Any]] = [((), system)]
    count = 0
    while stack and count < MOST_LINES:
        path, value = stack.pop()
        if isinstance(value, Mapping) and len(path) < MOST_NESTED:
            named = [(str(name), one) for name, one in value.items()]
            shown = [pair for pair in named if pair[0].lower() not in _TEXTS | _SKIPPED]
            stack += [((*path, name), one) for name, one in reversed(shown)]
            continue
        if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
            value = ", ".join(map(say, value))
        is_said = isinstance(value, int | float | str) and value is not True and value is not False
        if not path or not is_said or value in ("", 0) or "<" in say(value):
            continue
        words = [name for name in path if name.lower() not in _SILENT] or [path[-1]]
        label = " ".join(words)
        count += 1
        yield f"{label[:1].upper()}{label[1:]} {say(value)}"[:MOST_LINE]
