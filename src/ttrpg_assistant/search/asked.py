"""What a message asks to be recalled: its words in all their forms, words of like meaning, and
words that stand side by side, which are names more often than not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ttrpg_assistant.builtin.synonyms import list_synonyms
from ttrpg_assistant.builtin.words import STOP_WORDS, list_irregular_forms, list_words_in, stem
from ttrpg_assistant.script_words import is_unspaced, list_words, place_words
from ttrpg_assistant.search import forms
from ttrpg_assistant.search.forms import find_languages
from ttrpg_assistant.search.model import Term

MOST_WORDS = 24
MOST_PAIRS = 8
_FEW_WORDS = 2
"""A message of fewer words that mean something is understood by what was said before it."""

_SAID, _BEFORE = 2_000, 600
"""Characters that are looked at: of the message, and of the one before it."""

_ENDINGS = ("", "s", "es", "ed", "ing", "er", "ers", "ly", "ies")


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to look for: any of the `terms`. `root` is what it is known by, `share` how much
    it counts beside the words of the message themselves."""

    root: str
    word: str
    terms: tuple[Term, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Shares:
    """How much words of like meaning and two words side by side count beside a word itself."""

    synonym: float
    pair: float


def list_asked(text: str, recent: Sequence[str], shares: Shares) -> list[Asked]:
    """What to look for; of a message that says little, what the one before it says as well."""
    words = _list_words(text[:_SAID])
    if len({word for word in words if word not in STOP_WORDS}) < _FEW_WORDS and recent:
        words += _list_words(recent[0][:_BEFORE])
    languages = find_languages(words)
    meant = [word for word in words if word not in STOP_WORDS]
    roots: dict[str, str] = {}
    for word in meant:
        if len(word) > 1 or word.isdigit():
            roots.setdefault(stem(word), word)
        if len(roots) == MOST_WORDS:
            break
    found = [
        Asked(root, word, (*list_forms(root), *_list_other_forms(word, languages)), 1.0)
        for root, word in roots.items()
    ]
    for root, word in roots.items():
        alike = dict.fromkeys(stem(other) for other in list_synonyms(root))
        terms = tuple(term for one in alike if one not in roots for term in list_forms(one))
        if terms:
            found.append(Asked(f"~{root}", word, terms, shares.synonym))
    pairs = [(a, b) for a, b in pairwise(words) if stem(a) in roots and stem(b) in roots]
    for a, b in list(dict.fromkeys(pairs))[:MOST_PAIRS]:
        term = Term((*_cut(a), *_cut(b)))
        found.append(Asked(f"{a} {b}", f"{a} {b}", (term,), shares.pair))
    return [one for one in found if one.terms]


def _list_words(text: str) -> list[str]:
    """Every word, folded; of scripts without spaces every two letters that stand together."""
    if text.isascii() or all(map(str.isascii, list_words(text))):
        return list_words_in(text)
    words: list[str] = []
    before, end = "", -1
    for begins, ends, word in place_words(text):
        if not is_unspaced(word):
            words.append(word)
            before = ""
        else:
            if begins == end and before:
                words.append(before + word)
            before, end = word, ends
    return words


def _list_other_forms(word: str, languages: tuple[str, ...]) -> tuple[Term, ...]:
    """The other forms of a word that is not English, or of a text that is not."""
    if not languages and word.isascii():
        return ()
    letters = (word,) if not is_unspaced(word) else tuple(word)
    if len(letters) > 1:
        return ()
    return tuple(Term((form,)) for form in forms.list_forms(word, languages))


def ask_for(roots: Sequence[str], share: float) -> list[Asked]:
    """More to look for, by stems, all of the same share."""
    return [Asked(root, root, list_forms(root), share) for root in roots]


@lru_cache(maxsize=4_096)
def list_forms(root: str) -> tuple[Term, ...]:
    """Every word that has this stem, spelled out. Both databases look up whole words, so both
    find the same."""
    bases = [root, f"{root}e"]
    if root.isascii() and root.isalpha() and len(root) > 2:
        bases.append(root + root[-1])
        if root.endswith("i"):
            bases += [f"{root[:-1]}y", root[:-1]]
    words = [base + ending for base in bases for ending in _ENDINGS]
    words += list_irregular_forms(root)
    made = {_cut(word): None for word in words if word == root or stem(word) == root}
    return tuple(Term(form) for form in made if form)


def _cut(word: str) -> tuple[str, ...]:
    """The word as the indexes cut it: at an apostrophe it is two."""
    if word.isascii() and word.isalnum() and word.islower():
        return (word,)
    said = tuple(list_words(word))
    return said[:-1] if len(said) == 2 and said[-1] == "s" else said
