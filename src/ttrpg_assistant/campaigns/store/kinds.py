"""The five kinds of entity, each described once: its table, its fields and their checks.

A field that is not listed here cannot be written by an edit (ids, clocks, revisions).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Table

from ttrpg_assistant.campaigns import checks, tables
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.model import (
    Campaign,
    Entity,
    EntityKindName,
    GameSession,
    Location,
    Npc,
    PlotPoint,
)
from ttrpg_assistant.campaigns.played import with_played_seconds
from ttrpg_assistant.errors import InvalidInput

E = TypeVar("E", bound=Entity)


@dataclass(frozen=True, slots=True)
class Field:
    """How a field is checked, and what it holds when nothing was said."""

    check: checks.Check
    blank: object = ""


NAME = Field(checks.check_name, None)
TITLE = Field(checks.check_title)
LINE = Field(checks.check_line)
PROSE = Field(checks.check_prose)
NAMES = Field(checks.check_names, [])
LINES = Field(checks.check_lines, [])
SECRETS = Field(checks.check_secrets, [])
FLAG = Field(checks.check_flag, False)
REFERENCE = Field(checks.check_reference, None)
OBJECT = Field(checks.check_object, {})


@dataclass(frozen=True, slots=True)
class EntityKind(Generic[E]):
    """What the generic statements need to know of one kind.

    `noun` is for sentences. `order` is the column a list is sorted by. `references` maps a
    field to the table of the same campaign that it points into. `filters` are the columns a
    list can be narrowed by. `is_named_in_talk` says that its names feed the name index. `complete`
    adds what no column holds to a value that was read.
    """

    name: EntityKindName
    noun: str
    table: Table
    value: type[E]
    fields: Mapping[str, Field]
    name_field: str = "name"
    order: str = "search_names"
    newest_first: bool = False
    references: Mapping[str, Table] = field(default_factory=dict)
    filters: frozenset[str] = frozenset()
    is_named_in_talk: bool = False
    complete: Callable[[E], E] | None = None

    @property
    def columns(self) -> list[Column[Any]]:
        """The columns that make up the value."""
        named = self.value.__dataclass_fields__
        return [self.table.c[name] for name in named if name in self.table.c]

    def check_changes(self, changes: Mapping[str, object]) -> dict[str, object]:
        """The changes as they are kept. Raises `InvalidInput` on an unknown field or bad value."""
        unknown = sorted(set(changes) - set(self.fields))
        if unknown:
            raise InvalidInput(
                f"There is no field {unknown[0]} of a {self.noun} that can be changed.",
                code="unknown_field",
                facts={"field": unknown[0]},
            )
        return {name: self.fields[name].check(name, value) for name, value in changes.items()}

    def check_new(self, given: Mapping[str, object]) -> dict[str, object]:
        """All fields of a new entity: what was given, checked, and blanks for the rest."""
        checked = self.check_changes(given)
        whole = {name: checked.get(name, one.blank) for name, one in self.fields.items()}
        if whole[self.name_field] is None:
            raise InvalidInput(
                f"A {self.noun} needs a {self.name_field}.", facts={"field": self.name_field}
            )
        return whole

    def search_names(self, values: Mapping[str, object]) -> str:
        """The folded name and aliases, one a line."""
        aliases = values.get("aliases") or []
        assert isinstance(aliases, list)
        names = [str(values[self.name_field]), *map(str, aliases)]
        return "\n".join(dict.fromkeys(fold(name) for name in names))


CAMPAIGN: EntityKind[Campaign] = EntityKind(
    name="campaign",
    noun="campaign",
    table=tables.campaigns,
    value=Campaign,
    fields={
        "name": NAME,
        "system": LINE,
        "setting": PROSE,
        "description": PROSE,
        "world_state": OBJECT,
        "house_rules": OBJECT,
        "gm_notes": PROSE,
    },
)

GAME_SESSION: EntityKind[GameSession] = EntityKind(
    name="game_session",
    noun="game session",
    table=tables.game_sessions,
    value=GameSession,
    fields={"title": TITLE, "plan": PROSE, "recap_gm": PROSE, "recap_players": PROSE},
    name_field="title",
    order="session_number",
    newest_first=True,
    filters=frozenset({"status"}),
    complete=with_played_seconds,
)

NPC: EntityKind[Npc] = EntityKind(
    name="npc",
    noun="NPC",
    table=tables.npcs,
    value=Npc,
    fields={
        "name": NAME,
        "aliases": NAMES,
        "role": LINE,
        "background": PROSE,
        "personality": PROSE,
        "appearance": PROSE,
        "speaking_style": PROSE,
        "sample_lines": LINES,
        "mannerisms": LINES,
        "never_says": LINES,
        "voice_card": Field(checks.check_voice_card, []),
        "motivations": PROSE,
        "connections": Field(checks.check_relations, []),
        "location_id": REFERENCE,
        "status": LINE,
        "is_present": FLAG,
        "groups": NAMES,
        "secrets": SECRETS,
        "gm_notes": PROSE,
    },
    references={"location_id": tables.locations},
    filters=frozenset({"location_id", "is_present", "status"}),
    is_named_in_talk=True,
)

LOCATION: EntityKind[Location] = EntityKind(
    name="location",
    noun="location",
    table=tables.locations,
    value=Location,
    fields={
        "name": NAME,
        "aliases": NAMES,
        "kind": LINE,
        "description": PROSE,
        "features": LINES,
        "parent_id": REFERENCE,
        "is_present": FLAG,
        "secrets": SECRETS,
        "gm_notes": PROSE,
    },
    references={"parent_id": tables.locations},
    filters=frozenset({"parent_id", "is_present"}),
    is_named_in_talk=True,
)

PLOT_POINT: EntityKind[PlotPoint] = EntityKind(
    name="plot_point",
    noun="plot point",
    table=tables.plot_points,
    value=PlotPoint,
    fields={
        "title": NAME,
        "description": PROSE,
        "status": Field(checks.one_of("idea", "prepped", "happened", "retconned"), "idea"),
        "is_open": Field(checks.check_flag, True),
        "audience": Field(checks.one_of("gm", "public"), "gm"),
        "gm_notes": PROSE,
        "related": Field(checks.check_related, []),
        "game_session_id": REFERENCE,
    },
    name_field="title",
    references={"game_session_id": tables.game_sessions},
    filters=frozenset({"status", "is_open", "audience", "game_session_id"}),
    is_named_in_talk=True,
)

KINDS: dict[EntityKindName, EntityKind[Any]] = {
    kind.name: kind for kind in (CAMPAIGN, GAME_SESSION, NPC, LOCATION, PLOT_POINT)
}
