"""The names that a summary keeps: those of its sentences, and a line of those that no sentence
keeps, so that a name is not forgotten with the sentence that said it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ttrpg_assistant.builtin.proper_names import ProperNames

NAMES = "Names: "
"""Begins the line of names."""

_SAID_OFTEN = 3
_KNOWN_SAID_OFTEN = 2
"""How often a name is said that a summary must not leave out, one of the campaign sooner."""

_KNOWN_WEIGHT = 2.0


class NamesSaid:
    """The names that some sentences say.

    `lines` are the sentences that may be kept, `questions` those that may not; `known` are names
    of the campaign, spelled as they are there; `listed` are those of the lines of names of
    summaries, and in how many each is.
    """

    def __init__(
        self,
        lines: Sequence[str],
        known: Iterable[str] = (),
        listed: Mapping[str, int] | None = None,
        questions: Sequence[str] = (),
    ) -> None:
        self.lines = lines
        known = list(known)
        finder = ProperNames([*lines, *questions], [*known, *(listed or {})])
        self.said: list[list[str]] = [finder.find(line) for line in lines]
        """The names of each sentence, in its order."""
        self._counts = Counter(listed)
        for names in (*self.said, *map(finder.find, questions)):
            self._counts.update(names)
        self._known = frozenset(known)
        self.weights: dict[str, float] = {
            name: math.log(1 + count) * (_KNOWN_WEIGHT if name in self._known else 1.0)
            for name, count in self._counts.items()
        }
        """How much each name tells: by how often it is said, a name of the campaign most."""

    def list_unsaid(self, text: str, characters: int) -> list[str]:
        """The names that a text does not say, the most telling first, as many as have room."""
        said = text
        listed: list[str] = []
        for name in self._rank():
            if name in said:
                continue
            characters -= len(name) + 2
            if characters < 0:
                break
            # A name that is part of one that is listed need not be listed again.
            said += f"\n{name}"
            listed.append(name)
        return listed

    def list_forgotten(self, text: str) -> list[str]:
        """The names said so often that a summary ought to say them, and this text does not."""
        return [
            name
            for name in self._rank()
            if name not in text
            and self._counts[name] >= (_KNOWN_SAID_OFTEN if name in self._known else _SAID_OFTEN)
        ]

    def _rank(self) -> list[str]:
        return sorted(self.weights, key=lambda name: -self.weights[name])


def take_names(texts: Iterable[str]) -> tuple[list[str], Counter[str]]:
    """The texts without their lines of names, and in how many of them each of those names is."""
    bare: list[str] = []
    listed = Counter[str]()
    for text in texts:
        if NAMES not in text:
            bare.append(text)
            continue
        lines = text.splitlines()
        for line in lines:
            if line.startswith(NAMES):
                listed.update(filter(None, line.removeprefix(NAMES).rstrip(".").split(", ")))
        bare.append("\n".join(line for line in lines if not line.startswith(NAMES)))
    return bare, listed


def list_names_line(names: Sequence[str]) -> list[str]:
    """The line that keeps these names, or nothing without any."""
    return [f"{NAMES}{', '.join(names)}."] if names else []
