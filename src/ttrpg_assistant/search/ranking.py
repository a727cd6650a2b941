"""Which messages of a talk answer best: each is judged with what was said around it.

Talk answers the line before it, so a message counts for what its neighbours hold as well, the
nearer the more; of each word only its best place counts, so a name that is said in every line
wins nothing. How rare a word is, and how long a message, is measured in the talk that may be
recalled and nowhere else: what somebody must not know moves nothing of what they are given.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from ttrpg_assistant.search.store.lanes import Lane
from ttrpg_assistant.search.store.rows import APART, SLOT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ttrpg_assistant.search.store.entry_places import Numbers, Placed

    Values = NDArray[np.float64]

_BLOCK = 3
"""Rows are first counted by eights."""

MOST_BLOCKS = 1_000
"""Of these the best are looked at message by message, so that a question to a hundred thousand
messages costs little more than one to three thousand."""

MOST_RANKED = 500

_COUNT = itemgetter(0)

_SMALL = 400
"""In less talk than this a word says something of its neighbours, however often it stands."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How the parts of a score count. Settled by cross-validation on made-up talk
    (`bench/table_talk`), never by hand on one set."""

    reach: int = 5
    beside: float = 0.7
    falloff: float = 0.8
    saturation: float = 1.2
    length: float = 0.4
    evening: float = 0.3
    speaker: float = 0.3
    synonym: float = 0.6
    pair: float = 0.7
    second_look: float = 0.1
    meaning: float = 0.5


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Found:
    """Where one thing that was asked for stands. `word` is what a person is shown of it."""

    root: str
    word: str
    share: float
    places: Placed


class Ranked(NamedTuple):
    """A message by its position."""

    position: int
    score: float


class Ranking:
    """Scores the messages of a lane, one thing that was asked for after another."""

    def __init__(self, lane: Lane, weights: Weights) -> None:
        import numpy as np

        assert weights.reach < APART
        self._lane = lane
        self._weights = weights
        self._rows = lane.list_rows()
        around = range(-weights.reach, weights.reach + 1)
        self._around = np.array(around, np.int64)
        decay = [weights.beside * weights.falloff ** (abs(d) - 1) if d else 1.0 for d in around]
        self._decay = np.array(decay)
        self._scores = np.zeros(self._rows.size)
        self._evenings = np.zeros(len(self._rows.counts))
        self._spread_over = _Spread(self._rows.size)
        self._counted: list[_Counted] = []
        self._highest: dict[int, tuple[Numbers, Numbers]] = {}

    def add(self, found: Sequence[Found]) -> None:
        """Count where these stand."""
        weighed = [
            _Weighed(
                *(one, self._rows.list_rows(one.places.positions)),
                one.share * rarity(self._lane.count, len(one.places)),
            )
            for one in found
        ]
        is_near = self._choose_blocks(weighed)
        self._highest.clear()
        for one in weighed:
            near = is_near[one.rows >> _BLOCK]
            rows, values = self._spread(one.rows[near], one.found.places.lengths[near], one.rows)
            self._scores[rows] += one.weight * values
            if " " not in one.found.root:
                self._counted.append(_Counted(one.weight, one.found.word, rows, values))
            if self._weights.evening:
                self._add_evenings(one.found)

    def list_best(
        self,
        asked_speakers: Collection[int],
        alike: Mapping[int, float],
        most: int = MOST_RANKED,
    ) -> list[Ranked]:
        """The messages that answer best, at most so many. `alike` is how much some
        messages mean what was asked, by their positions; empty where nobody looked."""
        import numpy as np

        rows, positions = self._list_highest(2 * most)
        scores = self._scores[rows] + self._evenings[positions >> SLOT]
        if asked_speakers:
            speakers = self._lane.list_speakers(positions.tolist())
            is_asked = np.array([code in asked_speakers for code in speakers], np.bool_)
            scores[is_asked] *= 1 + self._weights.speaker
        if alike:
            final = dict(zip(positions.tolist(), scores.tolist(), strict=True))
            self._add_likeness(final, alike)
            top = sorted(final.items(), key=lambda one: (-one[1], one[0]))[:most]
            return [Ranked(position, score) for position, score in top]
        order = np.lexsort((positions, -scores))[:most]
        found = zip(positions[order].tolist(), scores[order].tolist(), strict=True)
        return list(map(Ranked._make, found))

    def explain(self, position: int) -> tuple[str, ...]:
        """The words that brought a message back, those that count most first."""
        positions, told = self._told
        at = bisect_left(positions, position)
        if at == len(positions) or positions[at] != position:
            return ()
        counts = zip(told[at].tolist(), self._counted, strict=True)
        counted = [(count, one.word) for count, one in counts if count]
        counted.sort(key=_COUNT, reverse=True)
        return tuple(dict.fromkeys(word for _, word in counted))[:4]

    def _list_highest(self, most: int) -> tuple[Numbers, Numbers]:
        """The rows with the highest scores and the positions of these."""
        if most not in self._highest:
            self._highest[most] = self._rows.list_held(_list_highest(self._scores, most))
        return self._highest[most]

    def _choose_blocks(self, weighed: Sequence[_Weighed]) -> NDArray[np.bool_]:
        """Which blocks are looked at row by row: the best, and those beside them."""
        import numpy as np

        promised = np.zeros((self._rows.size >> _BLOCK) + 3)
        for one in weighed:
            blocks = one.rows >> _BLOCK
            # Positions are in order, and so are rows: a block that differs from the last is new.
            promised[blocks[np.diff(blocks, prepend=-1) != 0]] += one.weight
        chosen = np.flatnonzero(promised)
        if len(chosen) > MOST_BLOCKS:
            beside = np.maximum(promised[chosen - 1], promised[chosen + 1])
            order = np.argsort(-(promised[chosen] + beside / 2), kind="stable")
            chosen = chosen[order[:MOST_BLOCKS]]
        is_near = np.zeros(len(promised), np.bool_)
        for distance in (-1, 0, 1):
            is_near[chosen + distance] = True
        return is_near

    def _spread(self, rows: Numbers, lengths: Numbers, all_rows: Numbers) -> tuple[Numbers, Values]:
        """What a word tells of the messages that hold it and of those around them, of each its
        best. What stands everywhere tells nothing of its neighbours."""
        k, b = self._weights.saturation, self._weights.length
        relative: Values = lengths / self._lane.mean_length
        told: Values = (k + 1) / (1 + k * (1 - b + b * relative))
        if self._lane.count > _SMALL and len(all_rows) * 8 > self._lane.count:
            return rows, told
        around = (rows[:, None] + self._around).ravel()
        return self._spread_over.list_best(around, (told[:, None] * self._decay).ravel())

    def _add_evenings(self, one: Found) -> None:
        """How much each conversation as a whole speaks of what was asked."""
        import numpy as np

        counts = np.bincount(one.places.positions >> SLOT, minlength=len(self._evenings))
        there = np.flatnonzero(counts)
        weight = one.share * rarity(self._lane.conversations, len(there))
        self._evenings[there] += (
            self._weights.evening * weight * counts[there] / (counts[there] + 2)
        )

    def _add_likeness(self, scores: dict[int, float], alike: Mapping[int, float]) -> None:
        """Let meaning speak beside the words, softly: what a message means is what its
        neighbours mean as well, and the best by meaning counts a share of the best by words."""
        import numpy as np

        likely: dict[int, float] = defaultdict(float)
        decay = dict(zip(self._around.tolist(), self._decay.tolist(), strict=True))
        placed = self._rows.list_rows(np.fromiter(alike, np.int64, len(alike)))
        for row, likeness in zip(placed.tolist(), alike.values(), strict=True):
            for distance, share in decay.items():
                likely[row + distance] += likeness * share
        rows, positions = self._rows.list_held(np.array(sorted(likely), np.int64))
        values = [likely[row] for row in rows.tolist()]
        if values:
            most = max(scores.values(), default=0.0) or 1.0
            share = self._weights.meaning * most / max(values)
            for position, value in zip(positions.tolist(), values, strict=True):
                scores[position] = scores.get(position, 0.0) + share * value

    @cached_property
    def _told(self) -> tuple[Sequence[int], Values]:
        """The positions of the messages with the highest scores, in order, and how much each word
        that was asked for told of each of these."""
        import numpy as np

        rows, positions = self._list_highest(2 * MOST_RANKED)
        place = np.full(self._rows.size, -1, np.int64)
        place[rows] = np.arange(len(rows))
        told = np.zeros((len(rows), len(self._counted)))
        for number, one in enumerate(self._counted):
            at = place[one.rows]
            told[at[at >= 0], number] = one.weight * one.values[at >= 0]
        return positions.tolist(), told


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What was found, the rows it stands in, and how much it counts."""

    found: Found
    rows: Numbers
    weight: float


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a word told of each of these rows."""

    weight: float
    word: str
    rows: Numbers
    values: Values


class _Spread:
    """Finds the best value of each row, where many rows come several times."""

    def __init__(self, size: int) -> None:
        import numpy as np

        self._best = np.zeros(size)
        self._last = np.zeros(size, np.int64)

    def list_best(self, rows: Numbers, values: Values) -> tuple[Numbers, Values]:
        """Each of the rows once, with the largest of its values. They are positive."""
        import numpy as np

        np.maximum.at(self._best, rows, values)
        counted = np.arange(len(rows))
        self._last[rows] = counted  # Of a row that comes several times the last one is kept.
        once = rows[self._last[rows] == counted]
        best = self._best[once]
        self._best[once] = 0.0
        return once, best


def rarity(count: int, holding: int) -> float:
    """How much a word tells that stands in `holding` of `count` messages."""
    return math.log(1 + (max(0, count - holding) + 0.5) / (holding + 0.5))


def _list_highest(scores: Values, most: int) -> Numbers:
    """The rows with a score, at most so many, those with the highest."""
    import numpy as np

    rows = np.flatnonzero(scores)
    if len(rows) > most:
        rows = rows[np.argpartition(-scores[rows], most)[:most]]
        rows.sort()
    return rows
