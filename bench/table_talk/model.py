"""A campaign's talk with questions about it, whoever made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GM = "GM"
ASSISTANT = "Assistant"


@dataclass(frozen=True, slots=True)
class Line:
    """Something said at the table. A player's line is stored with the name before it."""

    speaker: str
    text: str

    @property
    def content(self) -> str:
        """As a transcript's import stores it."""
        return self.text if self.speaker in (GM, ASSISTANT) else f"{self.speaker}: {self.text}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its category, and where its evidence stands: evening and line, from 0."""

    text: str
    category: str
    evidence: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class TalkOfCampaign:
    """Evenings of lines, oldest first, with questions put long afterwards."""

    name: str
    evenings: Sequence[Sequence[Line]]
    questions: Sequence[Asked]

    @property
    def count(self) -> int:
        """How many lines there are."""
        return sum(map(len, self.evenings))
