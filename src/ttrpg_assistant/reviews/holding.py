"""Whether lines really say what is proposed from them.

A proposal needs words that stand in its lines, one after the other, exactly so but for case,
punctuation and repaired names. Its own text may say it otherwise, but brings no name and no number
that its lines and those who speak them do not have, and most of its words are theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ttrpg_assistant.builtin.words import STOP_WORDS, fold, list_stems
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.reviews.model import Evidence, Line
from ttrpg_assistant.reviews.names import NameRepairs, list_tokens

MOST_EVIDENCE = 6
"""Lines that one proposal names."""

QUOTE_CHARACTERS = 400
NEAR = 5
"""Lines before and after one, in which it is looked who is meant."""
_LEAST_WORDS = 2
_SHARE_OF_WORDS = 0.5
_NUMBER = re.compile(r"\d+")
_CAPITAL = re.compile(r"(?<![.!?…:\"“”'‘]\s)(?<!\A)(?<!\n)\b[^\W\d_][^\W_]*")
_MARKS = " \t\n\"'“”‘’.…"
_NUMBERED = re.compile(r"^\s*\[?\d{1,6}\]?[:.)]?\s+")
_LABELLED = re.compile(r"^[^:\n]{1,60}:\s+")


class _Said(NamedTuple):
    """The words of a line as they are to be read, and where each stands."""

    words: str
    spans: list[tuple[int, int]]


class Lines:
    """The lines of a part, ready to be asked what they say."""

    def __init__(self, lines: Sequence[Line], repairs: NameRepairs) -> None:
        self.lines = lines
        self.repairs = repairs
        self._said = [self._read(line.text) for line in lines]

    def _read(self, text: str) -> _Said:
        tokens = list(list_tokens(text))
        words = " ".join(self.repairs.canon(word) for word, _, _ in tokens)
        return _Said(f" {words} ", [(start, end) for _, start, end in tokens])

    def find_quote(self, quote: str, numbers: Iterable[int]) -> tuple[int, str] | None:
        """The line that says these words and how they stand in it: one of those numbered (from
        1), else any; None when none does."""
        named = [at - 1 for at in dict.fromkeys(numbers) if 0 < at <= len(self.lines)]
        said_to_be = set(named)
        order = [*named, *(at for at in range(len(self.lines)) if at not in said_to_be)]
        for wanted in _list_wordings(quote):
            words = self._read(wanted).words
            if len(words) <= 2 or (len(words.split()) < _LEAST_WORDS and words.isascii()):
                continue
            for at in order:
                found = self._find_words(at, words)
                if found is not None:
                    return at, found
        return None

    def find_name(self, name: str, numbers: Iterable[int]) -> tuple[int, str] | None:
        """The line that says a name, or stands under it in notes, and the words around it."""
        words = self._read(name).words
        if len(words) <= 2:
            return None
        named = [at - 1 for at in dict.fromkeys(numbers) if 0 < at <= len(self.lines)]
        for at in dict.fromkeys([*named, *range(len(self.lines))]):
            if words in self._said[at].words:
                return at, shorten_quote(self.lines[at].text, self._find_words(at, words) or "")
            if self.lines[at].speaker.role == "notes" and words in self._speaker(at):
                return at, shorten_quote(self.lines[at].text, "")
        return None

    def says(self, name: str, at: Iterable[int]) -> bool:
        """Whether these lines, or those who speak them, say a name."""
        words = self._read(name).words
        if len(words) <= 2:
            return False
        return any(words in self._said[one].words or words in self._speaker(one) for one in at)

    def _speaker(self, at: int) -> str:
        speaker = self.lines[at].speaker
        return self._read(f"{speaker.label} {speaker.name}").words

    def _find_words(self, at: int, words: str) -> str | None:
        said = self._said[at]
        place = said.words.find(words)
        if place < 0 and not words.isascii():
            return self._find_unspaced(at, words.strip())
        if place < 0:
            return None
        first = said.words.count(" ", 0, place)
        last = first + words.strip().count(" ")
        text = self.lines[at].text
        return text[said.spans[first][0] : said.spans[last][1]]

    def _find_unspaced(self, at: int, words: str) -> str | None:
        """Scripts without blanks: a quote begins and ends within a run of letters."""
        text = self.lines[at].text
        place = text.find(words)
        return text[place : place + len(words)] if place >= 0 and words else None

    def holds(self, text: str, at: Sequence[int]) -> bool:
        """Whether these lines say what a text says: its numbers, its names, most of its words."""
        said = " ".join(self._said[one].words for one in at)
        heard = f"{said} {' '.join(map(self._speaker, at))}"
        numbers = set(_NUMBER.findall(heard))
        if any(number not in numbers for number in _NUMBER.findall(text)):
            return False
        known = frozenset(heard.split())
        for found in _CAPITAL.finditer(text):
            word = found[0]
            if not word[0].isupper() or fold(word) in STOP_WORDS:
                continue
            if self.repairs.canon(fold(word)) not in known:
                return False
        own = list_stems(self.repairs.repair(text)[0])
        theirs = set(list_stems(heard))
        return bool(own) and sum(one in theirs for one in own) >= _SHARE_OF_WORDS * len(own)

    def widen(self, text: str, at: Sequence[int]) -> list[int]:
        """These lines with those near the first that say the names and numbers missing in them:
        whom "you" means is often said a line before."""
        wanted = [self.repairs.canon(fold(one[0])) for one in _CAPITAL.finditer(text)]
        wanted += _NUMBER.findall(text)
        heard = set(" ".join(f"{self._said[one].words} {self._speaker(one)}" for one in at).split())
        widened = list(at)
        around = sorted(range(len(self.lines)), key=lambda one: abs(one - at[0]))[: 2 * NEAR + 1]
        for word in dict.fromkeys(wanted):
            if word in heard or word in STOP_WORDS or len(widened) >= MOST_EVIDENCE:
                continue
            said = [one for one in around if word in f"{self._said[one].words}".split()]
            widened += [one for one in said[:1] if one not in widened]
        return widened

    def evidence(self, at: int, quote: str) -> Evidence:
        """Words of a line as evidence."""
        line = self.lines[at]
        return Evidence(line.message_id, line.seq, quote)


def _list_wordings(quote: str) -> list[str]:
    """The quote as given, and without what models put around it: a number, a label, marks."""
    bare = cut_text(quote, 2 * QUOTE_CHARACTERS).strip(_MARKS)
    unnumbered = _NUMBERED.sub("", bare)
    unlabelled = _LABELLED.sub("", unnumbered)
    return list(dict.fromkeys([bare, unnumbered, unlabelled]))


def shorten_quote(text: str, around: str) -> str:
    """The line itself, or of a long one the words around these, exactly as they stand there."""
    if len(text) <= QUOTE_CHARACTERS:
        return text
    place = max(0, text.find(around))
    start = max(0, min(place - QUOTE_CHARACTERS // 3, len(text) - QUOTE_CHARACTERS))
    piece = text[start : start + QUOTE_CHARACTERS]
    if start > 0:
        piece = piece[piece.find(" ") + 1 :]
    if start + QUOTE_CHARACTERS < len(text) and " " in piece:
        piece = piece[: piece.rfind(" ")]
    return piece
