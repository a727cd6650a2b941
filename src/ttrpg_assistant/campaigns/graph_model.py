"""The picture of a campaign's relations, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from ttrpg_assistant.campaigns.model import Attitude, KindName, ThingAudience


@dataclass(frozen=True, slots=True)
class GraphThing:
    """A thing in the picture of a campaign's relations. `is_gm_only`: nobody else knows of it."""

    kind: KindName
    id: str
    name: str
    tags: tuple[str, ...]
    is_gm_only: bool
    is_archived: bool


@dataclass(frozen=True, slots=True)
class GraphRelation:
    """A relation in that picture; its ends are places in the list of things."""

    id: str
    from_place: int
    to_place: int
    label: str
    attitude: Attitude | None
    audience: ThingAudience


@dataclass(frozen=True, slots=True)
class RelationGraph:
    """The relations of a campaign, newest first, and the things they are between, oldest first.
    `left_out` counts the oldest relations, for which there was no room."""

    things: tuple[GraphThing, ...]
    relations: tuple[GraphRelation, ...]
    left_out: int
