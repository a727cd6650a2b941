"""One spelling for names that people write in many: case, diacritics, quotes and spaces folded.

`fold` is what lists are searched and ordered by; `fold_with_offsets` also says where in the
original each folded character stood, so that a match can be shown where it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

_LETTERS = {
    # Letters that carry a stroke or a ligature no decomposition takes apart.
    **{"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h"},
    **{"ı": "i", "ŋ": "n", "ŧ": "t"},
    **dict.fromkeys("‘’ʼʹ`´′＇", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}
_SPACES = re.compile(r"\s{2,}")


@lru_cache(maxsize=16_384)
def fold_character(character: str) -> str:
    """One character folded: none, one or several characters.

    Combining marks and format characters (zero-width, soft hyphen, tags) fold to nothing.
    """
    if character in _LETTERS:
        return _LETTERS[character]
    apart = unicodedata.normalize(
        "NFKD", unicodedata.normalize("NFKD", character).casefold()
    ).casefold()
    folded = "".join(
        _LETTERS.get(part, part)
        for part in apart
        if not unicodedata.combining(part) and unicodedata.category(part) != "Cf"
    )
    return "".join(" " if part.isspace() else part for part in folded)


def fold_with_offsets(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters the place of its source in `text`.

    Runs of white space become one space. Texts are folded whole by `str.translate`; only
    characters that fold to none or several are visited one by one.
    """
    table: dict[int, str] = {}
    uneven = []
    for character in set(text):
        folded = fold_character(character)
        if len(folded) == 1:
            table[ord(character)] = folded
        else:
            uneven.append(character)
    if not uneven and _SPACES.search(text) is None:
        return text.translate(table), range(len(text))
    odd = re.compile("|".join([_SPACES.pattern, *map(re.escape, uneven)]))
    pieces: list[str] = []
    offsets: list[int] = []
    at = 0
    for found in odd.finditer(text):
        pieces.append(text[at : found.start()].translate(table))
        offsets.extend(range(at, found.start()))
        folded = " " if found.group().isspace() else fold_character(found.group())
        pieces.append(folded)
        offsets.extend([found.start()] * len(folded))
        at = found.end()
    pieces.append(text[at:].translate(table))
    offsets.extend(range(at, len(text)))
    return "".join(pieces), offsets


def fold_group(name: str) -> str:
    """The spelling under which groups of NPCs are compared: case and spaces folded, no mark
    dropped. A mark can make another word (ハード and ハート, бой and бои), and whoever is in a
    group hears what is meant for it."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def spell_group_keys(groups: Iterable[str]) -> str:
    """The folded groups of an NPC, one a line, with a line end on both sides of each."""
    return "\n".join(["", *(fold_group(group) for group in groups), ""])


def fold(text: str) -> str:
    """The spelling under which names are compared: folded, single spaces, none at the ends."""
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    return " ".join(fold_with_offsets(text)[0].split())
