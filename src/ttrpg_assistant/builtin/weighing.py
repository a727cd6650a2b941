"""Which units bear on a question: those that hold most of what it asks, by the weight of its words.

A word weighs the more the fewer units hold it; one that stands nowhere weighs most. So a question
after something that nobody has written is not answered with whatever shares its common words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ttrpg_assistant.builtin.naming import Named, bare_word
from ttrpg_assistant.builtin.quoting import Unit
from ttrpg_assistant.builtin.synonyms import list_synonyms
from ttrpg_assistant.builtin.words import STOP_WORDS, list_words_in, stem

ENOUGH = 0.6
"""Share of what is asked, by weight, that a unit must hold to be an answer."""

ENOUGH_TO_DOUBT = 0.45
"""The same where a yes or no is wanted and chance would answer otherwise, and for scripts whose
words are cut into pairs of letters."""

_BEGINNING = 0.8
"""A word that only begins as asked ("crits": "critical"), or is of like meaning, counts less."""

_SHORTEST_BEGINNING = 4
_MOST_KEYS = 24
_GENERIC_WORDS = """
    party players player pcs pc group everyone anybody someone session campaign game anything
    recorded stored written noted gm only first yet currently rn exactly guy man woman person
    dude lady fellow stuff place one long much old often happen name called call whats whos
"""
_GENERIC = frozenset(_GENERIC_WORDS.split())
"""Words that say nothing of what is asked where other words do."""


def make_key(word: str) -> str:
    """The stem, in one spelling for both sides of the ocean: harbour, harbor."""
    root = stem(word)
    return root.replace("our", "or") if len(root) > _SHORTEST_BEGINNING else root


def list_keys(text: str) -> list[str]:
    """The keys of the words that mean something, repeats included."""
    words = map(bare_word, list_words_in(text))
    return [make_key(word) for word in words if word not in STOP_WORDS]


def list_asked(said: str, without: Iterable[str] = ()) -> list[str]:
    """The keys of a question, each once, but for these words and for what says nothing."""
    left_out = set(without)
    words = [bare_word(word) for word in list_words_in(said) if word not in left_out]
    words = [word for word in words if word not in left_out and word not in STOP_WORDS]
    telling = [word for word in words if word not in _GENERIC]
    return list(dict.fromkeys(map(make_key, telling)))[:_MOST_KEYS]


@dataclass(frozen=True, slots=True)
class Find:
    """A unit that bears on the question. `share` is how much of what was asked it holds."""

    unit: Unit
    share: float
    score: float


class Weighing:
    """Units ready to be asked: what each says, and how rare its words are."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = units
        self._held = [frozenset(_keys_of(unit)) for unit in units]
        self._counts = Counter(key for held in self._held for key in held)

    def find(
        self,
        asked: Sequence[str],
        named: Sequence[Named] = (),
        *,
        enough: float = ENOUGH,
        boost: Callable[[Unit], float] = lambda unit: 1.0,
    ) -> list[Find]:
        """The units that hold enough of what is asked and, where things are named, say it of one
        of them; best first."""
        if not asked:
            return []
        weights = {key: self._weigh(key) for key in asked}
        total = sum(weights.values())
        finds = []
        for unit, held in zip(self._units, self._held, strict=True):
            about = sum(_is_about(unit, held, one) for one in named)
            if named and not about:
                continue
            got = sum(weight * _holds(held, key) for key, weight in weights.items())
            if got < enough * total or not got:
                continue
            score = got * boost(unit) * (1 + 0.3 * max(0, about - 1)) / (1 + len(held) / 60)
            finds.append(Find(unit, got / total, score))
        finds.sort(key=lambda find: -find.score)
        return finds

    def _weigh(self, key: str) -> float:
        held = self._counts[key] or sum(self._counts[one] for one in _list_alike(key))
        if not held and len(key) >= _SHORTEST_BEGINNING:
            held = sum(count for other, count in self._counts.items() if other.startswith(key))
        total = len(self._units)
        return math.log(1 + (total - min(held, total) + 0.5) / (held + 0.5)) + 0.1


def _keys_of(unit: Unit) -> list[str]:
    passage = unit.passage
    keys = list_keys(unit.text) + list_keys(unit.label)
    if passage.kind != "message":
        keys += list_keys(passage.title) + list_keys(passage.remark)
    return keys


@lru_cache(maxsize=2_048)
def _list_alike(key: str) -> frozenset[str]:
    """The keys of words of like meaning."""
    return frozenset(map(make_key, list_synonyms(key)))


def _holds(held: frozenset[str], key: str) -> float:
    if key in held:
        return 1.0
    if not held.isdisjoint(_list_alike(key)):
        return _BEGINNING
    if len(key) >= _SHORTEST_BEGINNING and any(other.startswith(key) for other in held):
        return _BEGINNING
    return 0.0


def _is_about(unit: Unit, held: frozenset[str], named: Named) -> bool:
    if unit.passage is named.passage or unit.passage.ref == named.passage.ref != "":
        return True
    names = [make_key(word) for word in list_words_in(named.passage.title)]
    return any(name in held for name in names if name not in STOP_WORDS and len(name) > 2)


def mentions(unit: Unit, named: Named) -> bool:
    """Whether a unit is of the thing or names it."""
    return _is_about(unit, frozenset(_keys_of(unit)), named)
