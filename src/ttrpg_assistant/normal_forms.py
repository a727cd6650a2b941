"""Unicode's compatibility forms, in a length that does not grow without bound.

Some characters stand for many: U+FDFA, one character, is eighteen letters in its compatibility
form, so that a message of them would become eighteen times as long. Those that stand for more
than `MOST_LETTERS` keep their own form here: two Arabic ligatures and some thirty squared words
(㌖ for キロメートル). All others have the form that Unicode gives them.

Everything here costs about as much as the text is long, and any text is taken whole: no function
of Python runs for each of its characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from itertools import filterfalse

MOST_LETTERS = 4
"""Characters that one character may become."""

_LONG_ONES = (
    "\u321d\u321e\u327c\u3300\u3302\u3304\u3307\u3313\u3315\u3316\u3317\u3319\u331a\u3320"
    "\u3321\u332b\u332d\u332e\u3332\u3334\u3336\u333b\u333d\u3340\u3347\u334a\u334c\u3354"
    "\u3356\u33ae\u33af\ufdfa\ufdfb"
)
_LONG = re.compile(f"([{_LONG_ONES}])")
_PRIVATE = range(0xF0000, 0x10FFFE)


def compose(text: str) -> str:
    """The text in Unicode's form NFKC, but for the characters that stand for very many."""
    return _normalise(text, partial(unicodedata.normalize, "NFKC"))


def decompose(text: str) -> str:
    """The text in Unicode's form NFKD, but for the characters that stand for very many."""
    return _normalise(text, partial(unicodedata.normalize, "NFKD"))


def _normalise(text: str, normalise: Callable[[str], str]) -> str:
    if text.isascii():
        return text
    if _LONG.search(text) is None:
        return normalise(text)
    # Each in the place of a character of the private planes, which keeps its form and combines
    # with nothing: so the text is taken whole.
    different = set(text)
    long = [one for one in _LONG_ONES if one in different]
    unused = filterfalse(different.__contains__, map(chr, _PRIVATE))
    places = dict(zip(long, unused, strict=False))
    if len(places) == len(long):
        for one, place in places.items():
            text = text.replace(one, place)
        text = normalise(text)
        for one, place in places.items():
            text = text.replace(place, one)
        return text
    parts = _LONG.split(text)  # With one group, what it fits stands at every second place.
    parts[::2] = map(normalise, parts[::2])
    return "".join(parts)


def without_accents(text: str) -> str:
    """The text without its combining marks, which `decompose` sets apart."""
    if text.isascii():
        return text
    return replaced(text, {one: "" for one in set(text) if unicodedata.combining(one)})


_FEW = 40


def replaced(text: str, changes: Mapping[str, str]) -> str:
    """The text with other texts for these characters, none of which is in what it becomes.

    `str.translate` raises and catches an error for each character that its table leaves out.
    """
    if len(changes) <= _FEW:
        for one, other in changes.items():
            text = text.replace(one, other)
        return text
    becomes = {one: changes.get(one, one) for one in set(text)}
    return "".join(map(becomes.__getitem__, text))


def list_marks(text: str) -> list[str]:
    """The characters of the text that stand on others (of a category M), each once."""
    return [] if text.isascii() else list(filter(_is_mark, set(text)))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


def without_marks(text: str) -> str:
    """The text without any character that stands on another."""
    return replaced(text, dict.fromkeys(list_marks(text), ""))


def thin_marks(text: str, most: int) -> str:
    """The text with at most so many marks on one character."""
    marks = list_marks(text)
    return _runs_of("".join(sorted(marks)), most).sub(r"\1", text) if marks else text


@lru_cache(maxsize=64)
def _runs_of(marks: str, most: int) -> re.Pattern[str]:
    one = f"[{re.escape(marks)}]"
    return re.compile(f"({one}{{{most}}}){one}++")


def fold_each(characters: Iterable[str], fold: Callable[[str], str]) -> dict[str, str]:
    """Each of these single characters with what `fold` makes of it.

    `fold` is called once with all of them, a character apart that it leaves as it is: it has to
    treat every character by itself.
    """
    apart = "\x00"
    given = [one for one in characters if one != apart]
    made = fold(apart.join(given)).split(apart) if given else []
    return {**dict(zip(given, made, strict=True)), apart: apart}
