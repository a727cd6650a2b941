"""The columns of tables: the field of each, by its heading or as the game master chose. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.registry import KINDS, get_kind
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.imports.column_names import match_columns
from ttrpg_assistant.imports.gathering import KEPT, fit_given
from ttrpg_assistant.imports.model import FoundThing, Note, Reading

MOST_COLUMNS = 200
EXAMPLE_CHARACTERS = 80

_NOT_CHOSEN = frozenset({"reference", "related", "known_to", "connections", "object"})
"""Shapes that no cell of a table spells."""

_JOINTS = {"prose": "\n", "lines": "\n"}

Chosen = Mapping[str, str]
"""Fields by headings; "" for a column that is only kept."""


def list_fields(kind: EntityKind[Any]) -> dict[str, str]:
    """The fields of a kind that a column can fill, with their labels."""
    return {
        name: one.label
        for name, one in kind.form_fields.items()
        if one.shape.name not in _NOT_CHOSEN and name not in ("audience", "source_message_id")
    }


def match_headings(
    kind_name: KindName, headings: Sequence[str], chosen: Chosen
) -> Mapping[str, str]:
    """The field of each column that has one, by its heading."""
    return _match(kind_name, tuple(headings), tuple(chosen.items()))


@lru_cache(maxsize=64)
def _match(
    kind_name: KindName, headings: tuple[str, ...], choices: tuple[tuple[str, str], ...]
) -> Mapping[str, str]:
    """The same for all rows of a table, which may have many."""
    kind = get_kind(kind_name)
    fields, chosen = list_fields(kind), dict(choices)
    found = {headings[at]: one for at, one in match_columns(kind_name, headings).items()}
    found = {heading: one for heading, one in found.items() if one in fields}
    for heading in headings:
        if heading in chosen:
            found.pop(heading, None)
            if chosen[heading] in fields:
                found[heading] = chosen[heading]
    if kind.name_field not in found.values():
        free = [one for one in headings if one not in found and one not in chosen]
        first = next(iter(free), headings[0] if headings else "")
        found[first] = kind.name_field
    return found


def fill_row(
    kind_name: KindName, cells: Mapping[str, str], chosen: Chosen
) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """The values of a row by field, what of it is only kept, and by heading the label of the field
    that it went to; "" for what is kept."""
    kind = get_kind(kind_name)
    by_heading = match_headings(kind_name, list(cells), chosen)
    given: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    went: dict[str, str] = {}
    for heading, cell in cells.items():
        if not cell:
            continue
        name = by_heading.get(heading)
        if name is None:
            kept[heading] = cell
            went[heading] = ""
            continue
        joint = _JOINTS.get(kind.fields[name].shape.name, ", ")
        given[name] = f"{given[name]}{joint}{cell}" if name in given else cell
        went[heading] = kind.fields[name].label
    left_over = kind.fields.get(kind.left_over_field)
    if left_over is not None and left_over.has_numbers:
        # A stat block takes whatever a game calls its numbers.
        lines = [f"{heading} {cell}" for heading, cell in kept.items() if heading not in chosen]
        before = given.get(kind.left_over_field)
        given[kind.left_over_field] = "\n".join([*([before] if before else []), *lines])
        went |= {heading: left_over.label for heading in kept if heading not in chosen}
        kept = {heading: cell for heading, cell in kept.items() if heading in chosen}
    return given, kept, went


def with_choices(reading: Reading, kinds: Mapping[str, KindName], chosen: Chosen) -> Reading:
    """The reading with its rows as the game master chose their columns and kinds. Raises
    `InvalidInput` for a column or a field that is not there."""
    rows = [one for one in reading.things if one.columns]
    headings = {heading for one in rows for heading in one.columns}
    known = {name for kind in KINDS.values() for name in list_fields(kind)}
    if set(chosen) - headings or set(chosen.values()) - known - {""}:
        raise InvalidInput(
            "The choices name a column or a field that is not there.", code="unknown_choice"
        )
    if not rows or not (chosen or kinds.keys() & {one.key for one in rows}):
        return reading
    things: list[FoundThing] = []
    used: Counter[tuple[str, str]] = Counter()
    kept: Counter[str] = Counter()
    for one in reading.things:
        if not one.columns:
            things.append(one)
            continue
        kind_name = kinds.get(one.key, one.kind)
        kind = get_kind(kind_name)
        given, rest, went = fill_row(kind_name, one.columns, chosen)
        given.setdefault(kind.name_field, "")
        values, own, _ = fit_given(kind, given, rest)
        things.append(replace(one, kind=kind_name, values=values, kept=own))
        for heading, label in went.items():
            if label:
                used[heading, label] += 1
            else:
                kept[heading] += 1
    told = [Note(heading, label, count) for (heading, label), count in used.items()]
    only = [Note(heading, KEPT, count) for heading, count in kept.items()]
    return replace(
        reading,
        things=tuple(things),
        used=(*(one for one in reading.used if one.field not in headings), *told),
        kept=(*(one for one in reading.kept if one.field not in headings), *only),
    )


def list_columns(reading: Reading, chosen: Chosen) -> list[dict[str, Any]]:
    """The columns of the tables in a reading: each with the field it fills, "" for none, a cell of
    it, and the fields it can fill."""
    found: dict[str, dict[str, Any]] = {}
    for one in reading.things:
        if not one.columns:
            continue
        for heading in one.columns:
            if heading not in found and len(found) < MOST_COLUMNS:
                fields = list_fields(get_kind(one.kind))
                by_heading = match_headings(one.kind, list(one.columns), chosen)
                found[heading] = {
                    "heading": heading,
                    "field": by_heading.get(heading, ""),
                    "example": "",
                    "fields": [{"name": name, "label": said} for name, said in fields.items()],
                }
            if heading in found and not found[heading]["example"]:
                found[heading]["example"] = cut_text(one.columns[heading], EXAMPLE_CHARACTERS)
    return list(found.values())
