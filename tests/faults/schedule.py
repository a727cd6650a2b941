"""A random schedule of kills that a seed gives back exactly.

What is killed, when, and what is running then are all drawn beforehand, so that a run
that broke something can be had again: `FAULTS_SEED=… make test ARGS=tests/faults`, or
`python -m tests.faults.crash_run --kills 300 --seed …`.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Victim = Literal["server", "starting server", "tab", "crashed tab", "browser"]

WEIGHTS: dict[Victim, int] = {
    "server": 50,
    "starting server": 8,
    "tab": 16,
    "crashed tab": 12,
    "browser": 14,
}


@dataclass(frozen=True)
class Kill:
    """After `wait` seconds of everything running, kill the victim."""

    victim: Victim
    wait: float
    tab: int
    """Which tab, where it is one."""
    part: float
    """How far into its start a starting server is killed, as a part of a usual start."""


def make_schedule(seed: int, kills: int, *, tabs: int = 2, longest: float = 1.5) -> list[Kill]:
    """The kills of this seed, in order."""
    chance = random.Random(seed)
    victims = list(WEIGHTS)
    return [
        Kill(
            chance.choices(victims, list(WEIGHTS.values()))[0],
            chance.uniform(0, longest) * chance.random(),
            chance.randrange(tabs),
            chance.random(),
        )
        for _ in range(kills)
    ]


def pick_seed(given: int | None = None) -> int:
    """The seed asked for by argument or by FAULTS_SEED, else a new one. Print it."""
    if given is not None:
        return given
    named = os.environ.get("FAULTS_SEED")
    return int(named) if named else random.SystemRandom().randrange(1, 1_000_000)


def describe(schedule: Sequence[Kill]) -> str:
    """How many of what."""
    counted = Counter(kill.victim for kill in schedule)
    return ", ".join(f"{count} {victim}" for victim, count in counted.most_common())
