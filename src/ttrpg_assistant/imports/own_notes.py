"""Notes that this program wrote into a vault, read again: by their parts, each a field. Pure.

Every part begins with a line of its own: a heading with the label of a field, or a callout with it
where the field is the game master's alone. What stands before the first such line is the field
that takes a note's text, unless that has a part of its own; what stands after a callout belongs to
nobody and stays where it is. Parts that are written from elsewhere (relations, what is named, the
log of an evening) are no text of the thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from ttrpg_assistant.campaigns.canon import FACT_LABELS, FALSE_LABEL
from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.registry import KINDS, get_kind
from ttrpg_assistant.campaigns.relations import ATTITUDES
from ttrpg_assistant.imports.vault_values import (
    KEPT_SHAPES,
    quote_lines,
    read_text_value,
    split_items,
    unquote_lines,
)

OWN_ID = "ttrpg_id"
OWN_KIND = "ttrpg_kind"
OWN_REVISION = "ttrpg_revision"
OWN_TAGS = "ttrpg_tags"

RELATIONS = "Relations"
MENTIONED = "Mentioned here"
LOG = "Notes"
GENERATED = (RELATIONS, MENTIONED, LOG)
"""Headings of what is written from elsewhere."""

GM_ONLY = " *(GM only)*"
UNNAMED_RELATION = "related"
"""What a relation without words is called in a note."""

_EMBED = re.compile(r"!\[\[[^\[\]\n]{1,300}\]\][ \t]*")
_CAPTION = re.compile(r"\*[^\n]{1,400}\*[ \t]*")
_ATTITUDES = {word: number for number, word in ATTITUDES.items()}
_RELATED = re.compile(
    r"(?P<label>[^\n]*?) → \[\[(?P<target>[^\[\]\n|]{1,300})(?:\|[^\[\]\n]{0,300})?\]\]"
    rf"(?: \((?P<attitude>{'|'.join(_ATTITUDES)})\))?(?: \*\(GM only\)\*)?(?:: (?P<note>.*))?",
    re.S,
)
_FACT_END = re.compile(r" \^fact-([0-9a-f-]{36})(?:-([0-9a-f]{8}))?[ \t]*\Z")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LABELS = {label: canon for canon, label in FACT_LABELS.items()}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a note's body by its lines: from `start` to before `end`, its content from
    `inside`. `field` is the field it holds, None for what belongs to none; `title` is that of a
    generated part."""

    field: str | None
    start: int
    inside: int
    end: int
    is_callout: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class OwnRelation:
    """A relation as a note spells it: to which note, and how."""

    target: str
    label: str
    attitude: int | None
    note: str


@dataclass(frozen=True, slots=True)
class OwnFact:
    """A fact as the note of facts spells it: its words, and how far it is so. `mark` is that of
    the words it was written with."""

    id: str
    mark: str
    text: str
    canon: str = "happened"
    is_false: bool = False


def find_own_kind(values: Mapping[str, Any] | None) -> str | None:
    """The kind of thing that a note of this program is of; None for other notes. A note of the
    campaign itself is of the kind ``campaign``."""
    if not values or _ID.fullmatch(str(values.get(OWN_ID, ""))) is None:
        return None
    kind = values.get(OWN_KIND)
    return kind if isinstance(kind, str) and kind in KINDS else None


@lru_cache(maxsize=64)
def list_first_lines(kind_name: str) -> Mapping[str, tuple[str | None, str]]:
    """The lines that begin a part, each with its field, or the title of a generated part."""
    kind = get_kind(kind_name)
    found: dict[str, tuple[str | None, str]] = {}
    for name, one in kind.fields.items():
        if one.shape.name in KEPT_SHAPES:
            found.setdefault(spell_first_line(kind, name), (name, ""))
        elif one.shape.name == "object":
            found.setdefault(f"## {one.label}", (None, one.label))
    for title in GENERATED:
        found.setdefault(f"## {title}", (None, title))
    return found


def spell_first_line(kind: EntityKind[Any], field: str) -> str:
    """The line that begins the part of a field."""
    one = kind.fields[field]
    return f"> [!secret]- {one.label}" if one.is_gm_only else f"## {one.label}"


def spell_part(kind: EntityKind[Any], field: str, text: str) -> str:
    """The content of the part of a field: its text, with what would be taken for the beginning of
    a part escaped."""
    firsts = list_first_lines(kind.name)
    lines = [_escape(line, firsts) for line in text.split("\n")]
    escaped = "\n".join(lines)
    return quote_lines(escaped) if kind.fields[field].is_gm_only else escaped


def split_parts(kind: EntityKind[Any], lines: Sequence[str]) -> list[Part]:
    """The parts of a note's body, in order. They leave no line out."""
    firsts = list_first_lines(kind.name)
    parts: list[Part] = []
    start = at = 0
    begun: tuple[str | None, int, str] | None = None
    seen: set[str] = set()
    while at < len(lines):
        found = firsts.get(lines[at].rstrip())
        if found is None or (found[0] is not None and found[0] in seen):
            at += 1
            continue
        parts += _close(begun, start, at)
        field, title = found
        seen.update([field] if field is not None else [])
        start = at
        at += 1
        begun = (field, at, title)
        if field is not None and kind.fields[field].is_gm_only:
            while at < len(lines) and lines[at].lstrip(" \t").startswith(">"):
                at += 1
            parts.append(Part(field, start, begun[1], at, is_callout=True))
            begun, start = None, at
    parts += _close(begun, start, len(lines))
    return _with_lead(kind, lines, parts)


def read_part(kind: EntityKind[Any], lines: Sequence[str], part: Part) -> Any:
    """The value of the field that a part holds."""
    assert part.field is not None
    inside: Sequence[str] = lines[part.inside : part.end]
    if part.is_callout:
        inside = unquote_lines(inside)
    firsts = list_first_lines(kind.name)
    text = "\n".join(_unescape(line, firsts) for line in inside)
    return read_text_value(kind.fields[part.field].shape.name, text.strip("\n"))


def read_parts(kind: EntityKind[Any], body: str) -> dict[str, Any]:
    """What the parts of a note's body say of the fields of its kind."""
    lines = body.split("\n")
    parts = split_parts(kind, lines)
    return {one.field: read_part(kind, lines, one) for one in parts if one.field is not None}


def read_relations(kind: EntityKind[Any], body: str) -> list[OwnRelation]:
    """The relations that a note spells from its own side."""
    lines = body.split("\n")
    found = []
    for part in split_parts(kind, lines):
        if part.title != RELATIONS:
            continue
        for item in split_items("\n".join(lines[part.inside : part.end])):
            match = _RELATED.fullmatch(item)
            if match is not None:
                label = "" if match["label"] == UNNAMED_RELATION else match["label"]
                attitude = _ATTITUDES.get(match["attitude"] or "")
                found.append(OwnRelation(match["target"], label, attitude, match["note"] or ""))
    return found


def read_facts(body: str) -> list[OwnFact] | None:
    """The facts of the note that lists them; None for a note that does not."""
    if " ^fact-" not in body:
        return None
    found = []
    for item in split_items(body):
        end = _FACT_END.search(item)
        if end is None:
            return None
        found.append(_read_fact(end[1], end[2] or "", item[: end.start()]))
    return found


def mark_words(text: str) -> str:
    """A short mark of the words of a text: whoever finds it beside other words knows that they
    were changed since."""
    return sha256(" ".join(text.split()).encode()).hexdigest()[:8]


def _read_fact(id: str, mark: str, text: str) -> OwnFact:
    """A fact without what is written around it: how far it is so, who knows it, what it names."""
    label, end, rest = text[1:].partition(":* ")
    is_labelled = text.startswith("*") and end and (label in _LABELS or label == FALSE_LABEL)
    text = rest if is_labelled else text
    before, line, named = text.rpartition("\n")
    text = before if line and named.startswith("[[") else text
    before, begin, knowers = text.rpartition(" *(")
    text = before if begin and knowers.endswith(")*") and "\n" not in knowers else text
    if not is_labelled:
        return OwnFact(id, mark, text)
    return OwnFact(id, mark, text, _LABELS.get(label, "happened"), label == FALSE_LABEL)


def _close(begun: tuple[str | None, int, str] | None, start: int, end: int) -> Iterator[Part]:
    if begun is not None:
        yield Part(begun[0], start, begun[1], end, title=begun[2])
    elif end > start:
        yield Part(None, start, start, end)


def _with_lead(kind: EntityKind[Any], lines: Sequence[str], parts: list[Part]) -> list[Part]:
    """What stands first is the field for a note's text, where nothing else is."""
    if not parts or parts[0].field is not None or parts[0].title or parts[0].start:
        return parts
    first = parts[0]
    inside = _after_pictures(lines, first.end)
    is_free = all(one.field != kind.main_field for one in parts)
    if not is_free or not any(line.strip() for line in lines[inside : first.end]):
        return parts
    own = Part(kind.main_field, inside, inside, first.end)
    before = [Part(None, 0, 0, inside)] if inside else []
    return [*before, own, *parts[1:]]


def _after_pictures(lines: Sequence[str], end: int) -> int:
    """The line after the pictures, and their captions, at the beginning of a note."""
    at, after = 0, 0
    while at < end:
        if _EMBED.fullmatch(lines[at]):
            at += 1
            if at < end and _CAPTION.fullmatch(lines[at]):
                at += 1
            after = at
        elif lines[at].strip():
            break
        else:
            at += 1
    return after


def _escape(line: str, firsts: Mapping[str, object]) -> str:
    return f"\\{line}" if line.lstrip("\\").rstrip() in firsts else line


def _unescape(line: str, firsts: Mapping[str, object]) -> str:
    return line[1:] if line.startswith("\\") and line.lstrip("\\").rstrip() in firsts else line
