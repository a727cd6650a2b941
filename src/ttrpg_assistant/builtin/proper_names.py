"""Which names a text says, without a list of them: words written with a capital where a common
word would have none, and the names that are known anyway.

Scripts without capitals have only the names that are known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import ahocorasick  # type: ignore[import-not-found]  # a C extension without stubs

from ttrpg_assistant.builtin.words import STOP_WORDS, fold

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
_JOINING = frozenset(
    [
        "of",
        "the",
        "de",
        "del",
        "della",
        "di",
        "da",
        "von",
        "van",
        "der",
        "la",
        "le",
        "al",
        "el",
        "ibn",
    ]
)
_JOINED_BY = re.compile(rf"\s(?:(?:{'|'.join(sorted(_JOINING))})\s){{0,2}}")
"""What may stand between two words of one name."""

_AT_MOST_LOWER = 0.5
"""A word that is written small more often than this for each capital is no name."""

_ONLY_BEGINS = 3
"""How often a word must begin a sentence, and never be written small, to count as a name."""

_GOES_ON = ",;'’&/"
"""Behind any other mark than these a sentence, or somebody's speech, begins."""

_SHORTEST, _LONGEST = 2, 80
_MOST_KNOWN = 2_000
_MOST_WORDS = 5

_CRIES_AND_DAYS = """
    okay ok yeah yes yep yup nope nah hey hi hello oh ooh ah aah aw ugh uh um hmm huh wow whoa
    right sure well alright thanks thank sorry great good nice cool fine awesome damn god jesus
    dude guys guy man also maybe actually basically apparently anyway meanwhile however suddenly
    finally everyone everybody someone nobody nothing something everything let's that's there's
    it's he's she's they're we're you're i'm i'll i'd i've roll rolls rolled natural wait stop
    come look goes gonna gotta wanna monday tuesday wednesday thursday friday saturday sunday
    january february march april june july august september october november december
    dm gm npc npcs pc pcs hp ac dc xp ooc names
"""
_NO_NAMES = frozenset(_CRIES_AND_DAYS.split())
"""Words with a capital that name nobody: cries, days, abbreviations of the game."""


class _Word(NamedTuple):
    text: str
    start: int
    end: int
    begins: bool
    """Whether it begins a sentence, where every word has a capital."""


class ProperNames:
    """The names said in some texts, and a finder of them in their sentences.

    `known` are names that count wherever they are said, whatever their writing, each in the
    spelling of the texts.
    """

    def __init__(self, sentences: Sequence[str], known: Iterable[str] = ()) -> None:
        self._known = _build(known)
        self._inside = Counter[str]()
        self._begins = Counter[str]()
        for sentence in sentences:
            for word in _list_words(sentence):
                (self._begins if word.begins else self._inside)[_bare(word.text)] += 1
        capital = self._inside + self._begins
        every = Counter[str]()
        for sentence in sentences if capital else ():
            every.update(filter(capital.__contains__, map(_bare, _WORD.findall(sentence))))
        self._small = every - capital

    def find(self, sentence: str) -> list[str]:
        """The names a sentence says, in order, each once; a known one as it is known."""
        found: dict[str, int] = {}
        for start, name in (*self._find_known(sentence), *self._find_written(sentence)):
            found.setdefault(name, start)
        return sorted(found, key=found.__getitem__)

    def _find_known(self, sentence: str) -> list[tuple[int, str]]:
        """Where known names are said as whole words, the longest of those that begin there."""
        if not len(self._known):
            return []
        return [
            (end + 1 - len(name), name)
            for end, name in self._known.iter_long(sentence)
            if _is_whole(sentence, end + 1 - len(name), end + 1)
        ]

    def _find_written(self, sentence: str) -> Iterator[tuple[int, str]]:
        run: list[_Word] = []
        for word in _list_words(sentence):
            if not self._may_name(word):
                continue
            if run and not _goes_on(run, word, sentence):
                yield from _close(run, sentence)
                run = []
            run.append(word)
        yield from _close(run, sentence)

    def _may_name(self, word: _Word) -> bool:
        text, bare = word.text, _bare(word.text)
        if len(bare) < _SHORTEST:
            return False
        if bare in STOP_WORDS or bare in _NO_NAMES or fold(text) in _NO_NAMES:
            return False
        inside, begins, small = self._inside[bare], self._begins[bare], self._small[bare]
        if small > _AT_MOST_LOWER * (inside + begins):
            return False
        if not word.begins or inside:
            return True
        return not small and begins >= _ONLY_BEGINS


def _close(run: list[_Word], sentence: str) -> Iterator[tuple[int, str]]:
    if run:
        start, end = run[0].start, run[-1].end
        name = sentence[start:end]
        for mark in ("'s", "’s"):
            name = name.removesuffix(mark)
        yield start, name


def _goes_on(run: list[_Word], word: _Word, sentence: str) -> bool:
    """Whether the word is part of the name begun. "Gull's Rest" is one name; a later word with
    that ending is the last of one: "Mira Voss's Boat"."""
    owns = len(run) > 1 and run[-1].text.endswith(("'s", "’s"))
    between = _JOINED_BY.fullmatch(sentence, run[-1].end, word.start)
    return len(run) < _MOST_WORDS and not owns and between is not None


def _list_words(sentence: str) -> Iterator[_Word]:
    """The words of a sentence that are written with a capital."""
    if sentence.islower():
        return
    end = 0
    for found in _WORD.finditer(sentence):
        start, text = found.start(), found[0]
        if _has_capital(text):
            between = sentence[end:start].strip()
            begins = end == 0 or (between != "" and between[-1] not in _GOES_ON)
            yield _Word(text, start, found.end(), begins)
        end = found.end()


def _has_capital(word: str) -> bool:
    # A word of capitals alone is an abbreviation or a shout.
    return word[0].isupper() and (len(word) == 1 or not word.isupper())


def _bare(word: str) -> str:
    text = fold(word)
    if "'" in text or "’" in text:
        for mark in ("'s", "’s", "'", "’"):
            text = text.removesuffix(mark)
    return text


def _build(known: Iterable[str]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for name in islice(dict.fromkeys(known), _MOST_KNOWN):
        if _SHORTEST <= len(name) <= _LONGEST:
            automaton.add_word(name, name)
    automaton.make_automaton()
    return automaton


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word is cut there. Scripts without blanks have no words to cut."""
    if not text[start:end].isascii():
        return True
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (
        after.isalnum() and text[end - 1].isalnum()
    )
