"""One property at the head of a note changed, and every other byte of it left as it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ttrpg_assistant.exports.yaml_text import spell_value
from ttrpg_assistant.imports.front_matter import MOST_BYTES

_LINK_LINE = re.compile(r"([\w -]{1,80}:[ \t]{1,9})(\[\[[^\[\]\n]{1,300}\]\])[ \t]*")
_PLAIN_SINGLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]*\Z")
_ITEM = re.compile(r"([ \t]*-[ \t]+)(.*)")


def set_property(lines: Sequence[str], name: str, value: Any) -> list[str] | None:
    """The lines of a head, without their ends, where the property has this value; None where its
    place cannot be found. A property that is not there yet comes last."""
    found = _find(lines, name)
    if found is None:
        return None
    if found == ():
        return [*lines, f"{name}: {spell_value(value)}"]
    (start, start_column), (end, end_column), style = found
    if style == "block" and isinstance(value, list) and value:
        spelled = _respell_items(lines[start : end + 1], value)
        return [*lines[:start], *spelled, *lines[end + 1 :]]
    if style == "block":
        key = start - 1
        return [*lines[:key], f"{_until_colon(lines[key])} {spell_value(value)}", *lines[end + 1 :]]
    before, after = lines[start][:start_column], lines[end][end_column:]
    gap = "" if before.endswith((" ", "\t")) else " "
    text = _spell_in(style, value)
    return [*lines[:start], f"{before}{gap}{text}{after}", *lines[end + 1 :]]


def _find(lines: Sequence[str], name: str) -> Any:
    """Where the value of a property begins and ends, and its style; () where there is none, None
    where that cannot be told."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    quoted = [_LINK_LINE.fullmatch(line) for line in lines]
    text = "\n".join(
        f'{found[1]}"{found[2]}"' if found is not None else line
        for found, line in zip(quoted, lines, strict=True)
    )
    if len(text) > MOST_BYTES:
        return None
    reader = YAML(typ="safe", pure=True)
    reader.allow_duplicate_keys = True
    try:
        node = reader.compose(text)
    except (YAMLError, ValueError, TypeError, RecursionError, AttributeError):
        return None
    if node is None:
        return ()
    if node.id != "mapping" or node.flow_style:
        return None
    places = [value for key, value in node.value if key.value == name]
    if not places:
        return ()
    if len(places) > 1:
        return None
    value = places[0]
    start, end = value.start_mark, value.end_mark
    line = quoted[start.line] if start.line < len(lines) else None
    if line is not None:
        return (start.line, line.start(2)), (start.line, line.end(2)), "plain"
    if value.id == "scalar" and value.value == "" and value.style is None:
        return _find_empty(lines, name)
    if value.id == "scalar" and value.style in ("|", ">"):
        return None
    if value.id != "scalar" and not value.flow_style:
        last = end.line - 1 if end.column == 0 or end.line >= len(lines) else end.line
        while last > start.line and not _says(lines[last]):
            last -= 1
        if start.line == 0 or lines[start.line - 1].rstrip().endswith(":") is False:
            return None
        return (start.line, 0), (last, len(lines[last])), "block"
    style = value.style if value.id == "scalar" else None
    return (start.line, start.column), (end.line, end.column), style or "plain"


def _says(line: str) -> bool:
    stripped = line.strip()
    return bool(stripped) and not stripped.startswith("#")


def _find_empty(lines: Sequence[str], name: str) -> Any:
    for number, line in enumerate(lines):
        key, colon, _ = line.partition(":")
        if colon and key.strip().strip("\"'") == name:
            place = (number, len(key) + 1)
            return place, place, "plain"
    return None


def _until_colon(line: str) -> str:
    return line.rstrip()


def _spell_in(style: str, value: Any) -> str:
    """The value in the style that the one before had, where it can be said in it."""
    if isinstance(value, str):
        if style == "'" and _PLAIN_SINGLE.match(value):
            return "'" + value.replace("'", "''") + "'"
        if style == '"':
            spelled = spell_value(value)
            return spelled if spelled.startswith('"') else f'"{spelled}"'
    return spell_value(value)


def _respell_items(lines: Sequence[str], value: list[Any]) -> list[str]:
    """A list with an item a line: those that stay keep their lines, comments included."""
    from ttrpg_assistant.imports.front_matter import read_yaml

    kept: dict[str, list[str]] = {}
    mark, indent = "  - ", None
    for line in lines:
        found = _ITEM.fullmatch(line)
        if found is None:
            continue
        mark = found[1] if indent is None else mark
        indent = found[1]
        read = read_yaml(f"x:\n  - {found[2]}")
        items = read.get("x") if read else None
        if isinstance(items, list) and len(items) == 1 and isinstance(items[0], str):
            kept.setdefault(items[0], []).append(line)
    spelled = []
    for one in value:
        same = kept.get(one) if isinstance(one, str) else None
        spelled.append(same.pop(0) if same else f"{mark}{spell_value(one)}")
    return spelled
