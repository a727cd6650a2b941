"""What is stored of a campaign in the shape answers quote from. No prompt is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ttrpg_assistant.prompts.entity_facts import EntityFact


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A game session as it is stored, to be quoted. Notes and events are oldest first."""

    id: str
    number: int
    title: str
    status: str
    plan: str = ""
    recap_gm: str = ""
    recap_players: str = ""
    notes: tuple[EntityFact, ...] = ()
    events: tuple[EntityFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Quotable:
    """What the built-in model quotes from: whole sheets, every game session, known facts. In
    each the game master's own lines have the audience ``gm``."""

    entities: Sequence[EntityFact] = ()
    game_sessions: Sequence[StoredSession] = ()
    known_facts: Sequence[EntityFact] = ()
