"""YAML that stands in notes: the properties at their head, and blocks of values within.

It is read within bounds and never builds anything but texts, numbers, lists and objects. What
repeats itself by reference is not followed: a few lines could stand for millions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

MOST_BYTES = 64 * 1024
MOST_NESTED = 16
MOST_VALUES = 5_000

_REFERENCE = re.compile(r"(?:^|[\s:,\[-])[*&]\w")
_WIKILINK_VALUE = re.compile(
    r"(?m)^([ \t]{0,40}(?:-[ \t]{1,9}|\w[\w -]{0,80}:[ \t]{1,9}))(\[\[[^\[\]\n]{1,300}\]\])[ \t]*$"
)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the head of a note. `raw` is its text, "" without one; `values` are None
    where it cannot be read; `body` is the note without it."""

    raw: str
    values: Mapping[str, Any] | None
    body: str


def split_head(text: str) -> Head:
    """The properties of a note and the rest of it."""
    if not text.startswith("---"):
        return Head("", {}, text)
    end = text.find("\n---", 3, MOST_BYTES)
    first = text.find("\n")
    if end < 0 or text[3:first].strip():
        return Head("", {}, text)
    line_end = text.find("\n", end + 1)
    closing = text[end + 1 :] if line_end < 0 else text[end + 1 : line_end]
    if closing.strip() != "---":
        return Head("", {}, text)
    raw = text[first + 1 : end] if end > first else ""
    body = "" if line_end < 0 else text[line_end + 1 :]
    values = read_yaml(raw)
    return Head(raw, values, body)


def read_yaml(text: str) -> dict[str, Any] | None:
    """The object that a YAML text spells; None where it is none, or cannot be read."""
    # Imported when it is used: it takes longer than the start of the program may.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if not text.strip():
        return {}
    if len(text) > MOST_BYTES:
        return None
    reader = YAML(typ="safe", pure=True)
    reader.max_depth = MOST_NESTED
    reader.allow_duplicate_keys = True
    quoted = _WIKILINK_VALUE.sub(r'\1"\2"', text)
    try:
        # A word in a text may look like one.
        if _REFERENCE.search(text) and any(map(_is_reference, reader.parse(quoted))):
            return None
        value = reader.load(quoted)
    except (YAMLError, ValueError, TypeError, RecursionError, OverflowError, AttributeError):
        return None
    if not isinstance(value, Mapping):
        return None
    counted = [MOST_VALUES]
    plain = _plain(value, counted)
    return plain if isinstance(plain, dict) and counted[0] > 0 else None


def _is_reference(event: Any) -> bool:
    """Whether a part of YAML is a reference, or is named to be referred to."""
    return getattr(event, "anchor", None) is not None


def _plain(value: Any, left: list[int]) -> Any:
    """The value as JSON would hold it."""
    left[0] -= 1
    if left[0] <= 0:
        return None
    if isinstance(value, Mapping):
        return {str(name): _plain(one, left) for name, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(one, left) for one in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
