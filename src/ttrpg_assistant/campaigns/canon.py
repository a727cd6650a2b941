"""How far something is part of the story: the words for it, and what follows from it. Pure.

Every kind of thing and every fact has it. An idea is nobody's but the game master's and not true
yet; what is prepared may be known to those it is for, but has not come up at the table; what
happened counts; of what was retconned is only told that it is no longer true.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ttrpg_assistant.campaigns.model import Canon, Entity, PlotPoint

WORDS: Mapping[str, str] = {
    "idea": "Idea",
    "prepped": "Prepared",
    "happened": "Happened",
    "retconned": "Retconned",
}
"""What a game master reads, in the order of the steps."""

SYNONYMS: Mapping[str, str] = {
    "prepared": "prepped",
    "planned": "prepped",
    "done": "happened",
    "resolved": "happened",
    "completed": "happened",
    "finished": "happened",
}
"""Other words models use."""

SAID: Mapping[str, str] = {
    "idea": "only an idea: it is not true yet, and nothing of it has happened",
    "prepped": "prepared: it has not come up at the table yet",
    "happened": "",
    "retconned": "retconned: this is no longer true",
}
"""What prompts say of it. Of what counts nothing need be said."""

FACT_LABELS: Mapping[str, str] = {
    "idea": "Only an idea, not true yet",
    "prepped": "Prepared, not told at the table yet",
    "happened": "Fact",
    "retconned": "No longer true",
}
"""What a prompt calls a fact."""

FALSE_LABEL = "Believed by those who know it, but not true"
"""What the game master's prompt calls a false one; for those who believe it, it is a fact."""

IN_THE_WORLD: tuple[Canon, ...] = ("prepped", "happened")
"""What somebody in the world may know of, if it is for them."""


def canon_of(thing: Entity) -> Canon:
    """How far this thing is part of the story. A campaign and its game sessions always are."""
    if isinstance(thing, PlotPoint):
        return thing.status
    return cast(Canon, getattr(thing, "canon", "happened"))


def canon_in(values: Mapping[str, Any], field: str | None) -> str:
    """The same of a thing's plain values; `field` is the one its kind keeps it in."""
    return "happened" if field is None else str(values.get(field) or "happened")


def is_in_the_world(canon: Canon) -> bool:
    """Whether anybody but the game master can know of it at all."""
    return canon in IN_THE_WORLD
