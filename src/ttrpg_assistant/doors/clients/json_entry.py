"""One entry put into a JSON file that belongs to another program; the rest stays byte for byte.

The file is read for its values and for where they stand. Only the text of the entry, and the comma
before it, are written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.outside_json import NOT_JSON

_BLANK = " \t\r\n"
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class _Member:
    """A member of an object, and where its name and its value stand in the text."""

    name: str
    value: Any
    starts: int
    value_starts: int
    ends: int


def put_json_entry(text: str, section: str, name: str, entry: dict[str, Any]) -> str:
    """The text with `entry` as `section.name`, new or in the place of what was there.

    Raises `InvalidInput` for what is not plain JSON, or holds something else under `section`.
    """
    if not text.strip(_BLANK + "\ufeff"):
        text = "{}\n"
    try:
        json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse_constant)
        start = _skip(text, 1 if text.startswith("\ufeff") else 0)
        sections = _read_object(text, start)
    except NOT_JSON as error:
        raise _unusable() from error
    found = _last(sections, section)
    if found is None:
        return _insert(text, start, sections, section, {name: entry}, depth=1)
    if text[found.value_starts] != "{":
        raise _unusable()
    members = _read_object(text, found.value_starts)
    old = _last(members, name)
    if old is None:
        return _insert(text, found.value_starts, members, name, entry, depth=2)
    if old.value == entry:
        return text
    indent = _indent_before(text, old.starts)
    spelled = _spell(entry, indent, _newline(text), _step(text))
    return text[: old.value_starts] + spelled + text[old.ends :]


def _read_object(text: str, start: int) -> list[_Member]:
    """The members of the object that begins here. Raises `ValueError`."""
    if text[start] != "{":
        raise ValueError("no object")
    members: list[_Member] = []
    at = _skip(text, start + 1)
    while text[at] != "}":
        name_starts = at
        name, at = _DECODER.raw_decode(text, at)
        value_starts = _skip(text, _skip(text, at) + 1)
        value, ends = _DECODER.raw_decode(text, value_starts)
        members.append(_Member(name, value, name_starts, value_starts, ends))
        at = _skip(text, ends)
        if text[at] == ",":
            at = _skip(text, at + 1)
    return members


def _insert(
    text: str, start: int, members: list[_Member], name: str, value: Any, *, depth: int
) -> str:
    """The text with one more member at the end of the object that begins at `start`."""
    newline, step = _newline(text), _step(text)
    if members:
        own = _indent_before(text, members[0].starts)
        gap = newline + own if own is not None else " "
        spelled = f"{json.dumps(name)}: {_spell(value, own, newline, step)}"
        at = members[-1].ends
        return f"{text[:at]},{gap}{spelled}{text[at:]}"
    outer = step * (depth - 1)
    own = step * depth
    spelled = f"{json.dumps(name)}: {_spell(value, own, newline, step)}"
    end = _skip(text, start + 1)
    return f"{text[: start + 1]}{newline}{own}{spelled}{newline}{outer}{text[end:]}"


def _spell(value: Any, indent: str | None, newline: str, step: str) -> str:
    """The value as JSON, its lines after the first one indented as its neighbours are."""
    if indent is None:
        return json.dumps(value, ensure_ascii=False)
    lines = json.dumps(value, ensure_ascii=False, indent=step).split("\n")
    return (newline + indent).join(lines)


def _indent_before(text: str, at: int) -> str | None:
    """What stands between the beginning of the line and here; None where more than blanks do."""
    line = text.rfind("\n", 0, at) + 1
    before = text[line:at]
    return before if line and not before.strip(" \t") else None


def _step(text: str) -> str:
    """How far this file indents."""
    for line in text.split("\n"):
        blank = line[: len(line) - len(line.lstrip(" \t"))]
        if blank and line.strip():
            return "\t" if blank[0] == "\t" else blank
    return "  "


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at


def _last(members: list[_Member], name: str) -> _Member | None:
    """Of several members of a name the last one counts, as in every program that reads JSON."""
    return next((one for one in reversed(members) if one.name == name), None)


def _refuse_constant(word: str) -> None:
    raise ValueError(word)


def _unusable() -> InvalidInput:
    return InvalidInput(
        "The configuration is not plain JSON with an object where servers are listed; nothing was"
        " changed.",
        code="client_file_unusable",
        cure="Put the entry that is shown into the file by hand.",
    )
