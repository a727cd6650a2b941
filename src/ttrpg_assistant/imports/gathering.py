"""What a format finds, gathered into a reading: values put into the fields of a kind, what has no
field kept, and every part of the file reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ttrpg_assistant.campaigns import checks
from ttrpg_assistant.campaigns.audiences import closed_word
from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import TooLarge
from ttrpg_assistant.imports.documents import kept_json
from ttrpg_assistant.imports.field_values import fit_value
from ttrpg_assistant.imports.model import (
    FoundFact,
    FoundPicture,
    FoundRelation,
    FoundThing,
    Note,
    Reading,
)

MOST_THINGS = 20_000
MOST_RELATIONS = 50_000
MOST_WARNINGS = 50
MOST_NOTES = 500
"""Different lines of a report."""

FIELD_LENGTH = 80
"""Characters of another program's word in a report."""

MOST_QUIET = 500
"""Characters beyond a field's end that are worth a warning."""

KEPT = "kept for export, not used here"
REST = "the end of a text that is too long"


class Gathering:
    """A reading as it grows. Raises `TooLarge` for more things than one import may have."""

    def __init__(self, format: str) -> None:
        self._format = format
        self._things: list[FoundThing] = []
        self._places: dict[str, int] = {}
        self._facts: list[FoundFact] = []
        self._relations: dict[FoundRelation, None] = {}
        self._warnings: dict[str, None] = {}
        self._used: Counter[tuple[str, str]] = Counter()
        self._kept: Counter[tuple[str, str]] = Counter()
        self._ignored: Counter[tuple[str, str]] = Counter()
        self._keeps_file = False

    @property
    def things(self) -> Sequence[FoundThing]:
        """What was found so far."""
        return self._things

    def used(self, field: str, text: str, count: int = 1) -> None:
        """A part of the file that is used, and what becomes of it."""
        _count(self._used, field, text, count)

    def kept(self, field: str, text: str = KEPT, count: int = 1) -> None:
        """A part that is only kept."""
        _count(self._kept, field, text, count)

    def ignored(self, field: str, text: str, count: int = 1) -> None:
        """A part that is left out, and why."""
        _count(self._ignored, field, text, count)

    def warn(self, sentence: str) -> None:
        """A sentence that the game master should read first."""
        if len(self._warnings) < MOST_WARNINGS:
            self._warnings[sentence] = None

    def add_thing(
        self,
        key: str,
        kind_name: KindName,
        given: Mapping[str, Any],
        *,
        source_id: str = "",
        kept: Mapping[str, Any] | None = None,
        pictures: tuple[FoundPicture, ...] = (),
        file_name: str = "",
        columns: Mapping[str, str] | None = None,
        own_id: str = "",
        own_revision: int = 0,
        is_archived: bool = False,
        untouched: frozenset[str] = frozenset(),
        is_for_players: bool = False,
    ) -> FoundThing:
        """Add a thing. `given` are values by the kind's fields, in any shape; what a field cannot
        hold is kept. It is for the game master alone until that one says otherwise."""
        if len(self._things) >= MOST_THINGS:
            raise TooLarge(
                f"These files hold more than {MOST_THINGS:,} things.",
                code="import_too_large",
                cure="Import them in parts.",
            )
        kind = get_kind(kind_name)
        values, rest, left = fit_given(kind, given, kept or {})
        for label, one in left:
            self.kept(label, REST if isinstance(one, str) else KEPT)
            if isinstance(one, str) and len(one) > MOST_QUIET:
                called = cut_text(str(given.get(kind.name_field, "")), FIELD_LENGTH)
                self.warn(f"{label} of {called} is too long. Its end is kept, but not shown.")
        thing = FoundThing(
            key=key,
            kind=kind_name,
            values=values,
            source_id=source_id,
            kept=self._bounded(rest),
            pictures=pictures,
            file_name=file_name,
            columns=columns or {},
            own_id=own_id,
            own_revision=own_revision,
            is_archived=is_archived,
            untouched=untouched,
            is_for_players=is_for_players,
        )
        self._places[key] = len(self._things)
        self._things.append(thing)
        return thing

    def change_values(self, key: str, values: Mapping[str, Any]) -> None:
        """Give a found thing other values: those that name things found after it."""
        at = self._places[key]
        self._things[at] = replace(self._things[at], values=dict(values))

    def _bounded(self, kept: dict[str, Any]) -> dict[str, Any]:
        """What is kept of a thing; where it is too much, the file itself is kept."""
        bounded = kept_json(kept)
        self._keeps_file = self._keeps_file or "too_large" in bounded
        return bounded

    def add_fact(self, text: str, about: tuple[str, ...] = (), source_id: str = "") -> None:
        """Add a fact."""
        self.add_found_fact(FoundFact(text.strip(), about, source_id))

    def add_found_fact(self, fact: FoundFact) -> None:
        """Add a fact, unless it says nothing."""
        if fact.text.strip():
            self._facts.append(fact)

    def add_relation(self, relation: FoundRelation) -> None:
        """Add a relation between two found things, once."""
        if relation.from_key == relation.to_key:
            return
        if len(self._relations) >= MOST_RELATIONS:
            self.ignored("Links", f"only the first {MOST_RELATIONS:,} are imported")
            return
        self._relations[relation] = None

    def make_reading(self) -> Reading:
        """The reading."""
        return Reading(
            format=self._format,
            things=tuple(self._things),
            facts=tuple(self._facts),
            relations=tuple(self._relations),
            used=_notes(self._used),
            kept=_notes(self._kept),
            ignored=_notes(self._ignored),
            warnings=tuple(self._warnings),
            keep_file=self._keeps_file,
        )


def fit_given(
    kind: EntityKind[Any], given: Mapping[str, Any], kept: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any], list[tuple[str, Any]]]:
    """Values as the fields of a kind hold them, what is kept beside them, and of that what did not
    fit, by the field's label. It is for the game master alone."""
    values: dict[str, Any] = {}
    rest: dict[str, Any] = dict(kept)
    left: list[tuple[str, Any]] = []
    for name, value in given.items():
        if value in (None, "", [], {}):
            continue
        fitted, over = fit_value(kind.fields[name], value)
        if fitted is not None:
            values[name] = fitted
        if over is not None:
            label = kind.fields[name].label
            rest[label if label not in rest else f"{label} ({name})"] = over
            left.append((label, over))
    if "audience" in kind.fields:
        values["audience"] = closed_word(kind.fields["audience"].empty)
    return values, rest, left


def split_long(text: str, limit: int = checks.PROSE_LENGTH) -> list[str]:
    """The text in pieces that a field can hold, cut between lines where there are any."""
    pieces = []
    while len(text) > limit:
        end = text.rfind("\n", limit // 2, limit)
        piece = text[:end] if end > 0 else cut_text(text, limit)
        pieces.append(piece)
        text = text[len(piece) :].lstrip("\n")
    return [*pieces, text]


def _count(counts: Counter[tuple[str, str]], field: str, text: str, count: int) -> None:
    name = cut_text(" ".join(field.split()), FIELD_LENGTH) or "A part without a name"
    if (name, text) not in counts and len(counts) >= MOST_NOTES:
        name, text = "Other parts", "as the ones above"
    counts[name, text] += count


def _notes(counts: Counter[tuple[str, str]]) -> tuple[Note, ...]:
    return tuple(Note(field, text, count) for (field, text), count in counts.items())
