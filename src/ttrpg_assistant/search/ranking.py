"""Which messages of a talk answer best: each is judged with what was said around it.

Talk answers the line before it, so a message counts for what its neighbours hold as well, the
nearer the more; of each word only its best place counts, so a name that is said in every line
wins nothing. How rare a word is, and how long a message, is measured in the talk that may be
recalled and nowhere else: what somebody must not know moves nothing of what they are given.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from ttrpg_assistant.search.store.lanes import SLOT, Lane

_BLOCK = 3
"""Positions are first counted by eights."""

MOST_BLOCKS = 160
"""Of these the best are looked at message by message, so that a question to a hundred thousand
messages costs little more than one to three thousand."""

MOST_RANKED = 500

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
    positions: Sequence[int]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A message by its position."""

    position: int
    score: float


class Ranking:
    """Scores the messages of a lane, one thing that was asked for after another."""

    def __init__(self, lane: Lane, weights: Weights) -> None:
        self._lane = lane
        self._weights = weights
        self._decay = [1.0]
        self._decay += [weights.beside * weights.falloff**n for n in range(weights.reach)]
        self._scores: dict[int, float] = defaultdict(float)
        self._evenings: dict[int, float] = defaultdict(float)
        self._told: list[tuple[float, str, dict[int, float]]] = []

    def add(self, found: Sequence[Found]) -> None:
        """Count where these stand."""
        weighed = [(one, one.share * rarity(self._lane.count, len(one.positions))) for one in found]
        chosen = _choose_blocks(weighed)
        near = chosen | {b + 1 for b in chosen} | {b - 1 for b in chosen}
        for one, weight in weighed:
            best = self._spread([p for p in one.positions if p >> _BLOCK in near])
            scores = self._scores
            for position, value in best.items():
                scores[position] += weight * value
            if " " not in one.root:
                self._told.append((weight, one.word, best))
            if self._weights.evening:
                self._add_evenings(one)

    def list_best(
        self,
        asked_speakers: Collection[int],
        alike: Mapping[int, float],
        most: int = MOST_RANKED,
    ) -> list[Ranked]:
        """The messages that answer best, at most so many. `alike` is how much some
        messages mean what was asked, by their positions; empty where nobody looked."""
        lane, scores = self._lane, self._scores
        final: dict[int, float] = {}
        for position in sorted(scores, key=scores.__getitem__, reverse=True)[: 2 * most]:
            if lane.holds(position):
                score = scores[position] + self._evenings.get(position >> SLOT, 0.0)
                if asked_speakers and lane.speaker_of(position) in asked_speakers:
                    score *= 1 + self._weights.speaker
                final[position] = score
        if alike:
            self._add_likeness(final, alike)
        top = sorted(final.items(), key=lambda one: (-one[1], one[0]))[:most]
        return [Ranked(position, score) for position, score in top]

    def explain(self, position: int) -> tuple[str, ...]:
        """The words that brought a message back, those that count most first."""
        counted = [(weight * best.get(position, 0.0), word) for weight, word, best in self._told]
        words = [word for value, word in sorted(counted, key=lambda one: -one[0]) if value > 0]
        return tuple(dict.fromkeys(words))[:4]

    def _spread(self, positions: Sequence[int]) -> dict[int, float]:
        """What a word tells of the messages that hold it and of those around them. What stands
        everywhere tells nothing of its neighbours."""
        k, b = self._weights.saturation, self._weights.length
        lane, mean = self._lane, self._lane.mean_length
        is_common = lane.count > _SMALL and len(positions) * 8 > lane.count
        reach = 0 if is_common else self._weights.reach
        steps = [(d, self._decay[abs(d)]) for d in range(-reach, reach + 1)]
        best: dict[int, float] = {}
        get = best.get
        # Many messages are as long as others: what they tell is worked out once.
        told: dict[int, list[tuple[int, float]]] = {}
        for position in positions:
            length = lane.length_of(position)
            around = told.get(length)
            if around is None:
                whole = (k + 1) / (1 + k * (1 - b + b * length / mean))
                around = told[length] = [(distance, whole * share) for distance, share in steps]
            for distance, value in around:
                at = position + distance
                if value > get(at, 0.0):
                    best[at] = value
        return best

    def _add_evenings(self, one: Found) -> None:
        """How much each conversation as a whole speaks of what was asked."""
        counts = Counter([position >> SLOT for position in one.positions])
        weight = one.share * rarity(self._lane.conversations, len(counts))
        for slot, count in counts.items():
            self._evenings[slot] += self._weights.evening * weight * count / (count + 2)

    def _add_likeness(self, scores: dict[int, float], alike: Mapping[int, float]) -> None:
        """Let meaning speak beside the words, softly: what a message means is what its
        neighbours mean as well, and the best by meaning counts a share of the best by words."""
        likely: dict[int, float] = defaultdict(float)
        reach = self._weights.reach
        for position, likeness in alike.items():
            for distance in range(-reach, reach + 1):
                likely[position + distance] += likeness * self._decay[abs(distance)]
        likely = {at: value for at, value in likely.items() if self._lane.holds(at)}
        if likely:
            most = max(scores.values(), default=0.0) or 1.0
            share = self._weights.meaning * most / max(likely.values())
            for position, value in likely.items():
                scores[position] = scores.get(position, 0.0) + share * value


def rarity(count: int, holding: int) -> float:
    """How much a word tells that stands in `holding` of `count` messages."""
    return math.log(1 + (max(0, count - holding) + 0.5) / (holding + 0.5))


def _choose_blocks(weighed: Sequence[tuple[Found, float]]) -> set[int]:
    blocks: dict[int, float] = defaultdict(float)
    for one, weight in weighed:
        for block in {position >> _BLOCK for position in one.positions}:
            blocks[block] += weight
    if len(blocks) <= MOST_BLOCKS:
        return set(blocks)
    get = dict(blocks).get
    promise = [
        (weight + max(get(block - 1, 0.0), get(block + 1, 0.0)) / 2, -block)
        for block, weight in blocks.items()
    ]
    return {-block for _, block in nlargest(MOST_BLOCKS, promise)}
