"""Documents of Foundry that this program wrote: each thing is a journal, read field by field.

The actor and the roll table of a thing say what its journal says; they count where it is missing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ttrpg_assistant.campaigns.canon import FACT_LABELS, FALSE_LABEL
from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.registry import KINDS, get_kind
from ttrpg_assistant.campaigns.relations import ATTITUDES
from ttrpg_assistant.campaigns.shapes import say
from ttrpg_assistant.imports.foundry_actors import get_path
from ttrpg_assistant.imports.html_text import read_html
from ttrpg_assistant.imports.model import FoundFact, FoundRelation
from ttrpg_assistant.imports.own_texts import (
    OURS,
    FindKey,
    OwnMark,
    OwnThing,
    Section,
    cut_html,
    find_field,
    mark_text,
    read_own,
    read_section,
)

HEADING = "h3"
RELATIONS = "Relations"
FACTS = "facts"
CAMPAIGN = "campaign"
README_TITLE = "What to do with these files in Foundry VTT"

_LINK = re.compile(r"@UUID\[JournalEntry\.(\w{1,40})\](?:\{([^{}\n]{0,300})\})?")
_RELATION = re.compile(
    r"- (?P<label>.*) → @UUID\[JournalEntry\.(?P<id>\w{1,40})\](?:\{[^{}\n]{0,300}\})?"
    r"(?: \((?P<attitude>[^()\n]{1,40})\))?\Z"
)
_KNOWERS = (" *(", ")*")
"""Around who knows a fact, at the end of its line."""

_ATTITUDES = {word: number for number, word in ATTITUDES.items()}
_CANONS = {**{label: canon for canon, label in FACT_LABELS.items()}, FALSE_LABEL: "happened"}
_STEP = 50
"""Of an attitude from -100 to 100, for one step of ours."""

_NUMBERED = re.compile(r"\d{2,6} ")


Flat = tuple[str, str, Mapping[str, Any], str]
"""The key of a document, its type, itself, and the file it is in."""


def find_own(document: Mapping[str, Any]) -> tuple[OwnMark, Mapping[str, str]] | None:
    """The thing that a document of ours is, with the marks of its fields; None for others."""
    found = read_own(get_path(document, "flags", OURS))
    return found if found is not None and found[0].kind in KINDS else None


def is_about(document: Mapping[str, Any], what: str) -> bool:
    """Whether a document of ours is the one of all facts, or the campaign's."""
    own = get_path(document, "flags", OURS)
    return isinstance(own, Mapping) and own.get("kind") == what


def read_thing(document: Mapping[str, Any], find: FindKey) -> tuple[OwnThing, OwnMark] | None:
    """A thing of ours out of its journal, or out of its actor where there is no other."""
    found = find_own(document)
    if found is None:
        return None
    own, marks = found
    thing = OwnThing(get_kind(own.kind), {}, set())
    for own_marks, section in _list_sections(document, marks):
        if section.label != RELATIONS:
            thing.add(section, own_marks, find)
    name = say(document["name"])
    if own.kind == "game_session":
        name = _NUMBERED.sub("", name, count=1)
    thing.set(thing.kind.name_field, name, marks)
    return thing, thing.finish(own)


def list_relations(document: Mapping[str, Any], key: str, find: FindKey) -> list[FoundRelation]:
    """How a thing of ours is related to others, from its own side."""
    found: dict[FoundRelation, None] = {}
    for _, section in _list_sections(document, {}):
        if section.label != RELATIONS:
            continue
        for line in section.text.split("\n"):
            related = _RELATION.match(line)
            target = find(related["id"]) if related is not None else None
            if related is not None and target is not None:
                step = _ATTITUDES.get(related["attitude"] or "")
                attitude = None if step is None else step * _STEP
                found[FoundRelation(key, target[1], related["label"], attitude)] = None
    return list(found)


def read_facts(document: Mapping[str, Any]) -> list[FoundFact]:
    """The facts in the journal of all facts, as the game master's page has them."""
    pages = [one for one in _list_pages(document) if one.get("name") == "GM"]
    lines = (line for page in pages for line in _text_of(page).split("\n"))
    return [fact for line in lines if (fact := read_fact(line)).text]


def read_fact(line: str) -> FoundFact:
    """A fact in a list, with how far it is so and without who knows it."""
    begins, ends = _KNOWERS
    text = line.removeprefix("- ")
    if text.endswith(ends) and begins in text:
        text = text.rpartition(begins)[0]
    text = text.strip()
    for label, canon in _CANONS.items():
        if text.startswith(f"{label}: "):
            text = text.removeprefix(f"{label}: ")
            return FoundFact(text, canon=canon, is_false=label == FALSE_LABEL)
    return FoundFact(text)


def drop_doubles(flat: list[Flat]) -> Iterator[Flat]:
    """Each document once: an adventure beside its parts has them all again, and what is a journal
    of ours may be an actor or a table of ours too."""
    journals = {
        own[0].id
        for _, type, document, _ in flat
        if type == "journal" and (own := find_own(document)) is not None
    }
    seen: set[tuple[str, str]] = set()
    for one in flat:
        _, type, document, _ = one
        own = find_own(document)
        if own is not None and type != "journal" and own[0].id in journals:
            continue
        spelled = json.dumps(document, sort_keys=True) if document.get("_id") else ""
        place = (type, hashlib.sha256(spelled.encode("utf-8", "replace")).hexdigest())
        if not spelled or place not in seen:
            seen.add(place)
            yield one


def with_names(text: str) -> str:
    """The text with the names of what it links to."""
    return _LINK.sub(lambda found: found[2] or found[0], text)


def mark_page(kind: EntityKind[Any], html: str) -> dict[str, str]:
    """The marks of the sections of a page, as they are read again."""
    return {
        find_field(kind, one.label) or one.label: mark_text(one.text)
        for one in _cut(html)
        if one.label != RELATIONS
    }


def _list_pages(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    pages = document.get("pages")
    return [one for one in pages if isinstance(one, Mapping)] if isinstance(pages, list) else []


def _text_of(page: Mapping[str, Any]) -> str:
    return read_html(say(get_path(page, "text", "content") or "")).markdown


def _list_sections(
    document: Mapping[str, Any], marks: Mapping[str, str]
) -> Iterator[tuple[Mapping[str, str], Section]]:
    """The sections of all pages, the game master's page first, each with the marks of its page; of
    an actor those of its biography."""
    pages = _list_pages(document)
    if not pages:
        html = say(get_path(document, "system", "details", "biography", "value") or "")
        yield from ((marks, one) for one in _cut(html))
    for page in sorted(pages, key=lambda one: one.get("name") != "GM"):
        own = read_own({"id": "", **(get_path(page, "flags", OURS) or {})})
        own_marks = own[1] if own is not None else {}
        if page.get("type") == "text":
            title = "" if own_marks or page.get("flags") else say(page.get("name") or "")
            for one in _cut(say(get_path(page, "text", "content") or "")):
                yield own_marks, Section(one.label or title, one.text, one.links)


def _cut(html: str) -> Sequence[Section]:
    found = []
    for label, part in cut_html(html, HEADING):
        section = read_section(label, part)
        links = tuple(each[1] for each in _LINK.finditer(section.text))
        is_list = label == RELATIONS
        text = section.text if is_list else with_names(section.text)
        found.append(Section(label, text, links))
    return found
