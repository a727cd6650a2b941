"""What a field can hold: how each shape is checked, what it is when empty, how it reads as text.

`name` is what the page, the API and the reader of proposals know a shape by. A kind of thing picks
from these; a shape of its own is one more value of `Shape`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ttrpg_assistant.campaigns import checks

Pairs = list[tuple[str, str]]
"""Labels and texts; an empty label is the field's own."""

MOST_ENTRIES = 100
"""Entries of a JSON object that become text."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of value. `blank` is what a field holds when nothing was said.

    `texts` gives what there is to read in a value that passed `check`, as it is kept: plain JSON.
    `choices` are the values allowed and their words, where there are only a few, and `synonyms`
    other words models use for them.
    """

    name: str
    check: checks.Check
    blank: object
    texts: Callable[[object], Pairs]
    choices: Mapping[str, str] | None = None
    synonyms: Mapping[str, str] | None = None


def _text(value: object) -> Pairs:
    return [("", value)] if isinstance(value, str) and value else []


def _joined(value: object) -> Pairs:
    return [("", ", ".join(map(str, value)))] if isinstance(value, (list, tuple)) and value else []


def _each(value: object) -> Pairs:
    return [("", str(one)) for one in value] if isinstance(value, (list, tuple)) else []


def _secrets(value: object) -> Pairs:
    listed = value if isinstance(value, (list, tuple)) else ()
    return [("", str(one["text"])) for one in listed if isinstance(one, dict) and one["text"]]


def _connections(value: object) -> Pairs:
    listed = value if isinstance(value, (list, tuple)) else ()
    return [
        (f"Connection to {one['target']}", str(one["relation"]))
        for one in listed
        if isinstance(one, dict) and one["relation"]
    ]


def _entries(value: object) -> Pairs:
    entries = list(value.items())[:MOST_ENTRIES] if isinstance(value, dict) else []
    return [(str(label), say(inner)) for label, inner in entries if label and say(inner)]


def _nothing(_: object) -> Pairs:
    return []


def say(value: object) -> str:
    """Any JSON value as compact text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(say, value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {say(inner)}" for name, inner in value.items())
    return "" if value is None else json.dumps(value)


NAME = Shape("name", checks.check_name, None, _text)
TITLE = Shape("line", checks.check_title, "", _text)
LINE = Shape("line", checks.check_line, "", _text)
PROSE = Shape("prose", checks.check_prose, "", _text)
NAMES = Shape("names", checks.check_names, [], _joined)
LINES = Shape("lines", checks.check_lines, [], _each)
JOINED_LINES = Shape(
    "lines",
    checks.check_lines,
    [],
    lambda value: (
        [("", "; ".join(map(str, value)))] if isinstance(value, (list, tuple)) and value else []
    ),
)
VOICE_CARD = Shape("lines", checks.check_voice_card, [], _each)
SECRETS = Shape("secrets", checks.check_secrets, [], _secrets)
CONNECTIONS = Shape("connections", checks.check_relations, [], _connections)
REFERENCE = Shape("reference", checks.check_reference, None, _nothing)
RELATED = Shape("related", checks.check_related, [], _nothing)
OBJECT = Shape("object", checks.check_object, {}, _entries)
KNOWN_TO = Shape("known_to", checks.check_known_to, [], _nothing)


def flag(yes: str = "", no: str = "", *, blank: bool = False) -> Shape:
    """True or false; `yes` and `no` are what prompts say of it, if anything."""

    def texts(value: object) -> Pairs:
        said = yes if value else no
        return [("", said)] if said else []

    return Shape("flag", checks.check_flag, blank, texts)


MESSAGE = Shape("message", checks.check_reference, None, _nothing)
"""The id of a message; the page shows the way to it."""


def choice(
    words: Mapping[str, str],
    blank: str,
    synonyms: Mapping[str, str] | None = None,
    said: Mapping[str, str] | None = None,
) -> Shape:
    """One of a few values, each with the words a game master reads; `said` are the words that
    prompts and search read instead."""
    told = words if said is None else said

    def texts(value: object) -> Pairs:
        text = told.get(str(value), "" if said else str(value)) if value else ""
        return [("", text)] if text else []

    return Shape("choice", checks.one_of(*words), blank, texts, dict(words), synonyms)
