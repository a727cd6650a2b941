"""Who and what a question is about: names whole, in part, misspelled, or by their role."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ttrpg_assistant.builtin.words import STOP_WORDS, list_words_in
from ttrpg_assistant.llm.types import Passage, PassageKind

NAMED_KINDS: tuple[PassageKind, ...] = ("npc", "location", "plot_point")

_ALSO_CALLED = "Also called"
_SHORTEST = 3
_MISSPELT = 4
"""Shorter words are not taken for misspelled names."""
_LONG = 7
_MOST_SAID = 60
_MOST_MISSPELT = 6
_TITLES_AND_TOWNS = """
    session game note known fact event chat campaign house rules old brother sister captain lord
    lady sir the master king queen father mother town city street north south east west
"""
NAMES_NOTHING = frozenset(_TITLES_AND_TOWNS.split())
"""Words of names that, said alone, name nobody."""
_ROLE_ENDS = re.compile(r"[,;(]|\b(?:of|to|for|and|who|from|in|at|with)\b")


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that was named, and the words of the question that name it. Strength 3: by a whole
    name; 2: by a part of one; 1: by its role or kind, or misspelled."""

    passage: Passage
    words: frozenset[str]
    strength: int


def find_named(said: str, passages: Sequence[Passage]) -> list[Named]:
    """What the folded text names, in the order of the passages; of what shares a word, only
    what is named most surely."""
    words = [bare_word(word) for word in list_words_in(said)[:_MOST_SAID]]
    spoken = set(words)
    things = [one for one in passages if one.kind in NAMED_KINDS]
    names = [(one, _list_names(one)) for one in things]
    found = _by_name(words, spoken, names)
    claimed = {word for one in found for word in one.words}
    found += _by_role(words, things, claimed)
    claimed |= {word for one in found for word in one.words}
    found += _by_spelling(spoken - claimed, names, passages)
    return _surest(found, things)


def bare_word(word: str) -> str:
    """The word without a possessive or a shortened "is"."""
    for mark in ("'s", "’s", "'", "’"):
        word = word.removesuffix(mark)
    return word


def _list_names(passage: Passage) -> list[list[str]]:
    also = [line.text for line in passage.lines if line.label == _ALSO_CALLED]
    texts = [passage.title, *(part for text in also for part in text.split(","))]
    listed = [[bare_word(word) for word in list_words_in(text)] for text in texts]
    return [words for words in listed if words]


def _tells(word: str) -> bool:
    is_long = len(word) >= _SHORTEST or not word.isascii()
    return is_long and word not in STOP_WORDS and word not in NAMES_NOTHING


def _by_name(
    words: list[str], spoken: set[str], names: Iterable[tuple[Passage, list[list[str]]]]
) -> list[Named]:
    plural = {word[:-1] for word in spoken if word.endswith("s") and len(word) > _MISSPELT}
    found = []
    joined = f" {' '.join(words)} "
    for passage, listed in names:
        best: Named | None = None
        for name in listed:
            bare = name[1:] if name[0] in ("the", "a", "an") and len(name) > 1 else name
            telling = [word for word in bare if _tells(word)]
            whole = f" {' '.join(bare)} " in joined or f" {' '.join(bare)}s " in joined
            if whole and telling:
                said, strength = frozenset(bare) | {f"{bare[-1]}s"}, 3
            elif passage.kind == "plot_point":
                said = frozenset(word for word in telling if word in spoken)
                strength = 2 if telling and len(said) == len(telling) else 0
            else:
                said = frozenset(w for w in telling if w in spoken or w in plural)
                strength = 2 if said else 0
                said |= {f"{word}s" for word in said if word not in spoken}
            is_better = best is None or (strength, len(said)) > (best.strength, len(best.words))
            if strength and is_better:
                best = Named(passage, said, strength)
        if best is not None:
            found.append(best)
    return found


def _by_role(words: list[str], things: Sequence[Passage], claimed: set[str]) -> list[Named]:
    """ "the surgeon", where there is one: the head of a role, the kind of a location."""
    said = {after for the, after in pairwise(words) if the == "the"}
    said -= claimed
    heads: dict[str, list[Passage]] = {}
    for one in things:
        for line in one.lines:
            if line.label in ("Role", "Kind"):
                head = list_words_in(_ROLE_ENDS.split(line.text.lower(), maxsplit=1)[0])
                if head:
                    heads.setdefault(head[-1], []).append(one)
        if one.kind == "npc":
            for word in list_words_in(one.title)[:-1]:
                if word in NAMES_NOTHING:
                    heads.setdefault(word, []).append(one)
    found = []
    for word in said:
        meant = list({id(one): one for one in heads.get(word, ())}.values())
        if len(meant) == 1:
            found.append(Named(meant[0], frozenset({word}), 1))
    return found


def _by_spelling(
    unknown: set[str], names: Iterable[tuple[Passage, list[list[str]]]], passages: Sequence[Passage]
) -> list[Named]:
    """Names one letter away, two where they are long, for words that stand nowhere else."""
    doubtful = {
        word
        for word in unknown
        if len(word) >= _MISSPELT and word not in STOP_WORDS and word.isalpha()
    }
    if not doubtful:
        return []
    stored = {word for one in passages for word in list_words_in(one.text)}
    found = []
    for word in sorted(doubtful - stored)[:_MOST_MISSPELT]:
        for passage, listed in names:
            if passage.kind == "plot_point":
                continue
            parts = {part for name in listed for part in name if _tells(part)}
            if any(_is_near(word, part) for part in parts):
                found.append(Named(passage, frozenset({word}), 1))
    return found


def _is_near(one: str, other: str) -> bool:
    if one[0] != other[0] or abs(len(one) - len(other)) > 2 or len(other) < _MISSPELT:
        return False
    return count_edits(one, other) <= (2 if min(len(one), len(other)) >= _LONG else 1)


def count_edits(one: str, other: str) -> int:
    """Letters added, left out, changed or swapped with a neighbour, up to 40 letters."""
    one, other = one[:40], other[:40]
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        older, before = before, row
        row = [at]
        for n, mark in enumerate(other, 1):
            cost = min(before[n] + 1, row[-1] + 1, before[n - 1] + (letter != mark))
            is_swap = at > 1 < n and letter == other[n - 2] and one[at - 2] == mark
            row.append(min(cost, older[n - 2] + 1) if is_swap else cost)
    return row[-1]


def _surest(found: Sequence[Named], things: Sequence[Passage]) -> list[Named]:
    strongest: dict[str, tuple[int, int]] = {}
    for one in found:
        for word in one.words:
            rank = (one.strength, len(one.words))
            strongest[word] = max(strongest.get(word, (0, 0)), rank)
    kept = [
        one
        for one in found
        if all(strongest[word] == (one.strength, len(one.words)) for word in one.words)
    ]
    place = {id(one): at for at, one in enumerate(things)}
    once = {id(one.passage): one for one in kept}
    return sorted(once.values(), key=lambda one: (-one.strength, place[id(one.passage)]))


def is_she(passage: Passage) -> bool | None:
    """Whether a sheet speaks of a woman, by its own words; None where it does not say."""
    counts = Counter(list_words_in(f"{passage.text} {passage.title}"))
    women = counts["she"] + counts["her"] + counts["herself"]
    men = counts["he"] + counts["his"] + counts["him"] + counts["himself"]
    return None if women == men else women > men
