"""How the values of fields are written in the text of a vault's notes, and read again. Pure.

What is written is read as the same value: what would be taken for a mark of its own is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

KEPT_SHAPES = frozenset({"prose", "lines", "secrets", "connections"})
"""The shapes of fields that have a part of their own in the text of a note."""

MAY_HINT = " *(may hint)*"
NO_HINT = " *(no hint)*"
_ITEM = re.compile(r"(?:[-*+]|\d{1,4}[.)])[ \t](.*)", re.S)
_CONNECTION = re.compile(r"\*\*((?:[^\\*]|\\.)*)\*\*(?::[ \t]*(.*))?", re.S)
_ESCAPED = re.compile(r"\\(.)", re.S)


def spell_text(shape: str, value: Any) -> str:
    """The value of a field of this shape as Markdown."""
    if shape == "lines":
        return "\n".join(spell_item(str(line)) for line in value)
    if shape == "secrets":
        return "\n".join(_spell_secret(one) for one in value)
    if shape == "connections":
        return "\n".join(_spell_connection(one) for one in value)
    return unify_lines(str(value))


def read_text_value(shape: str, text: str) -> Any:
    """The value that such a text spells, as the field keeps it."""
    if shape == "lines":
        return [one for item in split_items(text) if (one := item.strip())]
    if shape == "secrets":
        return [_read_secret(item.strip()) for item in split_items(text) if item.strip()]
    if shape == "connections":
        found = (_read_connection(item.strip()) for item in split_items(text) if item.strip())
        return [one for one in found if one["target"]]
    return text.strip("\n")


def spell_item(text: str) -> str:
    """A text as one item of a list, however many lines it has."""
    return "- " + unify_lines(text).replace("\n", "\n  ")


def split_items(text: str) -> list[str]:
    """The items of a list. A line that is neither an item nor belongs to one is an item too."""
    items: list[list[str]] = []
    blanks = 0
    for line in text.split("\n"):
        if not line.strip() and not line.startswith("  "):
            blanks += 1
            continue
        if items and line.startswith(("  ", "\t")):
            items[-1] += [""] * blanks
            items[-1].append(line[1:] if line[0] == "\t" else line[2:])
        else:
            found = _ITEM.fullmatch(line)
            items.append([found[1] if found is not None else line])
        blanks = 0
    return ["\n".join(item) for item in items]


def quote_lines(text: str) -> str:
    """The text as a quotation, every line with its mark."""
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def unquote_lines(lines: Sequence[str]) -> list[str]:
    """The lines of a quotation without their marks."""
    return [line.lstrip(" \t")[1:].removeprefix(" ") for line in lines]


def same_text(one: Any, other: Any) -> bool:
    """Whether two values are the same but for what no note keeps: how lines end, and empty lines
    at the ends of a text."""
    if one == other:
        return True
    if isinstance(one, str) and isinstance(other, str):
        return _plain(one) == _plain(other)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return all(map(same_text, one, other))
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return all(same_text(value, other[name]) for name, value in one.items())
    return False


def _plain(text: str) -> str:
    return unify_lines(text).strip("\n")


def unify_lines(text: str) -> str:
    """The text with every line ended in one way."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _spell_secret(entry: Mapping[str, Any]) -> str:
    text = str(entry["text"])
    if entry.get("may_hint"):
        return spell_item(text + MAY_HINT)
    return spell_item(text + NO_HINT if text.endswith((MAY_HINT, NO_HINT)) else text)


def _read_secret(text: str) -> dict[str, Any]:
    if text.endswith(MAY_HINT):
        return {"text": text.removesuffix(MAY_HINT), "may_hint": True}
    return {"text": text.removesuffix(NO_HINT), "may_hint": False}


def _spell_connection(entry: Mapping[str, Any]) -> str:
    target = re.sub(r"([\\*])", r"\\\1", str(entry.get("target", "")))
    relation = str(entry.get("relation") or "")
    return spell_item(f"**{target}**: {relation}" if relation else f"**{target}**")


def _read_connection(text: str) -> dict[str, Any]:
    found = _CONNECTION.fullmatch(text)
    if found is not None:
        target, relation = _ESCAPED.sub(r"\1", found[1]), found[2] or ""
    else:
        target, _, relation = text.partition(":")
    return {"target": " ".join(target.split()), "relation": " ".join(relation.split())}
