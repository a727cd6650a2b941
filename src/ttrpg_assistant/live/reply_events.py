"""What the followers of a running reply are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from ttrpg_assistant.live.shown import Part

Phase = Literal["waiting", "reading", "thinking", "writing"]
"""What a model does: it is asked again in a while, reads the prompt, thinks, or writes."""


@dataclass(frozen=True, slots=True)
class TextAdded:
    """What was written since the follower last heard; `offset` is where it now ends.

    `shown` is how that changes what is shown (`live.shown`), None where that is the text itself.
    """

    text: str
    offset: int
    shown: tuple[Part, ...] | None = None


@dataclass(frozen=True, slots=True)
class ThinkingAdded:
    """What was thought since the follower last heard, and for how long it has been thinking."""

    text: str
    seconds: float


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    """What the model does now, and for how many seconds it has.

    While it waits, `until_seconds` are left until the next attempt, and `code` and `sentence`
    say why it waits.
    """

    phase: Phase
    seconds: float
    until_seconds: float | None = None
    code: str | None = None
    sentence: str | None = None


@dataclass(frozen=True, slots=True)
class Rewritten:
    """All there is now, for a follower who begins, or begins anew because what was said before is
    no longer so. `shown` is what is shown of the text, None where that is the text itself."""

    text: str
    reasoning: str
    phase: PhaseChanged | None
    shown: tuple[Part, ...] | None = None


@dataclass(frozen=True, slots=True)
class StatusSaid:
    """Something about the reply a person should know, though it goes on."""

    status: str
    code: str | None
    sentence: str | None
    cure: str | None = None


@dataclass(frozen=True, slots=True)
class ReplyEnded:
    """The reply has ended and its end is stored. `message` is the stored message."""

    message: Any


ReplyEvent = TextAdded | ThinkingAdded | PhaseChanged | Rewritten | StatusSaid | ReplyEnded


class Position(NamedTuple):
    """How far a follower has read: characters of text and of thinking, phases, rewritings, and
    changes of what is shown (None: those of the text as far as it has been read)."""

    text: int = 0
    thinking: int = 0
    phases: int = 0
    rewritten: int | None = None
    shown: int | None = None
