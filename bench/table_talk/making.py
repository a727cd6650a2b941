"""Makes talk of whole campaigns from stated seeds, with kernels planted in it.

Scenes have a place and people of their own; who is asked about comes up again and again where it
matters nothing, as names do. Four talks share no seed, and each two of them no kernel, so what is
settled on some can be tried on the others.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

from bench.table_talk import words
from bench.table_talk.by_hand import EVENINGS, QUESTIONS
from bench.table_talk.kernels import Kernel, list_kernels
from bench.table_talk.model import GM, Asked, Line, TalkOfCampaign

SEED = 20_261_130
SETS = 4
PLANTED = 108
EVENING = 130
LARGE = 98_000

_SPOKEN = ("g", "a", "b", "c")


@cache
def make_talks() -> tuple[TalkOfCampaign, ...]:
    """Four campaigns of about 3,000 lines, and the one written by hand with the first."""
    return tuple(make_talk(number, 24, PLANTED) for number in range(SETS))


@cache
def make_large() -> TalkOfCampaign:
    """A campaign of `LARGE` lines."""
    return make_talk(SETS, LARGE // EVENING, 160)


def make_talk(number: int, evenings: int, planted: int) -> TalkOfCampaign:
    """The campaign of that number. Even and odd ones have different kernels."""
    return _Making(number, evenings).make(planted)


class _Making:
    def __init__(self, number: int, evenings: int) -> None:
        self._random = random.Random(SEED + number)
        self._number = number
        self._evenings: list[list[Line]] = [[] for _ in range(evenings)]
        self._players = words.PLAYERS[number % len(words.PLAYERS)]
        first = self._random.sample(words.FIRST, 14)
        self._names = [f"{a} {b}" for a in first for b in self._random.sample(words.LAST, 3)]
        self._questions: list[Asked] = []
        self._asked: set[str] = set()

    def make(self, planted: int) -> TalkOfCampaign:
        kernels = list_kernels()
        mine = [one for at, one in enumerate(kernels) if at % 2 == self._number % 2]
        slots: list[list[tuple[Kernel, int, dict[str, str], int]]]
        slots = [[] for _ in self._evenings]
        for at in range(planted):
            kernel = mine[at % len(mine)]
            values = self._values()
            on = sorted(self._random.sample(range(len(slots)), len(kernel.parts)))
            for part, evening in enumerate(on):
                slots[evening].append((kernel, part, values, at))
        evidence: dict[int, list[tuple[int, int]]] = {}
        asked: dict[int, tuple[Kernel, dict[str, str]]] = {}
        for evening, waiting in enumerate(slots):
            self._random.shuffle(waiting)
            self._play(evening, waiting, evidence, asked)
        for at, (kernel, values) in sorted(asked.items()):
            text = kernel.question.format(**values)
            if text not in self._asked:
                self._asked.add(text)
                self._questions.append(Asked(text, kernel.category, tuple(evidence[at])))
        if self._number == 0:
            self._add_written()
        return TalkOfCampaign(f"made {self._number}", self._evenings, self._questions)

    def _add_written(self) -> None:
        start = len(self._evenings)
        self._evenings += [list(evening) for evening in EVENINGS]
        for text, category, places in QUESTIONS:
            found = tuple((start + evening, at) for evening, at in places)
            self._questions.append(Asked(text, category, found))

    def _play(
        self,
        evening: int,
        waiting: list[tuple[Kernel, int, dict[str, str], int]],
        evidence: dict[int, list[tuple[int, int]]],
        asked: dict[int, tuple[Kernel, dict[str, str]]],
    ) -> None:
        said = self._evenings[evening]
        while len(said) < EVENING or waiting:
            scene = self._values()
            for _ in range(self._random.randint(8, 20)):
                said.append(self._fill(scene))
            if waiting:
                kernel, part, values, at = waiting.pop()
                # The scene speaks of whom it is about before it comes to the point.
                said.append(self._line("g", self._pick(words.TALES), values))
                for mark, text, counts in kernel.parts[part]:
                    if counts:
                        evidence.setdefault(at, []).append((evening, len(said)))
                    said.append(self._line(mark, text, values))
                    if self._random.random() < 0.15 and not counts:
                        said.append(self._chat())
                asked[at] = (kernel, values)

    def _fill(self, scene: dict[str, str]) -> Line:
        chance = self._random.random()
        if chance < 0.16:
            return self._chat()
        if chance < 0.32:
            return self._line(self._pick(_SPOKEN), self._pick(words.DICE), scene)
        if chance < 0.44:
            return self._line("g", self._tell(scene), scene)
        # Names come up where they matter nothing.
        spoken_of = self._values() if self._random.random() < 0.3 else scene
        if chance < 0.74:
            return self._line(self._pick("abc"), self._pick(words.ACTIONS), spoken_of)
        return self._line("g", self._pick(words.ANSWERS), spoken_of)

    def _chat(self) -> Line:
        return Line(self._pick(self._players), self._pick(words.CHATTER))

    def _line(self, mark: str, text: str, values: dict[str, str]) -> Line:
        speaker = GM if mark == "g" else self._players["abc".index(mark)]
        while "{long}" in text:
            text = text.replace("{long}", self._tell(values), 1)
        return Line(speaker, text.format(**values))

    def _tell(self, scene: dict[str, str]) -> str:
        count = self._random.randint(2, 7)
        return " ".join(self._random.sample(words.TALES, count)).format(**scene)

    def _values(self) -> dict[str, str]:
        who, other = self._random.sample(self._names, 2)
        return {
            "who": who,
            "other": other,
            "thing": self._pick(words.THINGS),
            "place": self._pick(words.PLACES),
            "town": self._pick(words.TOWNS),
            "guild": self._pick(words.GUILDS),
            "beast": self._pick(words.BEASTS),
            "n": str(self._random.randint(12, 900)),
            "word": "".join(self._random.choices(["ka", "ro", "vel", "thu", "lis"], k=3)).title(),
            **dict(zip("abc", self._players, strict=True)),
        }

    def _pick(self, among: Sequence[str]) -> str:
        return self._random.choice(among)
