"""Where a text may be cut: never inside what a reader sees as one character.

A letter with its marks, a syllable, a flag, a family of four: each is several code points. Python
counts code points, so a bare slice may leave half of one.
"""

from __future__ import annotations

import unicodedata


def _is_regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _is_jamo(char: str) -> bool:
    return (
        "\u1100" <= char <= "\u11ff" or "\ua960" <= char <= "\ua97c" or "\ud7b0" <= char < "\ud800"
    )


def _belongs_to_previous(text: str, at: int) -> bool:
    """Whether text[at] is seen as part of the character before it."""
    char, before = text[at], text[at - 1]
    if char.isascii() and before.isascii():
        return False
    if unicodedata.category(char)[0] == "M" or "\U0001f3fb" <= char <= "\U0001f3ff":
        return True
    if "\U000e0020" <= char <= "\U000e007f":
        return True  # the tags that make a flag Scotland's
    if char == "\u200d" or before == "\u200d" or char in "\u0e33\u0eb3":
        return True
    if unicodedata.combining(before) == 9 and unicodedata.category(char) == "Lo":
        return True  # a virama binds the next consonant
    if _is_jamo(char):
        return _is_jamo(before) or "\uac00" <= before <= "\ud7a3"
    if _is_regional(char) and _is_regional(before):
        start = at
        while start > 0 and _is_regional(text[start - 1]):
            start -= 1
        return (at - start) % 2 == 1
    return False


_LONGEST_CHARACTER = 64
"""Code points; beyond this no writing system has a single character."""


def cut_text(text: str, limit: int) -> str:
    """At most `limit` code points of the text's beginning, no character split."""
    if len(text) <= limit:
        return text
    return text[: find_boundary(text, limit)]


def find_boundary(text: str, at: int) -> int:
    """The last place up to `at`, counted in code points, where a character ends."""
    place = min(at, len(text))
    while 0 < place < len(text) and at - place < _LONGEST_CHARACTER:
        if not _belongs_to_previous(text, place):
            return place
        place -= 1
    return max(0, min(at, len(text))) if place > 0 else 0
