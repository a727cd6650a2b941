"""Where an answer that was cut off is continued: nothing doubled, nothing run together.

A model that goes on with a text rarely begins at exactly the next character. It says the last
words again, begins with "…", opens a code block once more, or leaves out the space before the
next word.
"""

from __future__ import annotations

import re
import unicodedata
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

LONGEST_FENCE = 40

_DOTS = ("…", "...")
_FENCE = re.compile(r"^ {0,3}(```|~~~)", re.MULTILINE)
_ENDS_BLOCK = re.compile(r"^ {0,3}(?:```|~~~)[`~ ]{0,40}\n{0,2}\Z", re.MULTILINE)
_REOPENED = re.compile(r"\s*(?:```|~~~)[A-Za-z][^\n`]*\n")
_MARKER = re.compile(r"^[ \t]*(?:[-*+>]|#{1,6}|\d{1,9}[.)])$")
"""The beginning of an item, a quotation or a heading, still without its text."""


class Seam:
    """Joins what a model says next to an earlier text.

    Text is held back only while it may still repeat the end of the earlier text. `words` is
    text that shows how the language is written (the prompt, without the earlier text): with it
    a word that was cut in two is distinguished from two words without a space between them.
    """

    def __init__(self, earlier: str, words: Iterable[str] = ()) -> None:
        self._earlier = earlier
        self._tail = _lower(earlier[-WINDOW:])
        self._words = words
        self._held = ""
        self._joined = not earlier
        self._trusts_spaces = False
        self._is_in_block = len(_FENCE.findall(earlier)) % 2 == 1
        self._is_in_code = self._is_in_block or _has_open_tick(earlier)
        self._ends_block = not self._is_in_block and _ENDS_BLOCK.search(earlier) is not None

    def trust_spaces(self) -> None:
        """The model goes on from the last character itself: where it writes no space, the word
        goes on. One that was asked in words begins a message, and messages begin without one."""
        self._trusts_spaces = True

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
        if self._is_in_block and _may_reopen(held):
            return True
        if _is_word(self._earlier[-1:]) and _is_word(held) and len(held) < LONGEST_WORD:
            return True  # whether a space is missing is seen when the word is whole
        return _lower(held) in self._tail or any(dots.startswith(held) for dots in _DOTS)

    def _join(self) -> str:
        self._joined = True
        held, self._held = self._held, ""
        if self._is_in_block and (reopened := _REOPENED.match(held)):
            held = held[reopened.end() :]
            held = held if self._earlier.endswith("\n") else f"\n{held}"
        bare = _without_dots(held.lstrip())
        repeated = self._find_repeated(bare, spaced=held[:1].isspace())
        if repeated:
            return self._without_doubled_space(bare[repeated:])
        has_dots = bare != held.lstrip() and not self._is_in_code
        if has_dots and not self._earlier.rstrip().endswith(_SENTENCE_ENDS):
            held = bare
        held = self._without_doubled_space(held)
        return f" {held}" if self._lacks_space(held) else held

    def _without_doubled_space(self, text: str) -> str:
        """The text without the white space that the earlier text ends with; what stands at the
        beginning of a line is kept: it says how deep a line of code or a list is."""
        last = self._earlier[-1:]
        if last == "\n":
            bare = text.lstrip("\n")
            # One line end says again what is there; two are a blank line, and so is one after a
            # block, whose own line had to end anyway.
            said = len(text) - len(bare)
            is_blank = said >= 2 or (said == 1 and self._ends_block)
            return f"\n{bare}" if is_blank and not self._earlier.endswith("\n\n") else bare
        if self._ends_block and text and not text.lstrip(" ").startswith("\n"):
            # On the line of the fence, the text would keep the block open.
            return f"\n\n{text.lstrip(' ')}"
        return text.lstrip(" ") if last.isspace() else text

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
        if self._trusts_spaces or self._is_in_code or not _is_word(first):
            return False
        line = self._earlier[self._earlier.rfind("\n") + 1 :]
        if len(line) < LONGEST_WORD and _MARKER.match(line):
            return not (last == "." and first.isdigit())
        if self._tail.count(" ") * 20 < len(self._tail):
            return False  # some languages are written without spaces
        if last in ",;:!?":
            return not first.isdigit()
        if last == ".":
            return first.isupper()
        if not _is_word(last) or (last.isdigit() and first.isdigit()):
            return False
        left, right = _last_word(self._tail), _first_word(_lower(text))
        known = _count_words([*self._words, self._earlier])
        if known[left + right]:
            return False
        # The last word itself is counted once: it is a whole one if it comes up elsewhere too.
        return known[left] > 1 or known[right] > 0


_SIGNS = ("Mn", "Mc")
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


def _has_open_tick(text: str) -> bool:
    """Whether the last line ends inside `code`."""
    return text.count("`", text.rfind("\n") + 1) % 2 == 1


def _may_reopen(held: str) -> bool:
    """Whether this may become the line that opens a code block: a language is named there, a
    line that closes a block names none."""
    if len(held) < 3:
        return "```".startswith(held) or "~~~".startswith(held)
    return held.startswith(("```", "~~~")) and "\n" not in held and len(held) < LONGEST_FENCE


def _is_word(text: str) -> bool:
    """Whether all of it belongs to one word, vowel signs and accents of every script included."""
    return bool(text) and all(c.isalnum() or unicodedata.category(c) in _SIGNS for c in text)


def _last_word(text: str) -> str:
    start = len(text)
    while start and _is_word(text[start - 1]):
        start -= 1
    return text[start:]


def _first_word(text: str) -> str:
    end = 0
    while end < len(text) and _is_word(text[end]):
        end += 1
    return text[:end]


def _count_words(texts: Iterable[str]) -> Counter[str]:
    return Counter(
        word
        for text in texts
        for word in "".join(c if _is_word(c) else " " for c in text.lower()).split()
    )
