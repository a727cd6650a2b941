"""One spelling for names that people write in many: case, diacritics, quotes and spaces folded.

`fold` is what lists are searched and ordered by; `fold_with_offsets` also says where in the
original each folded character stood, so that a match can be shown where it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import chain, compress, repeat

from ttrpg_assistant.normal_forms import decompose, fold_each

_LETTERS = {
    # Letters that carry a stroke or a ligature no decomposition takes apart.
    **{"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h"},
    **{"ı": "i", "ŋ": "n", "ŧ": "t"},
    **dict.fromkeys("‘’ʼʹ`´′＇", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}
_SPACES = re.compile(r"\s{2,}")


_MOST_KEPT = 16_384
_FOLDS: dict[str, str] = {}
"""What characters folded to that were met before, so many at most."""


def _fold_each(characters: set[str]) -> dict[str, str]:
    """What each of these characters, and maybe others, folds to: none, one or several.

    Combining marks and format characters (zero-width, soft hyphen, tags) fold to nothing.
    """
    unknown = [one for one in characters if one not in _FOLDS]
    if not unknown:
        return _FOLDS
    made = fold_each(unknown, _fold_apart)
    if len(_FOLDS) + len(made) > _MOST_KEPT:
        return _FOLDS | made
    _FOLDS.update(made)
    return _FOLDS


def _fold_apart(text: str) -> str:
    """The text with each of its characters folded as if it stood alone."""
    apart = decompose(decompose(text.replace("´", "'")).casefold()).casefold()
    becomes: dict[str, str] = {}
    for one in set(apart):
        if one.isspace():
            becomes[one] = " "
        elif unicodedata.combining(one) or unicodedata.category(one) == "Cf":
            becomes[one] = ""
        else:
            becomes[one] = _LETTERS.get(one, one)
    return "".join(map(becomes.__getitem__, apart))


def fold_with_offsets(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters the place of its source in `text`.

    Runs of white space become one space.
    """
    characters = set(text)
    folds = _fold_each(characters)
    places: Sequence[int] = range(len(text))
    if _SPACES.search(text) is not None:
        kept = bytearray(b"\x01") * len(text)
        for run in _SPACES.finditer(text):
            kept[run.start() + 1 : run.end()] = bytes(run.end() - run.start() - 1)
        text, places = "".join(compress(text, kept)), list(compress(places, kept))
    folded = "".join(map(folds.__getitem__, text))
    lengths = {one: len(folds[one]) for one in characters}
    if any(length != 1 for length in lengths.values()):
        repeated = map(repeat, places, map(lengths.__getitem__, text))
        places = list(chain.from_iterable(repeated))
    return folded, places


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
