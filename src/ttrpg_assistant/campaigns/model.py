"""What a campaign is made of, as frozen values (the seed's Part 2 and Part 3, "Types").

For the game master's eyes only are: fields declared `is_gm_only` (`campaigns/kinds/`), notes with
`gm_only`, and plot points, facts and things whose audience is ``gm``.

`more` holds the declared fields of a kind that have no column of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

KindName = str
"""The name of a kind of thing; `registry.KINDS` has them all."""
GameSessionStatus = Literal["planned", "running", "ended"]
Canon = Literal["idea", "prepped", "happened", "retconned"]
"""How far something is part of the story: an idea is not true yet, what is prepared has not come up
at the table, what happened counts, and what was retconned is no longer true. Of a plot point it is
called its status."""
PlotPointAudience = Literal["gm", "public"]
ThingAudience = Literal["gm", "party", "some", "public"]
NamedAudience = Literal["gm", "name", "party", "some", "public"]
"""Who may know of an NPC or a location: with ``name`` others hear what it is called where something
they know says so, and nothing else of it."""
FactAudience = Literal["gm", "party", "characters", "npcs", "group", "public"]
"""Who may know a fact: the GM alone, the party and those listed, those listed alone (player
characters, NPCs and groups, whichever of the three words is said), or everyone."""

Json = dict[str, object]
"""A JSON object as it is kept: names to strings, numbers, booleans, null, lists, objects."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Secret:
    """One thing only the GM knows. `may_hint` lets the NPC allude to it; off by default."""

    text: str
    may_hint: bool = False


@dataclass(frozen=True, slots=True)
class NpcConnection:
    """How an NPC stands to somebody: `target` is a name, as free text."""

    target: str
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Knower:
    """One who knows a thing: an NPC or player character by id, or a group by name."""

    kind: Literal["npc", "character", "group"]
    id: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """An entity that a plot point is about."""

    kind: KindName
    id: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """A world and the people playing in it. `world_state` and `house_rules` are JSON objects."""

    id: str
    name: str
    system: str
    setting: str
    description: str
    world_state: Json
    house_rules: Json
    gm_notes: str
    revision: int
    archived_at: str | None
    removed_at: str | None
    created_at: str
    updated_at: str
    more: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GameSession:
    """One evening at the table. `session_number` counts from 1 within a campaign.

    `clock_seconds` is the time played up to `running_since`; while that is set the clock runs.
    `played_seconds` is what it showed when the value was read.
    """

    id: str
    campaign_id: str
    session_number: int
    title: str
    status: GameSessionStatus
    plan: str
    recap_gm: str
    recap_players: str
    started_at: str | None
    ended_at: str | None
    clock_seconds: float
    running_since: str | None
    revision: int
    archived_at: str | None
    removed_at: str | None
    created_at: str
    updated_at: str
    played_seconds: float = field(default=0.0, compare=False)
    more: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SessionNote:
    """A line captured at the table, with its time. `gm_only` notes never reach players."""

    id: str
    game_session_id: str
    campaign_id: str
    text: str
    at: str
    gm_only: bool
    revision: int


@dataclass(frozen=True, slots=True)
class RunningTable:
    """A game session that is being played, and whose campaign it is."""

    id: str
    session_number: int
    title: str
    campaign_id: str
    campaign_name: str


ROLL = "roll"
"""The kind of event that is a roll of dice: `2d6+3 = 11 [5, 3]`. Its log is kept apart from what
happened: the game master may have rolled in secret."""


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """Something that happened in a game session, possibly to an entity."""

    id: str
    game_session_id: str
    campaign_id: str
    kind: str
    text: str
    entity_kind: KindName | None
    entity_id: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Npc:
    """A character the GM plays. `voice_card` is at most three bullets to glance at."""

    id: str
    campaign_id: str
    name: str
    aliases: tuple[str, ...]
    role: str
    background: str
    personality: str
    appearance: str
    speaking_style: str
    sample_lines: tuple[str, ...]
    mannerisms: tuple[str, ...]
    never_says: tuple[str, ...]
    voice_card: tuple[str, ...]
    motivations: str
    connections: tuple[NpcConnection, ...]
    location_id: str | None
    status: str
    is_present: bool
    groups: tuple[str, ...]
    secrets: tuple[Secret, ...]
    gm_notes: str
    last_used_at: str
    revision: int
    archived_at: str | None
    removed_at: str | None
    created_at: str
    updated_at: str
    tags: tuple[str, ...] = ()
    more: Json = field(default_factory=dict)
    canon: Canon = "happened"
    game_session_id: str | None = None
    source_message_id: str | None = None
    audience: NamedAudience = "name"
    known_to: tuple[Knower, ...] = ()


@dataclass(frozen=True, slots=True)
class Location:
    """A place. `is_present` says that the party is there now."""

    id: str
    campaign_id: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    description: str
    features: tuple[str, ...]
    parent_id: str | None
    is_present: bool
    secrets: tuple[Secret, ...]
    gm_notes: str
    last_used_at: str
    revision: int
    archived_at: str | None
    removed_at: str | None
    created_at: str
    updated_at: str
    tags: tuple[str, ...] = ()
    more: Json = field(default_factory=dict)
    canon: Canon = "happened"
    game_session_id: str | None = None
    source_message_id: str | None = None
    audience: NamedAudience = "name"
    known_to: tuple[Knower, ...] = ()


@dataclass(frozen=True, slots=True)
class PlotPoint:
    """Something that may happen or has. `game_session_id` is where it was played or is meant."""

    id: str
    campaign_id: str
    title: str
    description: str
    status: Canon
    is_open: bool
    audience: PlotPointAudience
    gm_notes: str
    related: tuple[Related, ...]
    game_session_id: str | None
    last_used_at: str
    revision: int
    archived_at: str | None
    removed_at: str | None
    created_at: str
    updated_at: str
    tags: tuple[str, ...] = ()
    more: Json = field(default_factory=dict)
    source_message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing of a kind that has no table of its own. `more` holds the fields its kind declares.

    `audience` is ``gm``, ``party``, ``public``, or ``some``: those listed in `known_to`.
    """

    id: str
    campaign_id: str
    entity_kind: KindName
    name: str
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    audience: ThingAudience
    known_to: tuple[Knower, ...]
    is_present: bool
    more: Json
    last_used_at: str
    revision: int
    archived_at: str | None
    removed_at: str | None
    created_at: str
    updated_at: str
    canon: Canon = "happened"
    game_session_id: str | None = None
    source_message_id: str | None = None


Entity = Campaign | GameSession | Npc | Location | PlotPoint | Thing


Attitude = Literal[-2, -1, 0, 1, 2]
"""How somebody feels about another: hostile, wary, neutral, friendly, devoted."""


@dataclass(frozen=True, slots=True)
class Relation:
    """How one thing of a campaign is related to another, seen from `from_id`: `label` in words,
    `attitude` from -2 to 2 where there is one. `note` is the game master's alone. `audience` and
    `known_to` say who knows of it, as those of a thing do. The names are what both are called now.
    """

    id: str
    campaign_id: str
    from_kind: KindName
    from_id: str
    to_kind: KindName
    to_id: str
    label: str
    attitude: Attitude | None
    audience: ThingAudience
    known_to: tuple[Knower, ...]
    note: str
    revision: int
    removed_at: str | None
    created_at: str
    updated_at: str
    from_name: str = ""
    to_name: str = ""


@dataclass(frozen=True, slots=True)
class Listener:
    """One who knows a fact: an NPC, a player character, or a group by name. `at` is when it was
    told."""

    npc_id: str | None
    npc_name: str | None
    character_id: str | None
    character_name: str | None
    group_name: str | None
    told_by_npc_id: str | None
    at: str


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A thing about the world and who may know it. `listeners` count unless the audience is ``gm``
    or ``public``. One that `is_false` is believed by those who know it, and is not so."""

    id: str
    campaign_id: str
    text: str
    audience: FactAudience
    source_message_id: str | None
    revision: int
    removed_at: str | None
    created_at: str
    updated_at: str
    listeners: tuple[Listener, ...] = ()
    canon: Canon = "happened"
    game_session_id: str | None = None
    is_false: bool = False


KnownBecause = Literal["public", "told", "group"]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A fact an NPC knows, and why."""

    fact: KnownFact
    because: KnownBecause


@dataclass(frozen=True, slots=True)
class EntitySource:
    """The message and suggestion a field's text was accepted from."""

    entity_kind: KindName
    entity_id: str
    field: str
    message_id: str | None
    suggestion_id: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list. `next_cursor` asks for the following page; None at the end."""

    items: tuple[T, ...]
    has_more: bool
    next_cursor: str | None
