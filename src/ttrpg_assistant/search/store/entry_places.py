"""Where the messages of a lane stand, by the numbers of their entries in the index.

A question asks for tens of thousands of numbers at once, so they are looked up as arrays; what was
said since the last tidying waits beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

_MOST_NEW = 1_000
"""Added since the arrays were made; more are put into them before the next question."""

_MOST_KEPT = 200
"""Answers to questions that are kept."""

_GONE = -1


@dataclass(frozen=True, slots=True)
class Placed:
    """Messages by their positions, in order, and how many characters each has."""

    positions: Numbers
    lengths: Numbers

    def __len__(self) -> int:
        return len(self.positions)


class EntryPlaces:
    """The position and the length of every message of a lane. Used only while it is held."""

    def __init__(self) -> None:
        import numpy as np

        self._numbers: Numbers = np.empty(0, np.int64)
        self._positions: Numbers = np.empty(0, np.int64)
        self._lengths: Numbers = np.empty(0, np.int64)
        self._new: dict[int, tuple[int, int]] = {}
        self._kept: dict[int, tuple[Numbers, Placed]] = {}
        self._highest = 0

    def __contains__(self, number: int) -> bool:
        return number in self._new or self._find_kept(number) is not None

    def add(self, number: int, position: int, length: int) -> None:
        """A message that was not there."""
        if number <= self._highest:
            self._kept.clear()
        self._new[number] = (position, length)

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget these."""
        if numbers:
            self._kept.clear()
        for number in numbers:
            if self._new.pop(number, None) is None:
                at = self._find_kept(number)
                if at is not None:
                    self._positions[at] = _GONE

    def list_places(self, numbers: Numbers) -> Placed:
        """Those of the numbers that are there. They are in order; where a very same array is asked
        for again and nothing changed that is in it, nothing is looked up."""
        kept = self._kept.get(id(numbers))
        if kept is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            # Holding the array itself keeps its ID from being given to another.
            kept = self._kept[id(numbers)] = numbers, self._look_up(numbers)
            self._highest = max(self._highest, int(numbers[-1]) if len(numbers) else 0)
        return kept[1]

    def _look_up(self, wanted: Numbers) -> Placed:
        import numpy as np

        if len(self._new) > _MOST_NEW:
            self._tidy()
        at = _find_in(self._numbers, wanted)
        positions, lengths = self._positions[at], self._lengths[at]
        if (positions == _GONE).any():
            there = positions != _GONE
            positions, lengths = positions[there], lengths[there]
        if self._new and len(wanted):
            new = np.fromiter(self._new, np.int64, len(self._new))
            asked = wanted[_find_in(wanted, new)].tolist()
            added = np.array([self._new[number] for number in asked], np.int64).reshape(-1, 2)
            positions = np.concatenate((positions, added[:, 0]))
            lengths = np.concatenate((lengths, added[:, 1]))
        order = np.argsort(positions, kind="stable")
        return Placed(positions[order], lengths[order])

    def _find_kept(self, number: int) -> int | None:
        at = int(self._numbers.searchsorted(number))
        is_there = at < len(self._numbers) and self._numbers[at] == number
        return at if is_there and self._positions[at] != _GONE else None

    def _tidy(self) -> None:
        """Put what was added into the arrays, and leave out what is gone."""
        import numpy as np

        there = self._positions != _GONE
        added = np.array(list(self._new.values()), np.int64)
        numbers = np.concatenate((self._numbers[there], np.fromiter(self._new, np.int64)))
        order = np.argsort(numbers)
        self._numbers = numbers[order]
        self._positions = np.concatenate((self._positions[there], added[:, 0]))[order]
        self._lengths = np.concatenate((self._lengths[there], added[:, 1]))[order]
        self._new = {}


def _find_in(held: Numbers, wanted: Numbers) -> Numbers:
    """Where those of the wanted numbers stand that are held. `held` is in order."""
    import numpy as np

    if not len(held):
        return np.empty(0, np.int64)
    at = np.minimum(held.searchsorted(wanted), len(held) - 1)
    found: Numbers = at[held[at] == wanted]
    return found
