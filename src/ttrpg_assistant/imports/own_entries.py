"""Entries of lorebooks that this program wrote: a fact as it is, a thing as its labelled lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.registry import KINDS, get_kind
from ttrpg_assistant.imports.foundry_actors import get_path
from ttrpg_assistant.imports.model import FoundFact, FoundThing
from ttrpg_assistant.imports.own_texts import (
    OURS,
    OwnMark,
    OwnThing,
    Section,
    find_field,
    mark_text,
    read_own,
)

FACT = "fact"
BETWEEN = "; "
"""What stands between the entries of a list in a line."""

_LISTS = frozenset({"lines", "secrets", "connections"})
_CONNECTION = "Connection to "


def find_own(entry: Mapping[str, Any]) -> tuple[OwnMark, Mapping[str, str]] | None:
    """What of ours an entry is, with its marks; None for others."""
    found = read_own(get_path(entry, "extensions", OURS))
    is_known = found is not None and (found[0].kind == FACT or found[0].kind in KINDS)
    return found if is_known else None


def read_own_fact(entry: Mapping[str, Any]) -> FoundFact | None:
    """The fact that an export of ours put into an entry; None where it is none."""
    found, content = find_own(entry), entry.get("content")
    if found is None or found[0].kind != FACT or not isinstance(content, str):
        return None
    text = content.strip()
    own, marks = found
    return FoundFact(text, own_id=own.id, own_mark=marks.get(FACT, "")) if text else None


def read_own_thing(entry: Mapping[str, Any], key: str, file_name: str) -> FoundThing | None:
    """The thing that an export of ours put into an entry; None where it is none."""
    found, content = find_own(entry), entry.get("content")
    if found is None or found[0].kind == FACT or not isinstance(content, str):
        return None
    own, marks = found
    thing = OwnThing(get_kind(own.kind), {}, set())
    for section in list_sections(thing.kind, content):
        thing.add(section, marks, lambda _: None)
    said = entry.get("name") or entry.get("comment")
    name = content.split("\n", 1)[0].removesuffix(f" ({thing.kind.noun})")
    called = said if isinstance(said, str) and said.strip() else name
    thing.set(thing.kind.name_field, " ".join(called.split()), marks)
    values = {name: one for name, one in thing.values.items() if one not in (None, "", [])}
    return FoundThing(
        key,
        own.kind,
        values,
        source_id=own.id,
        file_name=file_name,
        own_id=own.id,
        own_revision=own.revision,
        untouched=thing.finish(own).untouched,
    )


def mark_entry(kind: EntityKind[Any], name: str, content: str) -> dict[str, str]:
    """The marks of an entry, as it is read again."""
    marks = {
        find_field(kind, one.label) or one.label: mark_text(one.text)
        for one in list_sections(kind, content)
    }
    return {**marks, kind.name_field: mark_text(name)}


def list_sections(kind: EntityKind[Any], content: str) -> Iterator[Section]:
    """The labelled lines below the first, each with what follows it. What names others has no
    links here, so it stays as it is in the campaign."""
    labels = {one.label: name for name, one in kind.fields.items()}
    label, lines = "", list[str]()
    for line in content.strip().split("\n")[1:]:
        head, colon, rest = line.partition(": ")
        if not colon or head not in labels:
            lines.append(line)
            continue
        if label:
            yield _make(kind, labels[label], label, lines)
        label, lines = head, [rest]
    if label:
        yield _make(kind, labels[label], label, lines)


def _make(kind: EntityKind[Any], name: str, label: str, lines: list[str]) -> Section:
    text = "\n".join(lines).strip()
    one = kind.fields[name]
    if one.shape.name in _LISTS:
        parts = (part.removeprefix(_CONNECTION) for part in text.split(BETWEEN))
        text = "\n".join(f"- {part}" for part in parts if part.strip())
    return Section(label, text)
