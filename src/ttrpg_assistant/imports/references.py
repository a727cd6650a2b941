"""Fields that name another thing: in a reading by its key, in the campaign by its id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind

ONE = "reference"
SEVERAL = frozenset({"related", "known_to"})
"""The shapes of fields that name other things."""


def list_reference_fields(kind: EntityKind[Any]) -> list[str]:
    """The fields of a kind that name other things."""
    return [
        name
        for name, one in kind.fields.items()
        if one.shape.name == ONE or one.shape.name in SEVERAL
    ]


def map_references(
    kind: EntityKind[Any], values: Mapping[str, Any], change: Callable[[str], str | None]
) -> dict[str, Any]:
    """The values with `change` applied to what names another thing; what it answers None for is
    left out."""
    mapped = dict(values)
    for name in list_reference_fields(kind):
        if name not in mapped:
            continue
        value = mapped[name]
        if isinstance(value, str):
            mapped[name] = change(value)
            if mapped[name] is None:
                del mapped[name]
        elif isinstance(value, list | tuple):
            mapped[name] = [one for one in (_changed(each, change) for each in value) if one]
    return mapped


def _changed(one: Any, change: Callable[[str], str | None]) -> dict[str, Any] | None:
    if not isinstance(one, Mapping):
        return None
    if not one.get("id"):
        return dict(one)
    id = change(str(one["id"]))
    return None if id is None else {**one, "id": id}
