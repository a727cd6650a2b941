"""Notes that this program exported, found again among the files of a vault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from ttrpg_assistant.campaigns.audiences import kept_audience
from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.imports.front_matter import Head
from ttrpg_assistant.imports.gathering import Gathering
from ttrpg_assistant.imports.model import FoundFact, FoundPicture, FoundRelation
from ttrpg_assistant.imports.own_heads import ARCHIVED, list_other_properties, read_head
from ttrpg_assistant.imports.own_notes import (
    OWN_ID,
    OWN_REVISION,
    OwnRelation,
    find_own_kind,
    read_facts,
    read_part,
    read_relations,
    split_parts,
)
from ttrpg_assistant.imports.references import SEVERAL
from ttrpg_assistant.imports.vault_notes import VaultNote, list_embeds
from ttrpg_assistant.prompts.audience import PARTY, may_see

AWAY = frozenset({"audience", "known_to"})
"""What a file cannot decide: who may know a thing is for the game master to say."""

STEP = 50
"""Between two of the five attitudes, on the scale of other programs."""


class OwnNotes:
    """The notes of a vault that are this program's own."""

    def __init__(self, found: Gathering) -> None:
        self._found = found
        self._links: list[tuple[str, dict[str, list[str]]]] = []
        self._related: list[tuple[str, list[OwnRelation]]] = []

    def add(
        self, name: str, head: Head, take_pictures: Callable[[VaultNote], tuple[FoundPicture, ...]]
    ) -> bool:
        """Whether this note is one of them; then what it holds is found."""
        kind_name = find_own_kind(head.values)
        if kind_name is None:
            return self._add_facts(name, head)
        kind, values = get_kind(kind_name), head.values or {}
        if kind_name == "campaign":
            self._found.ignored("the note of the campaign itself", "only lists the others")
            return True
        given, links = read_head(kind, values, PurePosixPath(name).stem)
        lines = head.body.split("\n")
        outside = []
        for part in split_parts(kind, lines):
            if part.field is not None:
                given[part.field] = read_part(kind, lines, part)
            elif not part.title:
                outside += lines[part.start : part.end]
        given = {field: one for field, one in given.items() if field not in AWAY}
        kept: dict[str, Any] = {"head": head.raw}
        if other := list_other_properties(kind, values):
            kept["properties"] = other
            for word in other:
                self._found.kept(word)
        embeds = list_embeds("\n".join(outside))
        if any(line.strip() and not list_embeds(line) for line in outside):
            kept["text"] = "\n".join(outside)
            self._found.kept("text outside the parts of a note")
        self._found.add_thing(
            name,
            kind_name,
            given,
            source_id=str(values[OWN_ID]),
            kept=kept,
            pictures=take_pictures(VaultNote("", None, "", embeds=embeds))
            if kind.is_pictured
            else (),
            file_name=name,
            own_id=str(values[OWN_ID]),
            own_revision=_read_number(values.get(OWN_REVISION)),
            is_archived=values.get(ARCHIVED) is True,
            is_for_players=may_see(PARTY, kept_audience(str(values.get("audience")))),
        )
        self._links.append((name, links))
        self._related.append((name, read_relations(kind, head.body)))
        self._found.used("Notes of this program", kind.plural)
        return True

    def connect(self, find: Callable[[str], str | None]) -> None:
        """What they are to others, now that all are found; `find` gives the key of a note."""
        things = {one.key: one for one in self._found.things}
        for name, links in self._links:
            thing = things[name]
            kind, pointed = get_kind(thing.kind), dict(thing.values)
            for field, targets in links.items():
                keys = [key for one in targets if (key := find(one)) in things]
                if field in AWAY or not keys:
                    continue
                if kind.fields[field].shape.name in SEVERAL:
                    pointed[field] = [{"kind": things[key].kind, "id": key} for key in keys if key]
                else:
                    pointed[field] = keys[0]
            self._found.change_values(name, pointed)
        for name, relations in self._related:
            for one in relations:
                key = find(one.target)
                if key in things and key is not None:
                    attitude = None if one.attitude is None else one.attitude * STEP
                    found = FoundRelation(name, key, one.label, attitude, one.note)
                    self._found.add_relation(found)
                    self._found.used("Relations", "relations")

    def _add_facts(self, name: str, head: Head) -> bool:
        facts = None if head.raw else read_facts(head.body)
        if facts is None:
            return False
        for one in facts:
            self._found.add_found_fact(
                FoundFact(
                    one.text,
                    source_id=one.id,
                    file_name=name,
                    own_id=one.id,
                    own_mark=one.mark,
                    canon=one.canon,
                    is_false=one.is_false,
                )
            )
        self._found.used("Facts", "facts", len(facts))
        return True


def _read_number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
