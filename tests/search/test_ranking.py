"""The ranking counts as its definition says, however many messages there are."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, cast

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from ttrpg_assistant.search.ranking import WEIGHTS, Found, Ranking, rarity
from ttrpg_assistant.search.store.entry_places import EntryPlaces, Placed
from ttrpg_assistant.search.store.lanes import Lane
from ttrpg_assistant.search.store.rows import SLOT, Rows

conversations = some.lists(some.integers(1, 40), min_size=1, max_size=6)


class Talk:
    """Conversations of so many messages: what a ranking asks of a lane."""

    def __init__(self, counts: list[int]) -> None:
        # Slots of conversations that are gone stay empty.
        self.segments = [(2 * slot + 1, count) for slot, count in enumerate(counts)]
        self.held = [(slot << SLOT) + at for slot, n in self.segments for at in range(n)]
        self.count, self.conversations = sum(counts), len(counts)
        self.mean_length = sum(self.length_of(at) for at in self.held) / self.count

    def length_of(self, position: int) -> int:
        return 10 + position * 7919 % 90

    def list_rows(self) -> Rows:
        return Rows.of(self.segments)

    def speaker_of(self, position: int) -> int:
        return position % 3

    def list_speakers(self, positions: list[int]) -> list[int]:
        return [self.speaker_of(position) for position in positions]

    def find(self, root: str, share: float, positions: set[int]) -> Found:
        placed = sorted(positions)
        lengths = [self.length_of(at) for at in placed]
        places = Placed(np.array(placed, np.int64), np.array(lengths, np.int64))
        return Found(root, root, share, places)


def score(talk: Talk, found: list[Found], speakers: set[int]) -> dict[int, float]:
    """By the words of docs/decisions/0025: each word by its best place around a message, the
    evening as a whole, and who speaks."""
    total: dict[int, float] = defaultdict(float)
    evenings: dict[int, float] = defaultdict(float)
    for one in found:
        positions = one.places.positions.tolist()
        weight = one.share * rarity(talk.count, len(positions))
        for at in talk.held:
            told = [0.0]
            for position in positions:
                far = abs(at - position)
                if far <= WEIGHTS.reach:
                    length = talk.length_of(position) / talk.mean_length
                    k, b = WEIGHTS.saturation, WEIGHTS.length
                    near = WEIGHTS.beside * WEIGHTS.falloff ** (far - 1) if far else 1.0
                    told.append(near * (k + 1) / (1 + k * (1 - b + b * length)))
            total[at] += weight * max(told)
        counts: dict[int, int] = defaultdict(int)
        for position in positions:
            counts[position >> SLOT] += 1
        for slot, count in counts.items():
            share = one.share * rarity(talk.conversations, len(counts)) * count / (count + 2)
            evenings[slot] += WEIGHTS.evening * share
    return {
        at: (value + evenings[at >> SLOT])
        * (1 + WEIGHTS.speaker if talk.speaker_of(at) in speakers else 1)
        for at, value in total.items()
        if value > 0
    }


@given(conversations, some.randoms(use_true_random=False), some.sets(some.integers(0, 2)))
def test_every_message_scores_what_the_words_around_it_tell(
    counts: list[int], chance: Any, speakers: set[int]
) -> None:
    talk = Talk(counts)
    words = ["opal", "mill", "old mill", "~opal"]
    found = [
        talk.find(word, share, set(chance.sample(talk.held, chance.randint(1, len(talk.held)))))
        for word, share in zip(words, (1.0, 0.6, 0.7, 0.1), strict=True)
    ]
    ranking = Ranking(cast(Lane, talk), WEIGHTS)
    ranking.add(found[:3])
    ranking.list_best(speakers, {}, 6)  # as the second look does before it adds more
    ranking.add(found[3:])
    expected = score(talk, found, speakers)
    best = ranking.list_best(speakers, {})
    assert {one.position for one in best} == set(expected)
    for one in best:
        assert abs(one.score - expected[one.position]) < 1e-9
        assert " " not in "".join(ranking.explain(one.position))
    assert [one.score for one in best] == sorted((one.score for one in best), reverse=True)


def test_what_brought_a_message_back_is_named_by_what_counts_most() -> None:
    talk = Talk([30])
    first = talk.held[0]
    found = [talk.find("mill", 0.5, {first, first + 20}), talk.find("opal", 1.0, {first + 1})]
    ranking = Ranking(cast(Lane, talk), WEIGHTS)
    ranking.add(found)
    assert ranking.list_best([], {})[0].position == first + 1
    assert ranking.explain(first + 1) == ("opal", "mill")
    assert ranking.explain(first + 20) == ("mill",)


def test_meaning_brings_back_what_no_word_did() -> None:
    talk = Talk([30, 30])
    far = talk.held[45]
    ranking = Ranking(cast(Lane, talk), WEIGHTS)
    ranking.add([talk.find("opal", 1.0, {talk.held[0]})])
    best = ranking.list_best([], {far: 1.0})
    assert max(best[1:], key=lambda one: one.score).position in {far, *talk.held[1:6]}
    assert far in {one.position for one in best}


Changes = some.lists(
    some.tuples(some.sampled_from(["add", "remove", "ask"]), some.integers(0, 4_000)), max_size=40
)


@given(Changes)
def test_numbers_are_found_where_they_were_last_put(changes: list[tuple[str, int]]) -> None:
    places, expected = EntryPlaces(), dict[int, tuple[int, int]]()
    for what, first in changes:
        some_numbers = range(first, first + 700)
        if what == "add":
            for number in some_numbers:
                if number not in expected:
                    expected[number] = (number * 31 % 100_003, number % 50)
                    places.add(number, *expected[number])
        elif what == "remove":
            places.remove(some_numbers)
            for number in some_numbers:
                expected.pop(number, None)
        else:
            assert (first in places) == (first in expected)
            found = places.list_places(np.array(some_numbers, np.int64))
            wanted = sorted(expected[number] for number in some_numbers if number in expected)
            assert (
                list(zip(found.positions.tolist(), found.lengths.tolist(), strict=True)) == wanted
            )
