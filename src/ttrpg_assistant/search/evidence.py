"""What a campaign holds on a question: quotes with who said them, when, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ttrpg_assistant.search.campaign_question import Wants
from ttrpg_assistant.search.model import SnippetPart

Source = Literal["message", "note", "event", "fact", "thing"]
Speaking = Literal["gm", "assistant", "npc", "other"]
"""``other``: somebody a transcript names."""


@dataclass(frozen=True, slots=True)
class Evening:
    """The game session that something belongs to."""

    id: str
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who spoke, or was spoken to. `name` is empty for the game master and the assistant."""

    kind: Speaking
    name: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One quote. `id` is the message's, or the thing's, whose kind is `kind`.

    `said_at` is None where nothing says when: a field of a thing's sheet. `is_planned`: said while
    planning, written in a plan, or of what is an idea or prepared; nothing of it has happened by
    that. `is_retconned`: of what is no longer true. `is_imported`: its moment
    is the file's, or where that had none, the import's.
    """

    source: Source
    id: str
    quote: tuple[SnippetPart, ...]
    said_at: str | None
    evening: Evening | None = None
    conversation_id: str | None = None
    place: str = ""
    speaker: Speaker | None = None
    listener: Speaker | None = None
    kind: str = ""
    field: str = ""
    is_planned: bool = False
    is_retconned: bool = False
    is_gm_only: bool = False
    is_imported: bool = False

    @property
    def text(self) -> str:
        """The words of the quote."""
        return "".join(part.text for part in self.quote)


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing that the question names, and where the campaign's talk and table log name it.

    `first_mentioned` and `last_mentioned` are of all that names it, `last_seen` of what was said
    or noted at the table. `mentions` counts them; with `is_cut` there are more than are looked at.
    `evenings` counts the game sessions in which it was named.
    """

    kind: str
    id: str
    name: str
    mentions: int
    evenings: int
    is_cut: bool
    first_mentioned: Evidence | None = None
    last_mentioned: Evidence | None = None
    last_seen: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found for a question, in order of time, what has no date last.

    `words` are what each of `total` places holds, by their words as asked. `is_complete`: all of
    those are given here. Where no place holds every word, `total` is 0 and what fits best is given.
    """

    question: str
    wants: Wants
    words: tuple[str, ...]
    subjects: tuple[Subject, ...]
    evidence: tuple[Evidence, ...]
    total: int
    is_complete: bool
    still_indexing: int = 0


def in_order(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """By time, oldest first, each once; what has no date comes after all."""
    once = {(one.source, one.id, one.field): one for one in evidence}
    return tuple(sorted(once.values(), key=lambda one: (one.said_at or "~", one.id)))
