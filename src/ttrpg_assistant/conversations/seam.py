"""Where an answer that was cut off is continued: nothing doubled, nothing run together.

A model that goes on with a text rarely begins at exactly the next character. It says the last
words again, begins with "…", or leaves out the space before the next word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

WINDOW = 8_000
"""How many of the last characters are looked for at the beginning of what comes next: models
that begin the whole answer again are not rare."""

SURE_OVERLAP = 8
"""So many equal characters are no accident, wherever they begin."""

WORD_OVERLAP = 3
"""So many are none when they begin a word, and are said without a space before them."""

LONGEST_WORD = 40

_DOTS = ("…", "...")


class Seam:
    """Joins what a model says next to an earlier text.

    Text is held back only while it may still repeat the end of the earlier text. `words` is
    text that shows how the language is written (the prompt): with it a word that was cut in two
    is distinguished from two words without a space between them.
    """

    def __init__(self, earlier: str, words: Iterable[str] = ()) -> None:
        self._earlier = earlier
        self._tail = _lower(earlier[-WINDOW:])
        self._words = words
        self._held = ""
        self._joined = not earlier

    def feed(self, text: str) -> str:
        """What of the text so far follows the earlier text."""
        if self._joined:
            return text
        self._held += text
        if self._may_repeat():
            return ""
        return self._join()

    def rest(self) -> str:
        """What is still held back when the answer has ended."""
        return "" if self._joined else self._join()

    def _may_repeat(self) -> bool:
        held = _without_dots(self._held.lstrip())
        if len(held) >= WINDOW:
            return False
        if self._earlier[-1:].isalnum() and held.isalnum() and len(held) < LONGEST_WORD:
            return True  # whether a space is missing is seen when the word is whole
        return _lower(held) in self._tail or any(dots.startswith(held) for dots in _DOTS)

    def _join(self) -> str:
        self._joined = True
        held, self._held = self._held, ""
        bare = _without_dots(held.lstrip())
        repeated = self._find_repeated(bare, spaced=held[:1].isspace())
        ends_in_space = self._earlier[-1:].isspace()
        if repeated:
            added = bare[repeated:]
            return added.lstrip(" ") if ends_in_space else added
        if bare != held.lstrip() and not self._earlier.rstrip().endswith(_SENTENCE_ENDS):
            held = bare
        if ends_in_space:
            return held.lstrip(" ")
        return f" {held}" if self._lacks_space(held) else held

    def _find_repeated(self, text: str, *, spaced: bool) -> int:
        """How many characters at the beginning of the text the earlier one ends with."""
        tail, text = self._tail.rstrip(), _lower(text)
        for length in range(min(len(tail), len(text)), WORD_OVERLAP - 1, -1):
            if not tail.endswith(text[:length]):
                continue
            before = tail[-length - 1 : -length] if length < len(tail) else ""
            begins_word = text[0].isalnum() and not before.isalnum() and not spaced
            if length >= SURE_OVERLAP or begins_word:
                # "Ha ha ha" simply goes on.
                return 0 if _is_one_thing_repeated(text[:length]) else length
        return 0

    def _lacks_space(self, text: str) -> bool:
        last, first = self._earlier[-1:], text[:1]
        if not first.isalnum() or self._tail.count(" ") * 20 < len(self._tail):
            return False  # some languages are written without spaces
        if last in ",;:!?":
            return not first.isdigit()
        if last == ".":
            return first.isupper()
        if not last.isalnum() or (last.isdigit() and first.isdigit()):
            return False
        left, right = _last_word(self._tail), _first_word(_lower(text))
        known = _count_words([*self._words, self._earlier])
        if known[left + right]:
            return False
        return known[left] > 1 or known[right] > 0


_SENTENCE_ENDS = (".", "!", "?", "…", "”", '"', ":", "\n")


def _without_dots(text: str) -> str:
    for dots in _DOTS:
        if text.startswith(dots):
            return text[len(dots) :]
    return text


def _lower(text: str) -> str:
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _is_one_thing_repeated(text: str) -> bool:
    spaced = f"{text.strip()} "
    return any(one in (one + one)[1:-1] for one in (text, spaced))


def _last_word(text: str) -> str:
    start = len(text)
    while start and text[start - 1].isalnum():
        start -= 1
    return text[start:]


def _first_word(text: str) -> str:
    end = 0
    while end < len(text) and text[end].isalnum():
        end += 1
    return text[:end]


def _count_words(texts: Iterable[str]) -> Counter[str]:
    return Counter(
        word
        for text in texts
        for word in "".join(c if c.isalnum() else " " for c in text.lower()).split()
    )
