"""What would become of the files of an import: read, matched with the campaign, told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Connection

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.registry import KINDS, get_kind, list_things
from ttrpg_assistant.campaigns.store.edits import rewind_values
from ttrpg_assistant.campaigns.store.entities import plain_values
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.imports.columns import list_columns, with_choices
from ttrpg_assistant.imports.excerpts import make_excerpt
from ttrpg_assistant.imports.fitting import can_become
from ttrpg_assistant.imports.matching import (
    Choices,
    Match,
    Planned,
    list_kinds_of,
    match_things,
    plan,
)
from ttrpg_assistant.imports.model import NOTES, FoundFact, FoundNotes, FoundThing, Note, Reading
from ttrpg_assistant.imports.reading import Read
from ttrpg_assistant.imports.store import existing, sources

VALUE_LENGTH = 4_000
MOST_FACTS_SHOWN = 200
MOST_NOTES = 200

KEPT_TO_READ = "kept as it is, for a model to read"
TWICE = "Another in these files has the same name: each becomes a thing of its own."


@dataclass(frozen=True, slots=True)
class Plan:
    """A reading and what each of its things is here, as the choices say. `facts` are those that
    stay facts, by the key under which a choice names each."""

    read: Read
    matches: tuple[Match, ...]
    planned: tuple[Planned, ...]
    facts: tuple[tuple[str, FoundFact], ...]
    choices: Choices

    @property
    def reading(self) -> Reading:
        """What was found."""
        return self.read.reading

    @property
    def notes(self) -> tuple[FoundNotes, ...]:
        """The notes that are kept for a model to read, if that was chosen."""
        return self.reading.notes if self.choices.read_notes else ()

    @property
    def formats(self) -> Mapping[str, str]:
        """The format of each thing, by its key."""
        return self.read.formats

    @property
    def steps(self) -> int:
        """How much there is to store."""
        reading = self.reading
        pictures = sum(len(one.thing.pictures) for one in self.matches)
        talk = len(reading.talk) - len(self.choices.skip_talk) + len(self.notes)
        return len(self.matches) + pictures + len(self.facts) + len(reading.relations) + talk

    def drop(self) -> None:
        """Delete what was unpacked for it."""
        self.read.drop()

    def report(self) -> dict[str, Any]:
        """What became of every part of the files, to be kept with the import."""
        reading = self.reading
        own = [
            Note(f"{one.name}: {note.split(':')[0]}", note.split(": ", 1)[-1])
            for one in self.matches
            for note in one.fitted.notes
        ]
        return {
            "format": reading.format,
            "label": self.read.label,
            "used": _notes(self._list_used()),
            "kept": _notes(reading.kept),
            "ignored": _notes((*reading.ignored, *own)),
            "warnings": [cut_text(one, VALUE_LENGTH) for one in reading.warnings[:MOST_NOTES]],
        }

    def _list_used(self) -> tuple[Note, ...]:
        """What is used, and of notes that a model reads only that: their headings make nothing."""
        passed_over = {(one.field, one.text) for notes in self.notes for one in notes.used}
        used = [one for one in self.reading.used if (one.field, one.text) not in passed_over]
        kept = [Note("text", KEPT_TO_READ, notes.pieces) for notes in self.notes]
        return (*kept, *used)

    def tell(self) -> dict[str, Any]:
        """The preview: what is what, and what would become of it."""
        names = {one.thing.key: one.name for one in self.matches}
        called = Counter((one.kind, fold(one.name)) for one in self.matches)
        skipped = [one for one in self.reading.things if one.key in self.choices.skip]
        facts = [
            {
                "key": key,
                "title": one.title,
                "text": cut_text(one.text, VALUE_LENGTH),
                "about": [names[about] for about in one.about if about in names],
                "can_become": _list_kinds() if one.title else [],
            }
            for key, one in self.facts[:MOST_FACTS_SHOWN]
        ]
        return {
            **self.report(),
            "things": [
                *(
                    _tell(one, planned, called[one.kind, fold(one.name)])
                    for one, planned in zip(self.matches, self.planned, strict=True)
                ),
                *(
                    {
                        "key": one.key,
                        "kind": one.kind,
                        "name": str(one.values.get(get_kind(one.kind).name_field, "")),
                        "action": "skip",
                        "can_become": can_become(one.kind),
                    }
                    for one in skipped
                ),
            ],
            "facts": {"count": len(self.facts), "first": facts},
            "columns": list_columns(self.reading, self.choices.columns),
            "relations": len(self.reading.relations),
            "notes": _tell_notes(self.reading),
            "for_players": sum(
                one.thing.is_for_players and planned.action == "new"
                for one, planned in zip(self.matches, self.planned, strict=True)
            ),
            "talk": [
                {"number": number, "title": one.title, "messages": one.messages}
                for number, one in enumerate(self.reading.talk)
            ],
        }


def make_plan(tx: Connection, read: Read, campaign_id: str | None, choices: Choices) -> Plan:
    """Match what was read with the campaign; without one, everything is new.

    Raises `InvalidInput` for a choice of what is not there.
    """
    _check_choices(read.reading, choices)
    if choices.read_notes:
        of_notes = {key for key, name in read.formats.items() if name == NOTES}
        choices = replace(choices, skip=choices.skip | of_notes)
    read = replace(read, reading=with_choices(read.reading, choices.kinds, choices.columns))
    if campaign_id is None:
        things, facts = divide(read.reading, choices, {})
        matches = match_things(things, existing.KnownNames(), choices, {})
        blank = tuple(Planned("new") for _ in matches)
        return Plan(read, tuple(matches), blank, facts, choices)
    came = sources.find_by_source_ids(
        tx, campaign_id, (one.source_id for one in read.reading.facts)
    )
    things, facts = divide(read.reading, choices, came)
    known = existing.read_known_names(
        tx,
        campaign_id,
        list_kinds_of(things, choices),
        (one.source_id for one in things),
    )
    known.own.update(existing.find_own(tx, campaign_id, (one.own_id for one in things)))
    by_kind: dict[str, list[str]] = {}
    for found in known.sources.values():
        for source in found:
            if source.kind in KINDS:
                by_kind.setdefault(source.kind, []).append(source.entity_id)
    live = {
        kind: set(existing.read_things(tx, campaign_id, kind, ids)) for kind, ids in by_kind.items()
    }
    matches = _with_sources(tx, match_things(things, known, choices, live))
    matches = _with_bases(tx, campaign_id, matches)
    return Plan(
        read, tuple(matches), tuple(_plan_all(tx, campaign_id, matches, choices)), facts, choices
    )


def divide(
    reading: Reading, choices: Choices, came: Mapping[str, list[sources.Source]]
) -> tuple[list[FoundThing], tuple[tuple[str, FoundFact], ...]]:
    """The things of a reading, with the facts that become things because the game master says so
    or said so before, and the facts that stay facts, each with its key."""
    things, facts = list(reading.things), []
    for number, one in enumerate(reading.facts):
        key = f"fact:{number}"
        before = (source.kind for source in came.get(one.source_id, ()) if source.kind in KINDS)
        kind = choices.kinds.get(key) or next(before, None)
        if kind is not None and one.title:
            things.append(_as_thing(one, key, kind))
        elif key not in choices.skip and not choices.skip_facts:
            facts.append((key, one))
    return things, tuple(facts)


def _as_thing(fact: FoundFact, key: str, kind_name: str) -> FoundThing:
    kind = get_kind(kind_name)
    values: dict[str, Any] = {kind.name_field: fact.title, kind.main_field: fact.text}
    if "aliases" in kind.fields:
        values["aliases"] = list(fact.names)
    return FoundThing(key, kind_name, values, fact.source_id, fact.kept, file_name=fact.file_name)


def _with_sources(tx: Connection, matches: list[Match]) -> list[Match]:
    """What was found by its name may have come with an earlier import all the same."""
    found = sources.find_of_entities(
        tx, [one.entity_id for one in matches if one.entity_id and one.source is None]
    )
    return [
        one if one.source is not None else replace(one, source=found.get(one.entity_id or ""))
        for one in matches
    ]


def _with_bases(tx: Connection, campaign_id: str, matches: list[Match]) -> list[Match]:
    """What a thing said when a file of this program was written is known by its revision."""
    own = [one for one in matches if one.found_by == "own" and one.thing.own_revision]
    current = {
        kind: existing.read_things(
            tx, campaign_id, kind, [one.entity_id or "" for one in own if one.kind == kind]
        )
        for kind in dict.fromkeys(one.kind for one in own)
    }
    bases: dict[str, dict[str, Any]] = {}
    for one in own:
        thing = current[one.kind].get(one.entity_id or "")
        if thing is not None and one.thing.own_revision <= thing.revision:
            values = plain_values(thing)
            revision = one.thing.own_revision
            bases[one.thing.key] = rewind_values(tx, one.kind, thing.id, values, revision)
    return [
        replace(one, base=bases[one.thing.key]) if one.thing.key in bases else one
        for one in matches
    ]


def _plan_all(
    tx: Connection, campaign_id: str, matches: list[Match], choices: Choices
) -> list[Planned]:
    wanted: dict[str, list[str]] = {}
    for one in matches:
        if one.entity_id is not None:
            wanted.setdefault(one.kind, []).append(one.entity_id)
    current = {
        kind: existing.read_things(tx, campaign_id, kind, ids) for kind, ids in wanted.items()
    }
    return [
        plan(one, current.get(one.kind, {}).get(one.entity_id or ""), one.source, choices)
        for one in matches
    ]


def _check_choices(reading: Reading, choices: Choices) -> None:
    keys = {one.key: can_become(one.kind) for one in reading.things}
    keys |= {f"fact:{number}": _list_kinds() for number in range(len(reading.facts))}
    if choices.read_notes and not (reading.notes and all(one.is_whole for one in reading.notes)):
        raise InvalidInput(
            "There are no notes in this import that a model could read.",
            code="no_notes",
            cure="Import it by its headings, or in parts.",
        )
    named = {*choices.skip, *choices.kinds, *choices.fields}
    if named - keys.keys():
        raise InvalidInput(
            "The choices name something that is not in this import.", code="unknown_choice"
        )
    for key, kind in choices.kinds.items():
        if kind not in keys[key]:
            raise InvalidInput(
                "The choices name a kind that this cannot become.", code="unknown_choice"
            )


def _tell_notes(reading: Reading) -> dict[str, Any] | None:
    if not reading.notes:
        return None
    return {
        "characters": sum(one.characters for one in reading.notes),
        "is_too_long": not all(one.is_whole for one in reading.notes),
    }


def _tell(match: Match, planned: Planned, namesakes: int) -> dict[str, Any]:
    kind = get_kind(match.kind)
    text = match.fitted.values.get(kind.main_field)
    return {
        "key": match.thing.key,
        "kind": match.kind,
        "name": match.name,
        "action": planned.action,
        "found_by": match.found_by,
        "entity_id": match.entity_id,
        "excerpt": make_excerpt(str(text or "")),
        "fields": [
            {
                "name": one.name,
                "label": one.label,
                "outcome": one.outcome,
                "here": _shown(one.here),
                "file": _shown(one.file),
                "takes_file": one.value == one.file,
            }
            for one in planned.fields
        ],
        "can_become": can_become(match.thing.kind),
        "pictures": len(match.thing.pictures),
        "file_name": match.thing.file_name,
        "notes": [*([TWICE] if namesakes > 1 else []), *match.fitted.notes],
    }


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return cut_text(value, VALUE_LENGTH)
    return value


def _notes(notes: tuple[Note, ...]) -> list[dict[str, Any]]:
    return [msgspec.to_builtins(one) for one in notes[:MOST_NOTES]]


def _list_kinds() -> list[str]:
    """The kinds that an entry of a lorebook may become."""
    return [one.name for one in list_things()]
