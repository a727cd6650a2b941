"""What a reader sees as one character, and what no reader sees at all.

`strip_unseen` takes out everything that has no visible form but can carry a message to a
model: controls, zero-width and bidi characters, Unicode tags, variation selectors, lone
surrogates. Emoji keep the joiners and selectors that make them one picture.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ttrpg_assistant.normal_forms import compose, replaced, thin_marks

_PICTURES = (
    "\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u25aa\u25ab"
    "\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55"
    "\u3030\u303d\U0001f000-\U0001f0ff\U0001f18e\U0001f191-\U0001f19a\U0001f201\U0001f21a"
    "\U0001f22f\U0001f232-\U0001f236\U0001f238-\U0001f23a\U0001f250\U0001f251"
    "\U0001f300-\U0001f3fa\U0001f400-\U0001faff"
)
# These are letters and signs unless a selector makes them pictures; NFKC may rewrite them.
_SIGNS = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u24c2\u3297\u3299" + (
    "\U0001f170\U0001f171\U0001f17e\U0001f17f\U0001f202\U0001f237"
)
_SKIN = "\U0001f3fb-\U0001f3ff"
_PICTURE = f"(?:[{_PICTURES}](?:[{_SKIN}]|\ufe0f)?|[{_SIGNS}]\ufe0f)"
# No real emoji joins more than a handful; a longer chain is broken up.
# The engine runs quickly over all that is not in the few ranges it begins with.
_EMOJI = re.compile(
    "([0-9\u00a9\u00ae\u203c-\u2b55\u3030-\u303d\u3297-\u3299\U0001f000-\U0001faff](?:"
    "(?<=[0-9])\ufe0f?\u20e3"
    f"|(?:(?<=[{_PICTURES}])(?:[{_SKIN}]|\ufe0f)?|(?<=[{_SIGNS}])\ufe0f)(?:\u200d{_PICTURE}){{0,7}}))"
)

_LINE_ENDS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
_VISIBLE_FORMATS = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
_INVISIBLE_LETTERS = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2065\u2800\u3164\uffa0"
)
_MOST_MARKS = 8
"""Combining marks kept on one letter; Tibetan and pointed Hebrew need up to five."""


def _replacement(char: str) -> str | None:
    """What stands for this character in one line of visible text; None is nothing."""
    code = ord(char)
    if char in _LINE_ENDS:
        return " "
    category = unicodedata.category(char)
    if category in ("Zs", "Zl", "Zp"):
        return " "
    if category in ("Cc", "Cs") or char in _INVISIBLE_LETTERS:
        return None
    if category == "Cf":
        return char if char in _VISIBLE_FORMATS else None
    if 0xFE00 <= code <= 0xFE0F or 0xFFF0 <= code <= 0xFFF8 or 0xE0000 <= code <= 0xE0FFF:
        return None
    if 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE:
        return None
    return char


_stand_in = lru_cache(maxsize=16_384)(_replacement)
_UNSEEN_THOUGH_PRINTABLE = frozenset(
    [*_INVISIBLE_LETTERS, *map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))]
)
"""All others that are replaced are no printable characters to Python."""

_APART = "\n"
"""Stands between parts of a text that are settled at once: as a line end it is in none of them,
and it neither combines with what is around it nor changes."""


def _strip_plain(text: str, kept: str = "") -> str:
    changes: dict[str, str] = {}
    for char in set(text):
        if (char.isprintable() and char not in _UNSEEN_THOUGH_PRINTABLE) or char in kept:
            continue
        replacement = _stand_in(char)
        if replacement != char:
            changes[char] = replacement or ""
    return replaced(text, changes)


def _settle(text: str, kept: str = _APART) -> str:
    """Strip, normalise, and again until nothing changes: removal can bring parts together."""
    while True:
        settled = thin_marks(compose(_strip_plain(text, kept)), _MOST_MARKS)
        if settled == text:
            return text
        text = settled


_BETWEEN_PARTS = "\x00"
"""The same for parts that hold line ends. As a control character it is in no visible text; where
it was in a text, another one takes its place until all of them go."""


def strip_unseen_in_lines(text: str) -> str:
    """`strip_unseen` of each line of a text whose lines end with `\\n`, all at once."""
    if text.isascii():
        return "\n".join(map(strip_unseen, text.split("\n")))
    text = text.replace(_BETWEEN_PARTS, "\x01")
    while True:
        parts = _EMOJI.split(text)
        joined = _BETWEEN_PARTS.join(parts[::2])
        parts[::2] = _settle(joined, "\n" + _BETWEEN_PARTS).split(_BETWEEN_PARTS)
        joined = "".join(parts)
        if joined == text:
            return text
        text = joined


def strip_unseen(text: str) -> str:
    """One line of visible text in NFKC: line ends become spaces, what is never seen goes.

    Emoji sequences are kept whole. Idempotent.
    """
    if text.isascii():
        return text if text.isprintable() else _strip_plain(text)
    while True:
        # With one group in the pattern, split gives plain text and emoji in turn.
        parts = _EMOJI.split(text.replace(_APART, " "))
        parts[::2] = _settle(_APART.join(parts[::2])).split(_APART)
        joined = "".join(parts)
        if joined == text:
            return text
        text = joined
