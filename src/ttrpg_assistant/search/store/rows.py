"""The messages of a lane in one row, so that arrays can count them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from ttrpg_assistant.search.store.entry_places import Numbers

SLOT = 20
"""Bits of a position that count the messages of one conversation."""

RANK = (1 << SLOT) - 1
"""The part of a position that they are."""

APART = 8
"""Rows between the last message of a conversation and the first of the next."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Positions leave room for a million messages in each conversation; rows leave hardly any.
    Neighbours are one apart, and before and behind every conversation there are empty rows.

    `starts` and `counts` are by slot, `size` is how many rows there are.
    """

    starts: Numbers
    counts: Numbers
    size: int

    @classmethod
    def of(cls, segments: Iterable[tuple[int, int]]) -> Self:
        """Conversations by their slots, and how many messages each has."""
        import numpy as np

        given = np.array(list(segments), np.int64).reshape(-1, 2)
        counts = np.zeros(int(given[:, 0].max(initial=-1)) + 1, np.int64)
        counts[given[:, 0]] = given[:, 1]
        ends = np.cumsum(counts + np.where(counts > 0, APART, 0)) + APART
        size = int(ends[-1]) if len(ends) else APART
        return cls(np.concatenate((np.array([APART], np.int64), ends[:-1])), counts, size)

    def list_rows(self, positions: Numbers) -> Numbers:
        """The rows of the messages at these positions."""
        rows: Numbers = self.starts[positions >> SLOT] + (positions & RANK)
        return rows

    def list_held(self, rows: Numbers) -> tuple[Numbers, Numbers]:
        """Those of the rows in which a message stands, and the positions of these."""
        slots = self.starts.searchsorted(rows, "right") - 1
        ranks = rows - self.starts[slots]
        there = (ranks >= 0) & (ranks < self.counts[slots])
        return rows[there], (slots[there] << SLOT) + ranks[there]
