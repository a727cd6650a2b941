"""Names of the cast that a transcript misspells.

A word is read as a name of the cast only when it can be no other: it sounds like one name alone,
or is a letter or two away from it where it is long; it is nobody's own name; and the two are never
said in one line, which would make them two people. What is repaired is shown with the proposal.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ttrpg_assistant.builtin.naming import count_edits
from ttrpg_assistant.builtin.words import STOP_WORDS, fold
from ttrpg_assistant.campaigns.store.naming import SpelledName

_WORD = re.compile(r"[^\W_]+")
_TITLES_TEXT = """
    captain lord lady sir dame king queen prince princess duke duchess baron baroness count
    countess father mother brother sister old young doctor master mistress saint the of and
    from north south east west great little high
"""
_TITLES = frozenset(_TITLES_TEXT.split())
_SHORTEST = 4
_ONE_EDIT, _TWO_EDITS = 6, 9
"""Letters of the shorter word from which so many may differ."""

_SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("qu", "k"), ("sch", "s"), ("sh", "s"), ("th", "t"), ("gh", "g"),
    ("c", "k"), ("q", "k"), ("x", "ks"), ("z", "s"), ("y", "i"), ("w", "v"), ("j", "i"), ("h", ""),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")

_RARE_SHARE = 2
"""A word that is only a letter away is a slip when the name is said so many times as often."""

MOST_WORDS = 20_000
"""Different words with a capital that are looked at."""

MOST_COMPARED = 20_000
"""Pairs of words whose letters are compared: half a second."""


def sound_of(word: str) -> str:
    """What two spellings of one sound share: Mirra and Mira, Tomaz and Tomas."""
    for spelled, sound in _SOUNDS:
        word = word.replace(spelled, sound)
    plain = _DOUBLED.sub(r"\1", word)
    return plain.removesuffix("e") if len(plain) > _SHORTEST else plain


def list_tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Every word folded, with where it stands."""
    for found in _WORD.finditer(text):
        yield fold(found[0]), found.start(), found.end()


@dataclass(slots=True)
class SaidWords:
    """The words of a whole transcript, counted: with a capital and without."""

    capital: Counter[str] = field(default_factory=Counter)
    small: Counter[str] = field(default_factory=Counter)
    followed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Behind which words with a capital others with a capital stand."""
    lines: list[frozenset[str]] = field(default_factory=list)
    """The words with a capital of each line that has several."""

    def add(self, text: str) -> None:
        """One more line."""
        capitals: list[str] = []
        before: tuple[str, int] | None = None
        for found in _WORD.finditer(text):
            word, folded = found[0], fold(found[0])
            if not word[0].isupper():
                self.small[folded] += 1
                before = None
                continue
            if len(self.capital) < MOST_WORDS or folded in self.capital:
                self.capital[folded] += 1
            if before is not None and text[before[1] : found.start()] == " ":
                self.followed[before[0]].add(folded)
            capitals.append(folded)
            before = folded, found.end()
        if len(set(capitals)) > 1:
            self.lines.append(frozenset(capitals))


class NameRepairs:
    """How the words of a transcript are to be read: `repaired` gives for a folded word the word of
    the cast that it means."""

    def __init__(self, said: SaidWords, cast: Sequence[SpelledName]) -> None:
        self.repaired: dict[str, str] = dict(_find_repairs(said, cast))
        self._folded = {word: fold(name) for word, name in self.repaired.items()}

    def canon(self, word: str) -> str:
        """The folded word as it is to be read."""
        return self._folded.get(word, word)

    def repair(self, text: str) -> tuple[str, list[tuple[str, str]]]:
        """The text with its names as the cast spells them, and what was changed."""
        changed: dict[tuple[str, str], None] = {}
        pieces: list[str] = []
        at = 0
        for word, start, end in list_tokens(text):
            name = self.repaired.get(word)
            if name is not None and text[start].isupper():
                pieces += [text[at:start], name]
                changed[text[start:end], name] = None
                at = end
        return "".join([*pieces, text[at:]]), list(changed)


def _find_repairs(said: SaidWords, cast: Sequence[SpelledName]) -> Iterator[tuple[str, str]]:
    targets = _list_targets(said, cast)
    if not targets:
        return
    by_sound: dict[str, set[str]] = defaultdict(set)
    by_letter: dict[str, list[str]] = defaultdict(list)
    for target in targets:
        by_sound[sound_of(target)].add(target)
        by_letter[target[0]].append(target)
    own = {
        word
        for one in cast
        for name in (one.name, *one.aliases)
        for word, _, _ in list_tokens(name)
    }
    wanted: dict[str, str] = {}
    comparisons = iter(range(MOST_COMPARED))
    for word, count in said.capital.items():
        if len(word) < _SHORTEST or word in own or word in STOP_WORDS:
            continue
        if said.small[word] * 2 > count:
            continue
        near = _find_alike(word, by_sound)
        if not near:
            near = _find_near(word, count, said, by_letter, comparisons)
        if len(near) == 1 and not _has_another_surname(word, near[0], said, targets):
            wanted[word] = near[0]
    for together in said.lines:
        for word in together:
            if wanted.get(word) in together:
                del wanted[word]  # two people
    yield from ((word, targets[target][0]) for word, target in wanted.items())


def _list_targets(
    said: SaidWords, cast: Sequence[SpelledName]
) -> dict[str, tuple[str, frozenset[str]]]:
    """The words of names that can be misspelled, as they are spelled, with all words that the
    bearers of each are called by."""
    targets: dict[str, tuple[str, frozenset[str]]] = {}
    for one in cast:
        names = [one.name, *one.aliases]
        words = frozenset(word for name in names for word, _, _ in list_tokens(name))
        for name in names:
            for word, start, end in list_tokens(name):
                is_word = said.small[word] > said.capital[word]
                if len(word) < _SHORTEST or word in _TITLES or word in STOP_WORDS or is_word:
                    continue
                before = targets.get(word, ("", frozenset()))[1]
                targets[word] = name[start:end], before | words
    return targets


def _find_alike(word: str, by_sound: Mapping[str, Iterable[str]]) -> list[str]:
    """The names that sound the same."""
    return list(by_sound.get(sound_of(word), ()))


def _find_near(
    word: str,
    count: int,
    said: SaidWords,
    by_letter: Mapping[str, Sequence[str]],
    comparisons: Iterator[int],
) -> list[str]:
    """The names that are fewest letters away; one said as often as the name is somebody else's."""
    near: list[tuple[int, str]] = []
    for target in by_letter.get(word[0], ()):
        shorter = min(len(word), len(target))
        most = 2 if shorter >= _TWO_EDITS else 1 if shorter >= _ONE_EDIT else 0
        if abs(len(word) - len(target)) > most or not most:
            continue
        if said.capital[target] < _RARE_SHARE * count or next(comparisons, None) is None:
            continue
        edits = count_edits(word, target)
        if edits <= most:
            near.append((edits, target))
    fewest = min((edits for edits, _ in near), default=0)
    return [target for edits, target in near if edits == fewest]


def _has_another_surname(
    word: str, target: str, said: SaidWords, targets: Mapping[str, tuple[str, frozenset[str]]]
) -> bool:
    called = targets[target][1]
    sounds = {sound_of(one) for one in called}
    return any(
        not (
            sound_of(after) in sounds
            or after in _TITLES
            or after in STOP_WORDS
            or said.small[after]
        )
        for after in said.followed.get(word, ())
    )
