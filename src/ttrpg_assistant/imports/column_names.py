"""Which field of a kind a column of a table is, by the words of the declarations. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.registry import get_kind, list_things
from ttrpg_assistant.imports.kind_words import find_kind, spell_snake

KIND_COLUMNS = frozenset({"type", "kind", "category", "entity_type"})
"""Columns that may name the kind of each row."""


def find_column(kind: EntityKind[Any], heading: str) -> str | None:
    """The field that a column's heading means, if any."""
    word = spell_snake(heading)
    if not word:
        return None
    names = {"name", "title", spell_snake(kind.noun), kind.name}
    if word == kind.name_field or (word == "name" and kind.name_field == "title"):
        return kind.name_field
    for name, field in kind.fields.items():
        if word in (name, spell_snake(field.label), name.removesuffix("_id")):
            return name
    for one in (word, word.removesuffix("s"), f"{word}s"):
        for name, field in kind.fields.items():
            if one in field.synonyms:
                return name
    return kind.name_field if word in names else None


def find_table_kind(title: str, headings: Sequence[str]) -> KindName | None:
    """The kind of a table's rows: as its title says, a column's heading, else the kind that knows
    most of its columns by name. None when no kind knows two of them."""
    said = find_kind(title)
    if said in (None, "random_table"):  # Every table is called one.
        named = (find_kind(one) for one in headings[:1] if spell_snake(one) not in ("name", ""))
        said = next((kind for kind in named if kind is not None), None)
    if said is not None:
        return said
    scored = []
    for place, kind in enumerate(list_things()):
        known = {find_column(kind, one) for one in headings} - {None}
        if kind.name_field in known and len(known) >= 2:
            own = known - {"name", "tags", "gm_notes", "aliases", "secrets", kind.name_field}
            scored.append((len(known), len(own), -place, kind.name))
    return max(scored)[-1] if scored else None


def match_columns(kind_name: KindName, headings: Sequence[str]) -> dict[int, str]:
    """The field of each column that has one, by its place. Each field is taken once."""
    kind = get_kind(kind_name)
    found: dict[int, str] = {}
    for place, heading in enumerate(headings):
        field = find_column(kind, heading)
        if field is not None and field not in found.values():
            found[place] = field
    return found
