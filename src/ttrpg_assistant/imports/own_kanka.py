"""Entities of Kanka that this program wrote, read field by field.

The text and the posts of an entity are its fields; its title, type, tags and place stand where
Kanka has them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from ttrpg_assistant.campaigns.registry import KINDS, get_kind
from ttrpg_assistant.campaigns.shapes import say
from ttrpg_assistant.imports.html_text import read_html
from ttrpg_assistant.imports.json_files import parse_json
from ttrpg_assistant.imports.kanka_world import KankaEntity, list_rows
from ttrpg_assistant.imports.model import FoundFact
from ttrpg_assistant.imports.own_foundry import read_fact
from ttrpg_assistant.imports.own_texts import (
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

HEADING = "h4"
ID, MARK = "ttrpg_id", "ttrpg_marks"
"""Attributes of an entity: what it is here, and the rest of what an export says of it."""

FACTS, CAMPAIGN = "facts", "campaign"
TITLED = frozenset({"npc", "character"})
TYPE_FIELDS = ("role", "kind", "type")
"""What Kanka calls the type of a thing, or a character's title."""

_MENTION = re.compile(r"\[[a-z_]{2,30}:(\d{1,12})(?:\|[^\[\]\n]{0,300})?\]")

Named = Callable[[str], str]
"""A text with names in place of its mentions."""


def list_own_attributes(one: KankaEntity) -> dict[str, str]:
    """What an export of ours says of an entity."""
    rows = list_rows(one.entity, "entityAttributes", "attributes")
    found = ((say(row.get("name") or ""), say(row.get("value") or "")) for row in rows)
    return {name: value for name, value in found if name in (ID, MARK)}


def find_own(one: KankaEntity) -> tuple[OwnMark, Mapping[str, str]] | None:
    """The thing of ours that an entity is, with the marks of its fields; None for others."""
    said = list_own_attributes(one)
    told = parse_json(said.get(MARK, "").encode("utf-8", "replace"))
    if ID not in said or not isinstance(told, Mapping):
        return None
    found = read_own({**told, "id": said[ID]})
    return found if found is not None and found[0].kind in KINDS else None


def is_about(one: KankaEntity, what: str) -> bool:
    """Whether it is our note of facts, or the one of the campaign itself."""
    return list_own_attributes(one).get(ID) == what


def read_thing(
    one: KankaEntity, tags: Iterable[str], place: str | None, find: FindKey, named: Named
) -> tuple[OwnThing, OwnMark] | None:
    """A thing of ours. `tags` are its tags, `place` is the key of where it is."""
    found = find_own(one)
    if found is None:
        return None
    own, marks = found
    thing = OwnThing(get_kind(own.kind), {}, set())
    kind = thing.kind
    thing.set(kind.name_field, one.name, marks)
    said = say(one.document.get("type") or one.entity.get("type") or "")
    if own.kind in TITLED:
        said = say(one.document.get("title") or "")
    type_field = next((name for name in TYPE_FIELDS if name in kind.fields), None)
    if type_field is not None and said and said != kind.noun:
        thing.set(type_field, said, marks)
    if "tags" in kind.fields and (listed := list(tags)):
        thing.set("tags", listed, marks)
    reference = next((name for name, to in kind.references.items() if to == "location"), None)
    if reference is not None and place is not None:
        thing.values[reference] = place
    for section in list_sections(one, named):
        thing.add(section, marks, find)
    return thing, thing.finish(own)


def list_sections(one: KankaEntity, named: Named) -> Iterator[Section]:
    """The parts of the text, then the posts."""
    entry = say(one.document.get("entry") or one.entity.get("entry") or "")
    for label, html in cut_html(entry, HEADING):
        yield _read(label, html, named)
    for post in list_rows(one.entity, "posts"):
        yield _read(say(post.get("name") or ""), say(post.get("entry") or ""), named)


def mark_sections(kind_name: str, one: KankaEntity, named: Named) -> dict[str, str]:
    """The marks of the parts of an entity, as they are read again."""
    kind = get_kind(kind_name)
    return {
        find_field(kind, each.label) or each.label: mark_text(each.text)
        for each in list_sections(one, named)
    }


def read_facts(one: KankaEntity) -> list[FoundFact]:
    """The facts in a note of ours."""
    html = say(one.document.get("entry") or one.entity.get("entry") or "")
    lines = read_html(html).markdown.split("\n")
    return [fact for line in lines if (fact := read_fact(line)).text]


def _read(label: str, html: str, named: Named) -> Section:
    section = read_section(label, html)
    links = tuple(found[1] for found in _MENTION.finditer(section.text))
    return Section(label, named(section.text), links)
