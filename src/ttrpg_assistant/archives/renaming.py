"""New ids for everything of an archive whose own ids are taken, wherever a row names them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from ttrpg_assistant.ids import new_id

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UUID_CHARACTERS = 36

Rename = Callable[["re.Match[str]"], str]


def make_renamer(known: Iterable[str]) -> Rename:
    """New ids for known ones: always the same one within one restoring."""
    space, known = uuid.UUID(new_id()), frozenset(known)

    def rename(found: re.Match[str]) -> str:
        id = found.group()
        return str(uuid.uuid5(space, id)) if id in known else id

    return rename


def renamed(value: Any, rename: Rename | None) -> Any:
    """The value with every known id in it replaced; as it is without a `rename`."""
    if rename is None:
        return value
    if isinstance(value, str):
        return _UUID.sub(rename, value) if len(value) >= _UUID_CHARACTERS else value
    if isinstance(value, list):
        return [renamed(one, rename) for one in value]
    if isinstance(value, dict):
        return {renamed(key, rename): renamed(one, rename) for key, one in value.items()}
    return value
