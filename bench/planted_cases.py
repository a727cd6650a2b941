"""The hand-written cases of `planted_canon`, by their sets, and how they are shared out among
campaigns."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TEXTS = (
    Path(__file__).with_name("planted_canon.txt"),
    Path(__file__).with_name("planted_voices.txt"),
    Path(__file__).with_name("planted_further.txt"),
    Path(__file__).with_name("planted_untouched.txt"),
)
WORDS_ALONE = frozenset({"voices", "further", "fresh"})
"""Sets of which the words alone are measured: what nobody says is easy to find."""

_HEADING = re.compile(r"# (?:\d+\.|\w+ part)")

MOST_CASES = 40
"""Of one campaign: each has NPCs of its own, and there are so many names."""


@dataclass(frozen=True, slots=True)
class Case:
    """One hand-written line with what follows it."""

    kind: str
    part: str
    first: str
    then: str


def read_cases() -> list[Case]:
    """The cases of the texts."""
    return [case for text in TEXTS for _, case in read_voices(text)]


def read_voices(text: Path) -> Iterator[tuple[str, Case]]:
    """The cases of a text, each with the heading of the voice or the part that it is in."""
    voice = ""
    for line in text.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            voice = line if _HEADING.match(line) else voice
        elif line:
            kind, part, first, *then = (one.strip() for one in line.split("|"))
            yield voice, Case(kind, part, first, then[0] if then else "")


def share_out(part: str, campaigns: int, seed: int) -> Iterator[list[Case]]:
    """The cases of a set, so many times, each time in as many campaigns as have room for them."""
    for number in range(campaigns):
        cases = [one for one in read_cases() if one.part == part]
        if len(cases) <= MOST_CASES * 1.5:
            yield cases
            continue
        random.Random(seed + number).shuffle(cases)
        for start in range(0, len(cases), MOST_CASES):
            yield cases[start : start + MOST_CASES]
