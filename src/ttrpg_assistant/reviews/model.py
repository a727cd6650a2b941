"""The values of transcript reviews. They know no database and no HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ttrpg_assistant.suggestions.meaning import Proposal

ReviewStatus = Literal["ready", "reading", "stopped", "done"]
"""`ready`: nobody has started it; `stopped`: by a person, or by a fault that is shown."""

PartKind = Literal["lines", "whole"]
PartStatus = Literal["waiting", "done", "failed"]
SpeakerRole = Literal["gm", "player", "npc", "notes", "nobody"]
"""Who a label stands for. `notes` are the game master's own and not for the players' recap; what
`nobody` says is not read."""

SPEAKERS = 200
"""Labels that a review tells apart; what others say is read like the game master's words."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whom a label of a transcript stands for. `thing_id` is the player character of a player or
    the NPC, `name` what it is called. `is_guessed`: no person has confirmed it."""

    label: str
    role: SpeakerRole
    thing_id: str | None = None
    name: str = ""
    lines: int = 0
    is_guessed: bool = True


@dataclass(frozen=True, slots=True)
class Review:
    """The reading of one transcript: how far it is and what came of it."""

    id: str
    campaign_id: str
    conversation_id: str
    game_session_id: str | None
    status: ReviewStatus
    speakers: list[Speaker]
    error_code: str | None
    error_detail: str | None
    error_cure: str | None
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a transcript and what came of reading it.

    `summary` is what happened in it, for the recaps. `left_out` counts what was proposed although
    the lines do not say it, `repeated` what was proposed or known before.
    """

    id: str
    review_id: str
    kind: PartKind
    first_seq: int
    first_at: int
    last_seq: int
    last_at: int
    status: PartStatus
    summary: str
    made_by: str | None
    proposed: int
    left_out: int
    repeated: int
    error_code: str | None
    error_detail: str | None
    error_cure: str | None
    updated_at: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review is, in parts, and what was found."""

    parts: int
    done: int
    failed: int
    proposed: int
    left_out: int
    repeated: int
    open: int
    """Proposals that wait for a decision."""


class Line(NamedTuple):
    """A piece of a message, as long as a line of talk: `text` is `content[start:end]`, without
    the label in front. `speaker` says who it is from."""

    message_id: str
    seq: int
    start: int
    end: int
    speaker: Speaker
    text: str


class Evidence(NamedTuple):
    """Words of a line, exactly as they stand there."""

    message_id: str
    seq: int
    quote: str


@dataclass(frozen=True, slots=True)
class Found:
    """Something that lines say: a proposal for a thing, a fact, a relation or a recap.

    `target` is a kind of thing as declared, `fact`, `relation` or `recap`.
    """

    proposal: Proposal
    evidence: Sequence[Evidence]
    repaired: Sequence[tuple[str, str]] = ()
    """Names as they were written, and as they were read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a part came to."""

    found: Sequence[Found]
    summary: str
    made_by: str
    left_out: int = 0
