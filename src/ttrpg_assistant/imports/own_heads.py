"""The short fields of a thing as properties at the head of a vault's note: spelled, and read again.
Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind, Field
from ttrpg_assistant.imports.own_notes import OWN_TAGS
from ttrpg_assistant.imports.references import ONE, SEVERAL
from ttrpg_assistant.imports.vault_notes import list_link_targets, without_links

NAME = "name"
ARCHIVED = "archived"
_SAID_ONCE = frozenset({"number", "played"})
_LISTED = frozenset({"aliases", "tags"})
_NOT_SHORT = frozenset({"prose", "lines", "secrets", "connections", "object", "message"})
_TAG = re.compile(r"[^\w/-]+")

SpellId = Callable[[str], str | None]
"""The link to a thing by its id; None for one that is not in the vault."""


def list_head_fields(kind: EntityKind[Any]) -> dict[str, str]:
    """The fields that are properties, each with the name of its property."""
    return {
        name: name if name in _LISTED else name.removesuffix("_id")
        for name, one in kind.fields.items()
        if name != kind.name_field and one.shape.name not in _NOT_SHORT
    }


def spell_property(one: Field, value: Any, link: SpellId) -> Any:
    """The value of a field as that of a property."""
    if one.points_to is not None:
        return (link(str(value)) or "") if value else ""
    if one.shape.name in SEVERAL:
        entries = [entry for entry in value if isinstance(entry, dict)]
        links = [found for entry in entries if entry.get("id") and (found := link(entry["id"]))]
        return [*links, *(entry["group"] for entry in entries if entry.get("group"))]
    return value


def spell_tags(kind: str, tags: list[str]) -> dict[str, Any]:
    """The properties that hold a thing's tags: as Obsidian can read them, with the kind first, and
    word for word where that is not the same."""
    spelled = [_TAG.sub("-", one) for one in (kind, *tags)]
    return {"tags": spelled} if spelled[1:] == tags else {"tags": spelled, OWN_TAGS: list(tags)}


def read_tags(kind: str, values: Mapping[str, Any]) -> list[str]:
    """The tags of a thing, from the properties of its note."""
    listed = values.get("tags")
    shown = [str(one) for one in listed if one is not None] if isinstance(listed, list) else []
    if isinstance(listed, str):
        shown = [one for one in re.split(r"[,\s]+", listed) if one]
    shown = [one.lstrip("#") for one in shown]
    if kind in shown:
        shown.remove(kind)
    exact = values.get(OWN_TAGS)
    if not isinstance(exact, list):
        return shown
    spelled = {_TAG.sub("-", str(one)): str(one) for one in exact}
    return [spelled.get(one, one) for one in shown]


def read_head(
    kind: EntityKind[Any], values: Mapping[str, Any], stem: str
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What the properties of a note say: values by field, in any shape, and the names of the notes
    that fields lead to. What has no property is not in either."""
    found: dict[str, Any] = {}
    links: dict[str, list[str]] = {}
    name = values.get(NAME)
    found[kind.name_field] = stem if name is None else name
    for field, word in list_head_fields(kind).items():
        if word not in values or (field == "tags" and OWN_TAGS not in values and not values[word]):
            continue
        value = values[word]
        one = kind.fields[field]
        if field == "tags":
            found[field] = read_tags(kind.name, values)
        elif one.points_to is not None or one.shape.name == ONE:
            links[field] = list_link_targets(value)
        elif one.shape.name in SEVERAL:
            links[field] = list_link_targets(value)
            listed = value if isinstance(value, list) else [value]
            groups = [each for each in listed if isinstance(each, str) and "[[" not in each]
            found[field] = groups
        elif value is not None:
            found[field] = without_links(value) if one.shape.name != "line" else value
    return found, links


def list_other_properties(kind: EntityKind[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a note that belong to no field."""
    own = {NAME, ARCHIVED, *_SAID_ONCE, *list_head_fields(kind).values()}
    return {
        name: value
        for name, value in values.items()
        if name not in own and not name.startswith("ttrpg_")
    }
