"""What is looked through, and what is found in it, as frozen values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ttrpg_assistant.campaigns.mentions import EntityRef

LooseKind = Literal["promised", "owed", "planted", "not_seen", "believed"]
"""Why something is still open: somebody promised it, somebody owes it, it was prepared or begun and
never came out, it was not seen for a long time, or the players believe what is not true."""

MarkState = Literal["resting", "planned", "both_true"]
Decision = Literal["resting", "both_true", "open"]
"""What a game master says of a finding; ``open`` takes an earlier decision back."""

SourceKind = str
"""``message``, ``note``, ``event``, ``recap``, ``fact``, or the name of a kind of thing."""


@dataclass(frozen=True, slots=True)
class Source:
    """The row that says it."""

    kind: SourceKind
    id: str


@dataclass(frozen=True, slots=True)
class Line:
    """Something said or written down at the table. `evening` is the number of the game session, 0
    where it is not known; `place` orders lines within the campaign."""

    source: Source
    text: str
    evening: int
    place: int
    about: tuple[EntityRef, ...] = ()

    @property
    def is_spoken(self) -> bool:
        """Whether the name of its speaker may stand before it."""
        return self.source.kind == "message"


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing of the campaign, as far as it is looked at. `state` is the status of an NPC in words,
    `holder` who has an item, `evening` where it came up or is meant to."""

    ref: EntityRef
    name: str
    canon: str
    evening: int | None = None
    state: str = ""
    holder: str = ""
    is_open: bool = False
    is_gm_only: bool = False
    text: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact. `is_players` says that the party or everybody is meant to know it."""

    id: str
    text: str
    canon: str
    evening: int | None
    is_false: bool
    is_players: bool
    is_gm_only: bool
    about: tuple[EntityRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Debt:
    """A relation that says that somebody owes somebody."""

    id: str
    from_name: str
    to_name: str
    label: str
    about: tuple[EntityRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is looked through: lines in their order, things by what they are, facts, debts.
    `evenings` are the numbers of the game sessions that were played."""

    lines: Sequence[Line] = ()
    things: Mapping[EntityRef, Thing] = field(default_factory=dict)
    facts: Sequence[Fact] = ()
    debts: Sequence[Debt] = ()
    evenings: Sequence[int] = ()

    @property
    def last_evening(self) -> int:
        """The game session that was played last; 0 before the first."""
        return max(self.evenings, default=0)


@dataclass(frozen=True, slots=True)
class Side:
    """What is said somewhere: the row, its words, and since which evening."""

    source: Source
    text: str
    evening: int | None


@dataclass(frozen=True, slots=True)
class LooseThread:
    """Something that is still open, with where it is said. `state` is what was decided of it.

    `made_by` is the model that found it, None for what is found without one; `settled_by` is where
    a model says that it came to its end. `is_sure` is False for an impression: what is said there
    is only like what stays open.
    """

    key: str
    kind: LooseKind
    text: str
    evening: int | None
    source: Source
    about: tuple[EntityRef, ...] = ()
    state: MarkState | None = None
    made_by: str | None = None
    settled_by: Side | None = None
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two things that cannot both be so. `old` was there first; `matter` is what both speak of, the
    same for all who contradict each other in it. `made_by` is the model that found it;
    `is_doubted`: a model says that both can be so."""

    key: str
    subject: str
    about: EntityRef | None
    sentence: str
    old: Side
    new: Side
    matter: str = ""
    made_by: str | None = None
    is_doubted: bool = False


def make_key(kind: str, *parts: str) -> str:
    """A name for what was found that is the same whenever it is found again."""
    whole = "\x1f".join((kind, *parts)).encode()
    return hashlib.blake2b(whole, digest_size=20).hexdigest()
