"""How a kind of thing is declared: once, in one file of `campaigns/kinds/`, and nowhere else.

From a declaration come the checks of an edit, the bodies of the API, what a model may propose and
under which words, the lines of prompts, what search reads, what archives hold, and through
``GET /api/kinds`` the page's lists, forms and cards. A field that has no column of its own is kept
in the JSON column `more` of the kind's table; a kind that names no table is kept in `things`. So
neither a new field nor a new kind needs a migration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import Column, ColumnElement, Table

from ttrpg_assistant.campaigns import tables
from ttrpg_assistant.campaigns.canon import SAID, canon_in
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.model import Entity, Thing
from ttrpg_assistant.campaigns.shapes import Shape
from ttrpg_assistant.errors import InvalidInput

E = TypeVar("E", bound=Entity)

Part = Literal["brief", "sheet", "quote", "voice", "party"]
"""Where a field stands: in prompts the line of a list, the fuller sheet of what is named, what the
built-in model quotes, what an NPC knows of itself or of a thing it may know about; ``party``: in
what is exported for the players of a thing that they may know of."""

SHEET: frozenset[Part] = frozenset({"sheet", "quote"})
"""Where most fields stand."""
BRIEF: frozenset[Part] = SHEET | {"brief"}
"""What is said in one line, too."""
QUOTED: frozenset[Part] = frozenset({"quote"})
"""Only what the built-in model quotes."""
SEEN: frozenset[Part] = SHEET | {"voice", "party"}
"""What somebody who knows the thing knows of it."""
SEEN_BRIEFLY: frozenset[Part] = BRIEF | {"voice", "party"}
PARTY_SHEET: frozenset[Part] = SHEET | {"party"}
"""What the players may read, and no NPC knows by it."""
NOWHERE: frozenset[Part] = frozenset()

Line = tuple[str, str, bool]
"""A label, a text, and whether it is for the game master alone."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind.

    `label` and `hint` are for people, `said_as` is the label of a line in prompts where it differs.
    `is_gm_only` fields are never shown to anyone but the game master. `parts` say where in prompts
    it stands. `synonyms` are other words models use for it; a field that is not `is_proposable`
    is a person's alone to set. `points_to` is the kind that a reference names. `is_column` fields
    are shown in lists, `is_filter` fields narrow one, `is_first` fields make up the short form.
    The value of a `says_itself` field needs no label in a list: "innkeeper". `offers` are the kinds
    of things to choose from where a field lists several. The numbers and dice in a field that
    `has_numbers` are shown beside it. `blank` replaces the blank of the shape.
    """

    shape: Shape
    label: str
    hint: str = ""
    said_as: str = ""
    is_gm_only: bool = False
    parts: frozenset[Part] = SHEET
    is_searched: bool = True
    is_proposable: bool = True
    synonyms: tuple[str, ...] = ()
    points_to: str | None = None
    is_column: bool = False
    is_filter: bool = False
    is_first: bool = False
    says_itself: bool = False
    offers: tuple[str, ...] = ()
    has_numbers: bool = False
    blank: object = None

    @property
    def empty(self) -> object:
        """What it holds when nothing was said."""
        return self.shape.blank if self.blank is None else self.blank


@dataclass(frozen=True)
class EntityKind(Generic[E]):
    """One kind of thing, with everything that is particular about it.

    `noun` is for sentences, `plural` for lists; `hint` says in a sentence what such a thing is.
    `proposals` are the kinds of suggestion that make or change one, each with the words models
    write for it, in `snake_case`; `taught` names for models the fields of each. `filed_under` are
    further words for such things, in `snake_case`: what people call folders, tags and headings.
    `main_field` takes a text that was given to no field, `left_over_field` what there is no
    field for. `order` is the column a list is sorted by. `is_named_in_talk` says that its names are
    found in what is said, `is_pictured` that a portrait stands beside its name,
    `is_rolled_on` that dice choose from what is in it, `is_shown_in_pictures` that it is made of
    pictures: what is pasted on its sheet is one more. Up to
    `most_in_prompts` stand in every prompt.
    `canon_field` says how far one is part of the story, where the kind has it.
    `rank` is the place among the kinds. `form_order` are the fields that forms and sheets begin
    with, where prompts have another order. `empty_list` is what an empty list teaches,
    `first_of_all` the words of its button. `more_filters` are columns beside the fields that narrow
    a list. `complete` adds what no column holds to a value that was read; `tell` replaces the lines
    of a part where the fields alone do not say it well.
    """

    name: str
    noun: str
    plural: str
    fields: Mapping[str, Field]
    icon: str = "box"
    hint: str = ""
    rank: int = 100
    canon_field: str = "canon"
    table: Table = tables.things
    value: type[E] = Thing  # type: ignore[assignment]
    path: str = ""
    name_field: str = "name"
    main_field: str = "description"
    left_over_field: str = "gm_notes"
    proposals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    taught: Mapping[str, str] = field(default_factory=dict)
    filed_under: tuple[str, ...] = ()
    order: str = "search_names"
    newest_first: bool = False
    is_named_in_talk: bool = True
    is_thing: bool = True
    is_pictured: bool = False
    is_rolled_on: bool = False
    is_shown_in_pictures: bool = False
    most_in_prompts: int = 0
    more_filters: frozenset[str] = frozenset()
    form_order: tuple[str, ...] = ()
    empty_list: str = ""
    first_of_all: str = ""
    complete: Callable[[E], E] | None = None
    tell: Mapping[Part, Callable[[Mapping[str, Any]], list[Line]]] = field(default_factory=dict)

    @property
    def one(self) -> str:
        """The noun with its article: "an NPC", "a location"."""
        return f"{'an' if self.noun[0] in 'AEIOUNaeiou' else 'a'} {self.noun}"

    @cached_property
    def columns(self) -> list[Column[Any]]:
        """The columns that make up the value."""
        named = self.value.__dataclass_fields__
        return [self.table.c[name] for name in named if name in self.table.c]

    @cached_property
    def blank_more(self) -> Mapping[str, object]:
        """What the fields without a column of their own hold when nothing was said."""
        fields = self.fields.items()
        return {name: one.empty for name, one in fields if name not in self.table.c}

    @cached_property
    def list_name(self) -> str:
        """What a list of them is called on the wire: ``npcs``, ``random_tables``."""
        return self.plural.lower().replace(" ", "_")

    @cached_property
    def is_of_kind(self) -> tuple[ColumnElement[bool], ...]:
        """The condition that a row is of this kind, where several share a table."""
        return (self.table.c.entity_kind == self.name,) if self.table is tables.things else ()

    @cached_property
    def references(self) -> Mapping[str, str]:
        """The fields that name another thing of the campaign, and the kind each names."""
        found = ((name, one.points_to) for name, one in self.fields.items())
        return {name: target for name, target in found if target is not None}

    @cached_property
    def filters(self) -> frozenset[str]:
        """The fields that a list can be narrowed by."""
        named = (name for name, one in self.fields.items() if one.is_filter)
        return self.more_filters.union(named)

    @cached_property
    def form_fields(self) -> Mapping[str, Field]:
        """The fields in the order of forms and sheets."""
        return {name: self.fields[name] for name in dict.fromkeys((*self.form_order, *self.fields))}

    @cached_property
    def party_fields(self) -> Mapping[str, Field]:
        """What players who may know of a thing are given of it, in the order of its sheet."""
        return {
            name: one
            for name, one in self.form_fields.items()
            if "party" in one.parts and not one.is_gm_only and name != self.name_field
        }

    @cached_property
    def proposable(self) -> Mapping[str, Field]:
        """The fields that a model may fill."""
        return {name: one for name, one in self.fields.items() if one.is_proposable}

    def find_field(self, word: str) -> str | None:
        """The proposable field that a word (in `snake_case`) means, if any."""
        proposable = self.proposable
        if word in proposable:
            return word
        return next((name for name, one in proposable.items() if word in one.synonyms), None)

    def check_changes(self, changes: Mapping[str, object]) -> dict[str, object]:
        """The changes as they are kept. Raises `InvalidInput` on an unknown field or bad value."""
        unknown = sorted(set(changes) - set(self.fields))
        if unknown:
            raise InvalidInput(
                f"There is no field {unknown[0]} of {self.one} that can be changed.",
                code="unknown_field",
                facts={"field": unknown[0]},
            )
        return {name: self.fields[name].shape.check(name, one) for name, one in changes.items()}

    def check_new(self, given: Mapping[str, object]) -> dict[str, object]:
        """All fields of a new one: what was given, checked, and blanks for the rest."""
        checked = self.check_changes(given)
        whole = {name: checked.get(name, one.empty) for name, one in self.fields.items()}
        if whole[self.name_field] is None:
            raise InvalidInput(
                f"The {self.noun} needs a {self.name_field}.", facts={"field": self.name_field}
            )
        return whole

    def search_names(self, values: Mapping[str, object]) -> str:
        """The folded name and aliases, one a line."""
        aliases = values.get("aliases") or []
        assert isinstance(aliases, (list, tuple))
        names = [str(values[self.name_field]), *map(str, aliases)]
        return "\n".join(dict.fromkeys(fold(name) for name in names))

    def search_text(self, values: Mapping[str, object]) -> str:
        """Everything search reads of it, but for its name."""
        searched = (name for name, one in self.fields.items() if one.is_searched)
        pairs = (
            pair
            for name in searched
            if name != self.name_field
            for pair in self.fields[name].shape.texts(values.get(name))
        )
        return "\n".join(f"{label} {text}".strip() for label, text in pairs)

    def list_lines(self, values: Mapping[str, Any], part: Part) -> list[Line]:
        """The lines that stand in this part of a prompt, in the order of the fields. `values` are
        plain JSON; a reference in them is the name of what it points to.

        How far it is part of the story stands first; of what was retconned nothing else does."""
        canon = canon_in(values, self.canon_field if self.canon_field in self.fields else None)
        if canon == "retconned":
            return [] if part == "voice" else [("Canon", SAID[canon], True)]
        told = self._list_told(values, part)
        says_more = SAID[canon] and part != "voice" and self.canon_field == "canon"
        return [("Canon", SAID[canon], True), *told] if says_more else told

    def _list_told(self, values: Mapping[str, Any], part: Part) -> list[Line]:
        if part in self.tell:
            return self.tell[part](values)
        wanted = ((name, one) for name, one in self.fields.items() if part in one.parts)
        return [
            line
            for name, one in wanted
            if name != self.name_field
            for line in lines_of(one, values.get(name))
        ]


def lines_of(one: Field, value: object) -> list[Line]:
    """A field's value as labelled lines. The value of a reference is the name it points to."""
    if one.points_to is not None:
        pairs = [("", value)] if isinstance(value, str) and value else []
    else:
        pairs = one.shape.texts(value)
    own = one.said_as or one.label
    return [(label or own, text, one.is_gm_only) for label, text in pairs if text]


def order_kinds(kinds: Iterable[EntityKind[Any]]) -> Sequence[EntityKind[Any]]:
    """The kinds by their rank."""
    return sorted(kinds, key=lambda one: (one.rank, one.name))
