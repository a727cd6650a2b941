"""What an export is made of: things with what their reader may see, and nothing else.

A format is handed these values and never a row of the database, so that it cannot write what its
reader may not see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ttrpg_assistant.campaigns.declaration import EntityKind, Field
from ttrpg_assistant.storage.content_files import Content

Edition = Literal["gm", "players"]
"""For whom it is written: the game master, or the players, who see what the party knows."""


@dataclass(frozen=True, slots=True)
class Link:
    """A thing that something names: its kind, its id and what it is called."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SeenField:
    """One field of a thing that says something. `texts` are labels and texts to read; `links` are
    the things that it names; `value` is plain JSON, as it is kept."""

    name: str
    field: Field
    value: Any
    texts: tuple[tuple[str, str], ...]
    links: tuple[Link, ...] = ()

    @property
    def is_gm_only(self) -> bool:
        """Whether it is declared to be the game master's alone."""
        return self.field.is_gm_only


@dataclass(frozen=True, slots=True)
class SeenPicture:
    """A picture of a thing. `content` names its file."""

    id: str
    is_portrait: bool
    caption: str
    content: Content
    is_for_players: bool


@dataclass(frozen=True, slots=True)
class SeenRelation:
    """How a thing is related to another: `is_from` when it is its own side. `note` is the game
    master's, "" for others."""

    id: str
    is_from: bool
    other: Link
    label: str
    attitude: int | None
    is_for_players: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class SeenThing:
    """A thing of one kind, as its reader may see it. `is_for_players` says that the players may
    know of it. `party_fields` are the fields whose values players may read."""

    kind: EntityKind[Any]
    id: str
    name: str
    revision: int
    fields: tuple[SeenField, ...] = ()
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    is_archived: bool = False
    is_for_players: bool = False
    canon: str = "happened"
    relations: tuple[SeenRelation, ...] = ()
    pictures: tuple[SeenPicture, ...] = ()
    party_fields: frozenset[str] = frozenset()
    own_name: str | None = None

    @property
    def given_name(self) -> str:
        """The name that somebody gave it: a game session may have none."""
        return self.name if self.own_name is None else self.own_name

    @property
    def link(self) -> Link:
        """What names it."""
        return Link(self.kind.name, self.id, self.name)

    def find_field(self, name: str) -> SeenField | None:
        """The field of this name, where it says something and may be seen."""
        return next((one for one in self.fields if one.name == name), None)

    def get_text(self, name: str) -> str:
        """All that a field says, "" where it says nothing."""
        found = self.find_field(name)
        return "" if found is None else "\n".join(text for _, text in found.texts)


@dataclass(frozen=True, slots=True)
class SeenFact:
    """A fact. `knowers` says who knows it, "" in what is for players; `named` are the things
    that its text names."""

    id: str
    text: str
    knowers: str
    is_for_players: bool
    canon: str
    is_false: bool
    named: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenNote:
    """A line of the log of a game session."""

    at: str
    text: str
    is_gm_only: bool


@dataclass(frozen=True, slots=True)
class SeenGameSession:
    """A game session with what its reader may see of it. `is_for_players` says that they may know
    of it: that it was played."""

    thing: SeenThing
    number: int
    played_on: str
    is_for_players: bool
    notes: tuple[SeenNote, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenCampaign:
    """What there is to say of the campaign itself, as labelled texts: each says whether it is the
    game master's alone. `for_players` are those that players may read."""

    id: str
    name: str
    lines: tuple[tuple[str, str, bool], ...] = ()
    for_players: tuple[tuple[str, str], ...] = ()
    revision: int = 1
