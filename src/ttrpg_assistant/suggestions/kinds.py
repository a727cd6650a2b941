"""Which words name a kind of proposal, and whether a value read from a block is one at all.

Strict where `lenient` is not: a block counts only when it names a kind we know and brings
at least one value. Whatever does not count stays in the reply as readable text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.llm.lenient import SPACES, Value

Kind = str
"""A kind of suggestion, as declared in `campaigns/kinds/` (`EntityKind.proposals`)."""


@cache
def list_kind_words() -> dict[str, Kind]:
    """What models write, in `snake_case`, for each kind of suggestion."""
    return {
        word: suggestion
        for kind in KINDS.values()
        for suggestion, words in kind.proposals.items()
        for word in words
    }


@cache
def list_targets() -> dict[Kind, EntityKind[Any]]:
    """The kind of thing that accepting each kind of suggestion changes or makes."""
    return {suggestion: kind for kind in KINDS.values() for suggestion in kind.proposals}


CAMPAIGN_WORDS = frozenset(
    {"name", "system", "setting", "description", "genre", "tone", "theme", "themes"}
)
"""Fields that speak of the campaign when they stand alone."""

SOURCE_WORDS = ("source_name", "source")
KIND_KEYS = ("kind", "type")
RATIONALE_KEYS = ("rationale", "reason", "why", "reasoning")
TARGET_KEYS = ("target", "target_name", "entity")
CONTROL_KEYS = frozenset(
    {*KIND_KEYS, *RATIONALE_KEYS, *TARGET_KEYS}
    | {"field", "value", "fields", "id", "suggestion_id", "confidence", "mode", "action"}
)
"""Keys that are about the proposal and not part of it."""

WRAPPERS = frozenset({"suggestion", "suggestions", "citation", "citations"})
"""Keys whose value is the real thing, when nothing else says what the object is."""

_HUMP = re.compile(r"([a-z0-9])([A-Z])")
_BETWEEN_WORDS = re.compile(r"[^A-Za-z0-9]+")


def snake(word: str) -> str:
    """`plotPoint`, `Plot Point` and `plot-point` are all `plot_point`."""
    return _BETWEEN_WORDS.sub("_", _HUMP.sub(r"\1_\2", word)).strip("_").lower()


def keyed(item: dict[str, Value]) -> dict[str, Value]:
    """The object with its keys in `snake_case`; of two that become one, the first counts."""
    found: dict[str, Value] = {}
    for key, value in item.items():
        found.setdefault(snake(key), value)
    return found


def is_usable(value: Value) -> bool:
    """Whether there is something in it."""
    if isinstance(value, str):
        return bool(value.strip(SPACES))
    if isinstance(value, (list, dict)):
        return len(value) > 0
    return value is not None


def find_word(item: dict[str, Value], keys: tuple[str, ...]) -> str | None:
    """The first of the keys that holds a text with something in it."""
    for key in keys:
        value = item.get(key)
        if isinstance(value, str) and is_usable(value):
            return value.strip(SPACES)
    return None


def kind_of_field(field: str) -> Kind | None:
    """The kind that a field such as `npc.Mira.personality` speaks of."""
    head = snake(field.split(".", 1)[0])
    if head in (words := list_kind_words()):
        return words[head]
    return "campaign_field" if head in CAMPAIGN_WORDS and "." not in field else None


def kind_of(item: dict[str, Value]) -> Kind | None:
    """The kind a keyed object names, or None when it names none we know."""
    said = find_word(item, KIND_KEYS)
    kind = list_kind_words().get(snake(said)) if said is not None else None
    if kind is not None:
        return kind
    if said is not None and snake(said) not in ("suggestion", "proposal"):
        return None
    field = find_word(item, ("field",))
    return None if field is None else kind_of_field(field)


def has_content(item: dict[str, Value]) -> bool:
    """Whether a keyed object brings a value for anything."""
    for key in ("value", "fields"):
        if is_usable(item.get(key)):
            return True
    return any(key not in CONTROL_KEYS and is_usable(value) for key, value in item.items())


def is_citation(item: Value) -> bool:
    """Whether a value is a citation: it names its source and proposes nothing."""
    if not isinstance(item, dict):
        return False
    entry = keyed(item)
    if find_word(entry, SOURCE_WORDS) is None:
        return False
    return kind_of(entry) is None and not any(k in entry for k in ("field", "fields", "value"))


def is_suggestion(item: Value) -> bool:
    """Whether a value is a proposal of a known kind with something in it."""
    if not isinstance(item, dict):
        return False
    entry = keyed(item)
    return kind_of(entry) is not None and has_content(entry)


def is_declared(item: Value) -> bool:
    """Whether a value in ordinary ``json`` code is meant as a block: it must say so plainly."""
    if not isinstance(item, dict):
        return False
    entry = keyed(item)
    if is_citation(item):
        return "source_name" in entry
    says_what = "kind" in entry and ("fields" in entry or "value" in entry)
    return (says_what or ("field" in entry and "value" in entry)) and is_suggestion(item)


def unwrap(values: list[Value]) -> list[Value]:
    """The single things in a block: lists opened, wrapper objects taken off."""
    found: list[Value] = []
    for value in values:
        if isinstance(value, list):
            found.extend(unwrap(value))
            continue
        if isinstance(value, dict):
            entry = keyed(value)
            inner = [entry[key] for key in entry if key in WRAPPERS]
            is_wrapper = len(inner) == len(entry) and all(
                isinstance(one, (dict, list)) for one in inner
            )
            if inner and is_wrapper:
                found.extend(unwrap(inner))
                continue
        found.append(value)
    return found
