"""What this program wrote into a file of another program, read again. Pure.

An export says in the file which thing a part is of, as of which revision, and of each field a mark
of its text. A field whose text still has its mark was not touched since: in the campaign that it
comes from it has nothing to say. Exports make the marks with what is here, so that both sides read
the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind, Field
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.imports.html_text import read_html

OURS = "ttrpg-assistant"
"""The key under which other programs keep what is ours."""

MARKS = "marks"
MAY_HINT = " *(may hint)*"

_FOR_ITSELF = frozenset({"audience", "known_to"})
"""What is imported is for the game master alone, whoever knew it where it came from."""

_BULLET = re.compile(r"(?m)^[-*] (?=\S)")
_CONNECTION = re.compile(r"\*\*(?P<target>.{1,500}?)\*\*(?:: (?P<relation>.*))?\Z", re.DOTALL)
_CUTS = {
    "h3": re.compile(r"<h3(?:\s[^<>]{0,500})?>([^<>]{0,300})</h3>|</?section(?:\s[^<>]{0,500})?>"),
    "h4": re.compile(r"<h4(?:\s[^<>]{0,500})?>([^<>]{0,300})</h4>|</?section(?:\s[^<>]{0,500})?>"),
}
_LOWERED = re.compile(r"(?m)^(#{4,6}) (?=\S)")

FindKey = Callable[[str], tuple[str, str] | None]
"""The kind and the key of the thing that a link names."""


@dataclass(frozen=True, slots=True)
class OwnMark:
    """What a part of a file is said to be: the thing or fact with this id, as it was at this
    revision. `untouched` are the fields that nobody touched in the file since."""

    id: str
    kind: str
    revision: int
    untouched: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Section:
    """A labelled part of a text, as it is read. `links` are what it links to, in order."""

    label: str
    text: str
    links: tuple[str, ...] = ()


def mark_text(text: str) -> str:
    """What tells whether a text was touched."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:12]


def read_own(value: Any) -> tuple[OwnMark, Mapping[str, str]] | None:
    """The thing that a file says a part is of, with the marks of its fields, or None."""
    if not isinstance(value, Mapping) or not isinstance(value.get("id"), str):
        return None
    revision, kind = value.get("revision"), value.get("kind")
    own = OwnMark(
        value["id"][:100],
        kind if isinstance(kind, str) else "",
        revision if type(revision) is int else 0,
    )
    marks = value.get(MARKS)
    named = marks.items() if isinstance(marks, Mapping) else ()
    return own, {str(one): str(mark) for one, mark in named}


def read_section(label: str, html: str, links: tuple[str, ...] = ()) -> Section:
    """A part in HTML as a section; its headings are as high as they were written."""
    read = read_html(html)
    text = "\n\n".join(part for part in (read.markdown, *read.secrets) if part)
    return Section(label, _LOWERED.sub(lambda found: f"{found[1][3:] or '#'} ", text), links)


def cut_html(html: str, heading: str) -> Iterator[tuple[str, str]]:
    """The parts of an HTML text below each heading of this level (`h3`), with its label; what
    stands before the first has none. Sections within are opened."""
    label, start = "", 0
    for found in _CUTS[heading].finditer(html):
        if found[1] is None and found[0][1] != "h":
            part = html[start : found.start()]
            if part.strip():
                yield label, part
            start = found.end()
            continue
        part = html[start : found.start()]
        if label or part.strip():
            yield label, part
        label, start = read_html(found[1]).markdown, found.end()
    part = html[start:]
    if label or part.strip():
        yield label, part


@dataclass(slots=True)
class OwnThing:
    """The fields of a thing as they are read out of its sections, and which of them were touched
    since they were written. What no field is named after goes to the field for what is left."""

    kind: EntityKind[Any]
    values: dict[str, Any]
    touched: set[str]

    def add(self, section: Section, marks: Mapping[str, str], find: FindKey) -> None:
        """Read one section. One that was touched counts for more than one that was not."""
        name = find_field(self.kind, section.label)
        is_touched = marks.get(name or section.label) != mark_text(section.text)
        if name is None:
            self._add_left(section, is_touched)
        elif name in self.values and (name in self.touched or not is_touched):
            return
        elif name not in _FOR_ITSELF:
            self.values[name] = read_value(self.kind.fields[name], section, find)
            if is_touched:
                self.touched.add(name)

    def set(self, name: str, value: Any, marks: Mapping[str, str]) -> None:
        """A field that stands in a place of its own."""
        self.values[name] = value
        if marks.get(name) != mark_value(value):
            self.touched.add(name)

    def finish(self, own: OwnMark) -> OwnMark:
        """Whose it is, with the fields that nobody touched."""
        return replace(own, untouched=frozenset(self.values) - self.touched | _FOR_ITSELF)

    def _add_left(self, section: Section, is_touched: bool) -> None:
        if not section.text:
            return
        name = NOTES_OF.get(self.kind.name, self.kind.left_over_field)
        text = f"## {section.label}\n\n{section.text}" if section.label else section.text
        before = self.values.get(name)
        self.values[name] = f"{before}\n\n{text}" if before else text
        if is_touched:
            self.touched.add(name)


NOTES_OF: Mapping[str, str] = {"game_session": "recap_gm"}
"""Where what was noted goes, of kinds that have a better place than that for what is left."""


def mark_value(value: Any) -> str:
    """The mark of a value that stands in a place of its own."""
    return mark_text(value if isinstance(value, str) else "\n".join(map(str, value)))


def find_field(kind: EntityKind[Any], label: str) -> str | None:
    """The field that people see under this label."""
    folded = fold(label)
    return next((name for name, one in kind.fields.items() if fold(one.label) == folded), None)


def read_value(one: Field, section: Section, find: FindKey) -> Any:
    """What a field holds whose text this is; the things it names by their keys."""
    shape, text = one.shape, section.text
    if one.points_to is not None:
        found = (find(link) for link in section.links)
        return next((key for each in found if each for kind, key in [each]), None)
    if shape.name == "related":
        named = (find(link) for link in section.links)
        return [{"kind": kind, "id": key} for each in named if each for kind, key in [each]]
    if shape.choices is not None or shape.name == "flag":
        return _read_choice(one, text)
    if shape.name == "names":
        return [name for part in text.split(", ") if (name := " ".join(part.split()))]
    if shape.name == "lines":
        return _list_entries(text)
    if shape.name == "secrets":
        return [
            {"text": entry.removesuffix(MAY_HINT), "may_hint": entry.endswith(MAY_HINT)}
            for entry in _list_entries(text)
        ]
    if shape.name == "connections":
        return [_read_connection(entry) for entry in _list_entries(text)]
    return text


def _read_choice(one: Field, text: str) -> Any:
    """The value whose words these are."""
    folded, choices = fold(text), one.shape.choices or {}
    values: list[Any] = [True, False] if one.shape.name == "flag" else list(choices)
    for value in values:
        said = ", ".join(told for _, told in one.shape.texts(value))
        if folded and folded in (fold(said), fold(choices.get(value, ""))):
            return value
    return None


def _list_entries(text: str) -> list[str]:
    """The entries of a list, their further lines without the space in front."""
    starts = [found.start() for found in _BULLET.finditer(text)]
    if not starts:
        return [text] if text.strip() else []
    before = [text[: starts[0]].strip()]
    parts = (text[at + 2 : to] for at, to in zip(starts, [*starts[1:], None], strict=True))
    entries = ["\n".join(line.removeprefix("  ") for line in one.split("\n")) for one in parts]
    return [entry for one in [*before, *entries] if (entry := one.strip())]


def _read_connection(entry: str) -> dict[str, str]:
    found = _CONNECTION.match(entry)
    if found is None:
        target, _, relation = entry.partition(": ")
        return {"target": target, "relation": relation}
    return {"target": found["target"], "relation": found["relation"] or ""}
