"""All kinds there are: one for each file of `campaigns/kinds/`, found at the start.

A file there declares its kind as `KIND`. Nothing else lists them.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

from ttrpg_assistant.campaigns import kinds
from ttrpg_assistant.campaigns.declaration import EntityKind, order_kinds
from ttrpg_assistant.errors import NotFound

_declared: dict[str, EntityKind[Any]] = {}

KINDS = MappingProxyType(_declared)
"""Every kind by its name, in their order: what holds a campaign first, then what is in it."""


def add_kind(kind: EntityKind[Any]) -> None:
    """Declare one more kind, as a file of `campaigns/kinds/` does by being there."""
    if kind.name in _declared:
        raise ValueError(f"Two kinds are called {kind.name}.")
    kept = order_kinds([*_declared.values(), kind])
    _declared.clear()
    _declared.update((one.name, one) for one in kept)


def _find_kinds() -> None:
    for found in pkgutil.iter_modules(kinds.__path__):
        add_kind(import_module(f"{kinds.__name__}.{found.name}").KIND)


_find_kinds()


def get_kind(name: str) -> EntityKind[Any]:
    """The kind of this name. Raises `NotFound`."""
    if name not in KINDS:
        raise NotFound(f"There is no kind of thing called {name[:80]}.", facts={"kind": name[:80]})
    return KINDS[name]


def list_things() -> list[EntityKind[Any]]:
    """The kinds of things that a campaign is made of: all but campaigns and game sessions."""
    return [kind for kind in KINDS.values() if kind.is_thing]


def list_named_in_talk() -> list[EntityKind[Any]]:
    """The kinds whose names are found in what is said."""
    return [kind for kind in KINDS.values() if kind.is_named_in_talk]


def describe_kinds() -> str:
    """The kinds of suggestion and the fields of each, as they stand in the instructions."""
    inside_out = [*list_things(), *reversed([one for one in KINDS.values() if not one.is_thing])]
    return ", ".join(
        f"{suggestion} ({fields})"
        for kind in inside_out
        for suggestion, fields in _taught(kind).items()
    )


def _taught(kind: EntityKind[Any]) -> Mapping[str, str]:
    first = ", ".join(
        name
        for name, one in kind.fields.items()
        if one.is_first and one.is_proposable and name != kind.name_field
    )
    return {**({kind.name: first} if kind.name in kind.proposals else {}), **kind.taught}
