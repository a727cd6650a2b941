"""A note as bytes, its fields read from it and changed in it. Pure.

What is changed is the value of one field and nothing beside it: the mark at the beginning of a
file, how its lines end, whether the last one ends, comments, the order and spelling of properties
stay as they are. Every change is read again before it counts: where a note cannot hold it, or
anything else in it would come out different, the note is left alone.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.exports.yaml_text import spell_head
from ttrpg_assistant.imports.field_values import fit_value
from ttrpg_assistant.imports.front_matter import Head, split_head
from ttrpg_assistant.imports.hidden_sections import part_hidden
from ttrpg_assistant.imports.own_heads import (
    NAME,
    list_head_fields,
    read_head,
    spell_property,
    spell_tags,
)
from ttrpg_assistant.imports.own_notes import (
    OWN_ID,
    OWN_TAGS,
    Part,
    read_part,
    spell_first_line,
    spell_part,
    split_parts,
)
from ttrpg_assistant.imports.references import SEVERAL
from ttrpg_assistant.imports.vault_notes import read_note
from ttrpg_assistant.imports.vault_values import KEPT_SHAPES, same_text, spell_text
from ttrpg_assistant.vaults.properties import set_property

Resolve = Callable[[str], tuple[str, str] | None]
"""The kind and id of the thing whose note a link leads to."""

SpellLink = Callable[[str], str | None]
"""The link to a thing by its id."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What a note says of a field, where that is no value of it: `why` is the end of a sentence
    about the property."""

    why: str


@dataclass(frozen=True, slots=True)
class NoteText:
    """The text of a note. `lines` are without their ends; `ends` are these, "" after the last."""

    has_mark: bool
    lines: tuple[str, ...]
    ends: tuple[str, ...]
    head: Head
    head_end: int
    """The lines before this one are the head, with the dashes around it."""

    @property
    def newline(self) -> str:
        """How most of its lines end."""
        return "\r\n" if self.ends.count("\r\n") > self.ends.count("\n") else "\n"

    @property
    def body(self) -> tuple[str, ...]:
        """The lines after the head."""
        return self.lines[self.head_end :]

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it."""
        return not any(line.strip() for line in self.lines)

    @property
    def own_id(self) -> str:
        """The id that it says is its own, "" without one."""
        return str((self.head.values or {}).get(OWN_ID) or "")

    def encode(self) -> bytes:
        """The bytes of the file."""
        text = "".join(line + end for line, end in zip(self.lines, self.ends, strict=True))
        return (codecs.BOM_UTF8 if self.has_mark else b"") + text.encode()


def read_note_text(content: bytes) -> NoteText | None:
    """The text of these bytes; None where they are not UTF-8."""
    has_mark = content.startswith(codecs.BOM_UTF8)
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    raw = text.split("\n")
    lines = tuple(line.removesuffix("\r") for line in raw)
    ends = tuple(
        ("\r\n" if line.endswith("\r") else "\n") if number < len(raw) - 1 else line[len(own) :]
        for number, (line, own) in enumerate(zip(raw, lines, strict=True))
    )
    return _with_head(has_mark, lines, ends)


def _with_head(has_mark: bool, lines: tuple[str, ...], ends: tuple[str, ...]) -> NoteText:
    plain = "\n".join(lines)
    head = split_head(plain)
    if head.body == plain:
        return NoteText(has_mark, lines, ends, head, 0)
    before = plain[: len(plain) - len(head.body)]
    is_all = not head.body and not plain.endswith("\n")
    return NoteText(has_mark, lines, ends, head, len(lines) if is_all else before.count("\n"))


def read_fields(
    kind: EntityKind[Any], note: NoteText, path: str, resolve: Resolve
) -> dict[str, Any]:
    """What a note says of each field of its kind: its blank where it says nothing, `Unreadable`
    where what it says is no value."""
    found: dict[str, Any] = {
        name: one.empty for name, one in kind.fields.items() if is_kept(kind, name)
    }
    if note.head.values is None:
        why = "cannot be read: the properties of this note are not YAML"
        for name in (*list_head_fields(kind), kind.name_field):
            found[name] = Unreadable(why)
    else:
        given, links = read_head(kind, note.head.values, PurePosixPath(path).stem)
        for name, targets in links.items():
            found[name] = _point(kind, name, given.pop(name, []), targets, resolve)
        for name, value in given.items():
            found[name] = _fit(kind, name, value)
    lines = note.body
    for part in split_parts(kind, lines):
        if part.field is not None:
            value = read_part(kind, lines, part)
            value = show_only(value) if _is_lead(part) else value
            found[part.field] = _fit(kind, part.field, value)
    return found


def has_own_parts(kind: EntityKind[Any], note: NoteText) -> bool:
    """Whether a note has a part with a heading of ours."""
    return any(one.field is not None and not _is_lead(one) for one in split_parts(kind, note.body))


def _is_lead(part: Part) -> bool:
    """Whether it is what stands first in a note, without a heading of ours."""
    return part.start == part.inside


def show_only(text: str) -> str:
    """A text without what is for the game master alone in it: comments, callouts, and what a
    heading says is theirs. They stay in the note."""
    shown = text
    if "%%" in text or "[!" in text:
        shown = read_note(text, Head("", {}, text)).text
    return part_hidden(shown).text.strip("\n")


def is_kept(kind: EntityKind[Any], name: str) -> bool:
    """Whether a field stands in notes."""
    return kind.fields[name].shape.name not in ("message", "object")


def _fit(kind: EntityKind[Any], name: str, value: Any) -> Any:
    one = kind.fields[name]
    if value in (None, "", [], {}):
        return one.empty
    is_exact = one.shape.name in KEPT_SHAPES
    fitted, left = (value, None) if is_exact else fit_value(one, value)
    if left is not None or fitted is None:
        return Unreadable("has a value that this field cannot hold")
    try:
        return one.shape.check(name, fitted)
    except InvalidInput:
        return Unreadable("has a value that this field cannot hold")


def _point(
    kind: EntityKind[Any], name: str, groups: list[str], targets: list[str], resolve: Resolve
) -> Any:
    found = [resolve(one) for one in targets]
    if None in found:
        return Unreadable("leads to a note that is not synced")
    ends = [one for one in found if one is not None]
    field = kind.fields[name]
    value: Any
    if field.shape.name in SEVERAL:
        value = [{"kind": kind_name, "id": id} for kind_name, id in ends]
        if field.shape.name == "known_to":
            value += [{"kind": "group", "group": one} for one in groups]
    else:
        right = [id for kind_name, id in ends if kind_name == field.points_to]
        if ends and not right:
            return Unreadable("leads to another kind of thing")
        value = right[0] if right else None
    try:
        return field.shape.check(name, value)
    except InvalidInput:
        return Unreadable("has a value that this field cannot hold")


def change_fields(
    kind: EntityKind[Any],
    note: NoteText,
    path: str,
    changes: Mapping[str, Any],
    link: SpellLink,
    resolve: Resolve,
) -> NoteText | None:
    """The note with these values; None where it cannot hold them."""
    before = read_fields(kind, note, path, resolve)
    changed = note
    for name, value in changes.items():
        made = _change(kind, changed, path, name, value, link)
        if made is None:
            return None
        changed = made
    after = read_fields(kind, changed, path, resolve)
    for name, value in before.items():
        if isinstance(after[name], Unreadable) != isinstance(value, Unreadable):
            return None
        if name not in changes and not same_text(after[name], value):
            return None
    for name, value in changes.items():
        # Words of a list may be spelled alike in a note.
        is_list = isinstance(after[name], list)
        if not is_list and not same_text(after[name], value):
            return None
    if _others(kind, note) != _others(kind, changed):
        return None
    return changed


def _others(kind: EntityKind[Any], note: NoteText) -> dict[str, Any]:
    """The properties that belong to no field."""
    own = {NAME, OWN_TAGS, *list_head_fields(kind).values()}
    return {name: one for name, one in (note.head.values or {}).items() if name not in own}


def _change(
    kind: EntityKind[Any], note: NoteText, path: str, name: str, value: Any, link: SpellLink
) -> NoteText | None:
    if kind.fields[name].shape.name in KEPT_SHAPES:
        return _change_part(kind, note, name, value)
    values = note.head.values
    if values is None:
        return None
    if name == kind.name_field:
        stem = PurePosixPath(path).stem
        wanted = {NAME: value} if NAME in values or value != stem else {}
    elif name == "tags":
        wanted = spell_tags(kind.name, list(value))
        if OWN_TAGS in values:
            wanted.setdefault(OWN_TAGS, list(value))
    else:
        spelled = spell_property(kind.fields[name], value, link)
        if kind.fields[name].points_to is not None and value and not spelled:
            return None
        word = list_head_fields(kind)[name]
        is_said = word in values or value != kind.fields[name].empty
        wanted = {word: spelled} if is_said else {}
    changed: NoteText | None = note
    for word, one in wanted.items():
        changed = None if changed is None else put_property(changed, word, one)
    return changed


def put_property(note: NoteText, word: str, value: Any) -> NoteText | None:
    """The note with a property at its head; None where its head cannot be changed."""
    if not note.head_end:
        end = note.newline
        lines = ("---", *spell_head({word: value}).split("\n")[1:2], "---", *note.lines)
        return _with_head(note.has_mark, lines, (end, end, end, *note.ends))
    inside = note.lines[1 : note.head_end - 1]
    closing = note.head_end - 1
    if note.head_end == len(note.lines) and not note.lines[closing].startswith("---"):
        return None
    made = set_property(inside, word, value)
    if made is None:
        return None
    # Lines before and after the changed ones keep how they end.
    same_before = _count_same(inside, made)
    rest = min(len(inside), len(made)) - same_before
    same_after = min(rest, _count_same(inside[::-1], made[::-1]))
    middle = len(made) - same_before - same_after
    ends = note.ends
    new_ends = (
        *ends[: 1 + same_before],
        *([note.newline] * middle),
        *ends[1 + len(inside) - same_after :],
    )
    lines = (note.lines[0], *made, *note.lines[closing:])
    return _with_head(note.has_mark, lines, new_ends)


def _count_same(one: Any, other: Any) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _change_part(kind: EntityKind[Any], note: NoteText, name: str, value: Any) -> NoteText | None:
    parts = split_parts(kind, note.body)
    text = spell_text(kind.fields[name].shape.name, value)
    text = spell_part(kind, name, text.strip("\n")) if text.strip("\n") else ""
    own = next((one for one in parts if one.field == name), None)
    if own is None:
        return _add_part(kind, note, parts, name, text) if text else note
    if _is_lead(own):
        said = read_part(kind, note.body, own)
        if show_only(said) != said:
            return None
    start, end = own.inside + note.head_end, own.end + note.head_end
    while start < end and not note.lines[start].strip():
        start += 1
    while end > start and not note.lines[end - 1].strip():
        end -= 1
    if start == end:
        # Nothing was said: the words come after the blank line under the heading.
        start = end = own.inside + note.head_end
        lead = [] if own.is_callout or own.start == own.inside else [""]
        return _splice(note, start, end, [*lead, *text.split("\n")] if text else [])
    return _splice(note, start, end, text.split("\n") if text else [])


def _add_part(
    kind: EntityKind[Any], note: NoteText, parts: list[Part], name: str, text: str
) -> NoteText:
    """A part that is not there yet: after the parts of the thing's own, before what is written
    from elsewhere."""
    first = spell_first_line(kind, name)
    block = [first, *text.split("\n")] if kind.fields[name].is_gm_only else [first, "", text]
    lines = "\n".join(block).split("\n")
    generated = next((one for one in parts if one.field is None and one.title), None)
    if generated is not None:
        at = generated.start + note.head_end
        return _splice(note, at, at, [*lines, ""])
    at = len(note.lines)
    while at > note.head_end and not note.lines[at - 1].strip():
        at -= 1
    gap = [""] if at > note.head_end or note.head_end else []
    return _splice(note, at, at, [*gap, *lines])


def _splice(note: NoteText, start: int, end: int, lines: list[str]) -> NoteText:
    """The note with other lines from `start` to before `end`; all others end as they did."""
    if start == end and start == len(note.lines) and start:
        # After a last line that may not be ended: that one is ended now, and the new last is not.
        ends = (*note.ends[:-1], note.newline, *([note.newline] * (len(lines) - 1)), "")
        return _with_head(note.has_mark, (*note.lines, *lines), ends)
    before, after = note.ends[:start], note.ends[end:]
    inner = list(note.ends[start : min(end, start + len(lines))])
    inner += [note.newline] * (len(lines) - len(inner))
    if not after:
        # The end of the file stays as it was.
        last = note.ends[end - 1]
        inner = [one or note.newline for one in inner]
        if inner:
            inner[-1] = last
        elif before:
            before = (*before[:-1], last)
    else:
        inner = [one or note.newline for one in inner]
    changed = (*note.lines[:start], *lines, *note.lines[end:])
    if not changed:
        changed, inner = ("",), [""]
    return _with_head(note.has_mark, changed, (*before, *inner, *after))
