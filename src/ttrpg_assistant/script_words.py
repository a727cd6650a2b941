"""Words as the search indexes keep them, in any script.

A word is a run of letters, digits and the marks that stand on them. Where words are written
without spaces between them (Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese, Tibetan and
others), every letter with its marks is a word of its own; what somebody looks for is then a
sequence of them, found wherever it stands. Words are kept folded (`fold_word`).

Both databases cut and fold the same way: PostgreSQL by `search_fold` in SQL, SQLite by FTS5's own
tokenizer, which is right for texts without the characters of `needs_folding`. For the others
`fold_text` makes the text that is indexed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from ttrpg_assistant.normal_forms import decompose

UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f"
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua9df\ua9e0-\uaadf\uac00-\ud7ff\uf900-\ufaff"
    "\uff66-\uffdc\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
"""Scripts without spaces, and Korean, which joins endings and particles to its words."""

_SQUARED = "\u3200-\u33ff"
"""Symbols that stand for words of these scripts: ㌔ is キロ."""

_ENCLOSED = "\u24b6-\u24e9\U0001f130-\U0001f149"
"""Letters in circles and squares, which Unicode counts among the symbols."""

IGNORED = (
    "\u00ad\u034f\u0600-\u0605\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff"
)
"""Characters that nobody sees: inside a word they do not end it."""

DECORATIONS = (
    "\u0302-\u0305\u0307\u0309-\u036f\u0300\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8"
    "\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
"""Accents, vowel points and strokes that a word may be written without."""

_MARKED = ((0x0300, 0x3100), (0xA800, 0xAC00), (0x10A00, 0x12000))
"""Where the characters are that stand on letters (categories Mn and Mc). Variation selectors,
which follow emoji, are left out: they end a word as emoji do."""


@cache
def list_marks() -> str:
    """The ranges of all marks, as a regular expression writes them between brackets."""
    ranges: list[tuple[int, int]] = []
    for first, end in _MARKED:
        for code in range(first, end):
            if unicodedata.category(chr(code)) not in ("Mn", "Mc"):
                continue
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1] = (ranges[-1][0], code)
            else:
                ranges.append((code, code))
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in ranges)


@cache
def _find_pieces() -> re.Pattern[str]:
    """What is folded by itself: a word, or one letter with its marks. Made at its first use: it
    takes as long as a fifth of a start."""
    joined, letter = f"[{list_marks()}{IGNORED}]", f"(?:[^\\W_{UNSPACED}]|[{_ENCLOSED}])"
    return re.compile(
        f"[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]+{joined}*"  # parts of Korean letters
        f"|(?:(?=[^\\W_])[{UNSPACED}]|[{_SQUARED}])[{list_marks()}{IGNORED}\uff9e\uff9f]*"
        f"|{letter}+(?:{joined}+{letter}*)*"
    )


@cache
def _find_words() -> re.Pattern[str]:
    marks, letter = f"[{list_marks()}]", f"[^\\W_{UNSPACED}]"
    return re.compile(f"(?=[^\\W_])[{UNSPACED}]{marks}*|{letter}+(?:{marks}+{letter}*)*")


_IS_UNSPACED = re.compile(f"[{UNSPACED}]")

_DROPPED = re.compile(
    f"[{IGNORED}{DECORATIONS}]|(?<![гк])\u0301|(?<![иу])\u0306|(?<!і)\u0308"  # not in ѓ, ќ, й, ў, ї
)
LETTERS = {
    **{"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h"},
    **{"ı": "i", "ŋ": "n", "ŧ": "t", "ß": "ss", "ς": "σ"},
}
"""Letters with a stroke, and two in one, that no normal form takes apart."""

_LETTERS = str.maketrans(LETTERS)

# Where FTS5's `unicode61` cuts and folds as `list_words` does.
_PLAIN = (
    "\x00-\xa9\xab\xac\xae-\xb1\xb4\xb6-\xb8\xbb\xbf-\xc5\xc7-\xcf\xd1-\xd7\xd9-\xdd"
    "\xe0-\xe5\xe7-\xef\xf1-\xf7\xf9-\xfd\xff"
    "\u0100-\u010f\u0112-\u0125\u0128-\u0130\u0134-\u0137\u0139-\u013e\u0143-\u0148\u014c-\u0151"
    "\u0154-\u0165\u0168-\u017e\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9"
    "\u0391-\u03a1\u03a3-\u03a9\u03b1-\u03c1\u03c3-\u03c9"
    "\u0402-\u040c\u040e-\u044f\u0452-\u045c\u045e-\u0475\u048a-\u04c0\u0531-\u0556\u0559-\u0586"
    "\u05be\u05c0\u05c3\u05d0-\u05ea"
    "\u060c\u061b\u061f\u0621-\u063a\u0641-\u064a\u0660-\u066d\u0671-\u0674\u0679-\u06bf\u06d4"
    "\u0901-\u0928\u092a-\u0930\u0932\u0933\u0935-\u0957\u0960-\u0980\u0982-\u09cd\u09e6-\u09f1"
    "\u0a81-\u0acd\u0ae6-\u0aef\u0b82-\u0bcd\u0c01-\u0c4d\u0c82\u0c83\u0c85-\u0ccd\u0d02-\u0d4d"
    "\u10d0-\u10fa\u1200-\u1357"
    "\u2000-\u200a\u2010-\u2016\u2018-\u2029\u202f-\u205e\u20a0-\u20b9\u2116\u2122\u2190-\u23f3"
    "\u2500-\u26ff\u2701-\u2b4c\u2b50-\u2b59\u3000-\u3003\u3008-\u3011\ufe0e\ufe0f\uff01-\uff0f\uff1a-\uff20"
    "\U0001f300-\U0001f320\U0001f337-\U0001f37c\U0001f380-\U0001f393\U0001f3a0-\U0001f3c4"
    "\U0001f3e0-\U0001f3f0\U0001f400-\U0001f43e\U0001f440\U0001f442-\U0001f4f7"
    "\U0001f500-\U0001f53d\U0001f5fb-\U0001f640\U0001f645-\U0001f64f\U0001f680-\U0001f6c5"
)
_NEEDS_FOLDING = re.compile(f"[^{_PLAIN}]")


def fold_word(word: str) -> str:
    """A word without case, accents, compatibility forms and characters that nobody sees."""
    if word.isascii():
        return word.lower()
    apart = decompose(decompose(word).casefold())
    return unicodedata.normalize("NFC", _DROPPED.sub("", apart)).translate(_LETTERS)


def list_words(text: str) -> list[str]:
    """Every word of the text, folded, in order."""
    return [word for piece in _find_pieces().finditer(text) for word in _read(piece[0])]


def place_words(text: str) -> Iterator[tuple[int, int, str]]:
    """Every word with the place of what it is written with, in the text as it is."""
    for piece in _find_pieces().finditer(text):
        for word in _read(piece[0]):
            yield piece.start(), piece.end(), word


def fold_text(text: str) -> str:
    """The words of the text with spaces between them, so that any tokenizer cuts them so."""
    return " ".join(list_words(text))


def needs_folding(text: str) -> bool:
    """Whether FTS5 would cut or fold this text in another way than `list_words`."""
    return not text.isascii() and _NEEDS_FOLDING.search(text) is not None


def is_unspaced(word: str) -> bool:
    """Whether this is a letter of a script that is written without spaces."""
    return not word.isascii() and _IS_UNSPACED.match(word) is not None


_MOST_KEPT = 64
"""Characters of a piece whose words are remembered; longer ones are no words."""


def _read(piece: str) -> tuple[str, ...]:
    return _read_short(piece) if len(piece) <= _MOST_KEPT else _cut(piece)


def _cut(piece: str) -> tuple[str, ...]:
    folded = fold_word(piece)
    return (folded,) if piece.isascii() else tuple(_find_words().findall(folded))


_read_short = lru_cache(maxsize=32_768)(_cut)
