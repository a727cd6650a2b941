"""The same words in other clothes: what a text says once its disguise is taken off.

`plain` is the form every pattern is matched on: one spelling for look-alike letters, no
diacritics, no invisible characters, small letters. `undisguised` yields further readings:
digits for letters, spaced-out letters, scrambled or stretched words, encodings.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import string
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from ttrpg_assistant.normal_forms import decompose, without_marks
from ttrpg_assistant.prompts.characters import strip_unseen_in_lines
from ttrpg_assistant.prompts.lookalikes import fold, swap

_APOSTROPHES = "'’‘ʼ`´′"
_LINES = re.compile(r"[\n\r\v\f\x85\u2028\u2029](?:(?<=\r)\n)?")


def visible(text: str) -> str:
    """What a reader sees of a text, line by line."""
    return strip_unseen_in_lines(_LINES.sub("\n", text))


def plain(text: str) -> str:
    """Small letters without look-alikes, marks or apostrophes; lines kept, `_` a space."""
    return plainly(visible(text))


def plainly(seen: str) -> str:
    """The same for a text that is `visible` already."""
    if not seen.isascii():
        seen = without_marks(decompose(seen))
    seen = fold(_casefolded(fold(seen)))
    for sign in _APOSTROPHES:
        seen = seen.replace(sign, "")
    return seen.replace("_", " ")


def _casefolded(text: str) -> str:
    changed = [one for one in set(text) if one.casefold() != one]
    if len(changed) > _FEW_SIGNS:
        return text.casefold()
    for one in changed:
        text = text.replace(one, one.casefold())
    return text


# Possessive, and only where a run begins: a long run is looked at once.
_LEET_WORD = re.compile(r"(?<![a-z0-9@$!|+€])[a-z]*+[0-9@$!|+€][a-z0-9@$!|+€]*+")
_LEET_SIGN = re.compile(r"[0-9@$!|+€]")
_LEET_SIGNS = "@$!|+€"
_LEET = str.maketrans("0134578@$!|+€", "oieastbasiite")
_LEET_WITH_L = str.maketrans("0134578@$!|+€", "oleastbasllte")


def _unleet(table: dict[int, int], run: str) -> str:
    """The run with letters for its digits and signs, when one of them stands before its last
    letter or digit; signs at its end are signs, and two digits are a number."""
    word = run.rstrip(_LEET_SIGNS)
    if len(word) < 2 or word[:-1].isalpha():
        return run
    if len(word) == 2 and not (word[0].isalpha() or word[1].isalpha()):
        return run
    return word.translate(table) + run[len(word) :]


# Each begins with characters, not with a look behind: the engine runs over all others.
_SPACED = re.compile(r"[^\W\d_](?<![^\W_].)(?:[\W_]{1,3}[^\W\d_](?![^\W_])){5,}")
_LONG_WORD = re.compile(r"[^\W\d_](?<![^\W\d_].)[^\W\d_]{14,}+")
_LETTER = re.compile(r"[^\W\d_]")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_BREAKS = re.compile(r"[-.*~^/\\|]")
_SPLIT = re.compile(r"[-.*~^/\\|](?<=[^\W\d_].)[^\W\d_]")
_SPLIT_WORD = re.compile(r"[^\W\d_](?<![^\W\d_].)[^\W\d_]*+(?:[-.*~^/\\|][^\W\d_]++)++")

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"[0-9A-Fa-f]{2}[\s,]*(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[\s,]*){9,}")
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})")
_BINARY = re.compile(r"[01][01]{7}(?:[\s,]*[01]{8}){5,}[\s,]*")

_OFTEN_SCRAMBLED = (
    *("ignore", "disregard", "forget", "override", "previous", "prior", "above", "system"),
    *("instructions", "instruction", "prompt", "rules", "guidelines", "reveal", "repeat"),
    *("pretend", "unfiltered", "restrictions", "developer"),
)
_SCRAMBLED = {(word[0], word[-1], "".join(sorted(word))): word for word in _OFTEN_SCRAMBLED}
# Only words that begin, end and are as long as one of these.
_SCRAMBLED_WORD = re.compile(
    "(?:"
    + "|".join(
        sorted(
            {f"{word[0]}(?<![a-z].)[a-z]{{{len(word) - 2}}}{word[-1]}" for word in _OFTEN_SCRAMBLED}
        )
    )
    + ")(?![a-z])"
)


def _unscramble(word: str) -> str:
    return _SCRAMBLED.get((word[0], word[-1], "".join(sorted(word))), word)


_AROUND = 320
"""Characters on either side of a change that are read with it; no pattern is longer."""

_APART = ".\n"
"""Between parts of a text that are read together: no pattern reaches across it."""


def _around(text: str, places: Iterable[tuple[int, int]]) -> Iterator[str]:
    """The parts of a text around these places, overlapping ones as one."""
    first, last = 0, -1
    for start, end in sorted(places):
        if start - _AROUND > last:
            if last >= 0:
                yield text[first:last]
            first = max(0, start - _AROUND)
        last = max(last, end + _AROUND)
    if last >= 0:
        yield text[first:last]


class _Disguise(NamedTuple):
    """What a word may be hidden as. Not `is_whole_word`: the pattern fits only a part of it."""

    name: str
    pattern: re.Pattern[str]
    undo: Callable[[str], str]
    is_whole_word: bool = True

    def undone(self, found: re.Match[str]) -> str:
        return self.undo(found[0])


_STRETCH = _Disguise("stretched words", _STRETCHED, lambda run: run[0], is_whole_word=False)
_BREAK = _Disguise("broken words", _SPLIT_WORD, lambda word: _BREAKS.sub("", word))
_SCRAMBLE = _Disguise("scrambled words", _SCRAMBLED_WORD, _unscramble)
_DIGITS = _Disguise("digits for letters", _LEET_WORD, partial(_unleet, _LEET))
_DIGITS_WITH_L = _Disguise("digits for letters", _LEET_WORD, partial(_unleet, _LEET_WITH_L))

_WAYS: tuple[tuple[tuple[_Disguise, ...], tuple[_Disguise, ...]], ...] = (
    ((_STRETCH, _SCRAMBLE), (_STRETCH, _SCRAMBLE)),
    ((_DIGITS,), (_DIGITS, _STRETCH, _SCRAMBLE)),
    ((_DIGITS_WITH_L,), (_DIGITS_WITH_L, _STRETCH, _SCRAMBLE)),
    ((_BREAK,), (_BREAK, _STRETCH, _SCRAMBLE)),
)
"""What is looked for, and what is undone together around it. Most signs between letters, and many
digits, are only that: so there is a reading that leaves them."""


Places = dict[re.Pattern[str], list[tuple[int, int]]]


def find_places(said: str) -> Places:
    """Where a text may change. The same in a cipher that keeps letters letters."""
    return {
        _STRETCHED: _find_stretched(said),
        _LEET_WORD: [found.span() for found in _LEET_WORD.finditer(said)]
        if _LEET_SIGN.search(said)
        else [],
        _SPLIT_WORD: [found.span() for found in _SPLIT_WORD.finditer(said)]
        if _SPLIT.search(said)
        else [],
    }


_FEW_LETTERS = 200
"""Most texts have fewer different characters."""


def _find_stretched(said: str) -> list[tuple[int, int]]:
    different = set(said)
    if len(different) > _FEW_LETTERS:  # Each of them is looked for in all of the text.
        return [found.span() for found in _STRETCHED.finditer(said)]
    letters = [one for one in different if one * 3 in said and _LETTER.match(one)]
    if not letters:
        return []
    found = re.compile("|".join(f"{re.escape(one)}{{3,}}" for one in sorted(letters)))
    return [one.span() for one in found.finditer(said)]


def _find_changes(
    disguise: _Disguise, said: str, places: Places, matters: Callable[[str], bool]
) -> Iterator[tuple[int, int]]:
    known: dict[str, bool] = {}
    for start, end in places[disguise.pattern]:
        word = said[start:end]
        is_change = known.get(word)
        if is_change is None:
            undone = disguise.undo(word)
            is_change = undone != word and (not disguise.is_whole_word or matters(undone))
            known[word] = is_change
        if is_change:
            yield start, end


def rewritten(
    said: str, places: Places, matters: Callable[[str], bool]
) -> Iterator[tuple[str, str]]:
    """Other readings of parts of a text in `plain` form, with the names of the disguises.

    Only around words that matter once they are undone.
    """
    places = places | {_SCRAMBLED_WORD: [found.span() for found in _SCRAMBLED_WORD.finditer(said)]}
    for wanted, way in _WAYS:
        changes = [change for one in wanted for change in _find_changes(one, said, places, matters)]
        if not changes:
            continue
        read = _APART.join(_around(said, changes))
        for one in way:
            read = one.pattern.sub(one.undone, read)
        yield " and ".join(one.name for one in wanted), read


def squeezed(said: str) -> Iterator[tuple[str, str]]:
    """Runs of letters that may hold several words, for patterns that need no spaces."""
    for run in _SPACED.finditer(said):
        yield "spaced-out letters", _only_letters(run[0])
    for word in _LONG_WORD.finditer(said):
        yield "words run together", word[0]


_ASCII_NOT_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())


def _only_letters(text: str) -> str:
    others = [one for one in set(text) if not _LETTER.match(one)]
    if len(others) > _FEW_SIGNS:
        return _NOT_LETTERS.sub("", text)
    for one in others:
        text = text.replace(one, "")
    return text


_FEW_SIGNS = 40


def everything_squeezed(said: str) -> Iterator[tuple[str, str]]:
    """All letters of the text in one run, forwards and backwards: for the surest patterns."""
    if said.isascii():
        letters = said.encode().translate(None, _ASCII_NOT_LETTERS).decode()
    else:
        letters = _only_letters(said)
    yield "broken words", letters
    yield "text written backwards", letters[::-1]


def decoded(text: str) -> Iterator[tuple[str, str]]:
    """What encoded parts of the text say. Only what decodes to readable text is yielded."""
    for coded in _BASE64.finditer(text):
        read = _read_base64(coded[0])
        if read:
            yield "base64", read
    for coded in _HEX.finditer(text):
        digits = re.sub(r"0x|\\x|[\s,]", "", coded[0])
        read = _readable(bytes.fromhex(digits[: len(digits) // 2 * 2]))
        if read:
            yield "hexadecimal", read
    for coded in _BINARY.finditer(text):
        bits = re.sub(r"[\s,]", "", coded[0])
        octets = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))
        read = _readable(octets)
        if read:
            yield "binary", read
    yield from _unescaped(text)


def _unescaped(text: str) -> Iterator[tuple[str, str]]:
    """The text without any escapes, whichever they are."""
    names, read = [], text
    for name, sign, undo in _ESCAPES:
        if sign in read and (without := undo(read)) != read:
            names.append(name)
            read = without
    if names:
        yield " and ".join(names), read


def _unquoted(text: str) -> str:
    return unquote_to_bytes(text.encode("utf-8", "replace")).decode("utf-8", "replace")


_ESCAPES: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    (
        "character escapes",
        "\\",
        lambda text: _ESCAPED.sub(lambda code: chr(int(code[1] or code[2], 16)), text),
    ),
    ("HTML entities", "&", html.unescape),
    ("percent encoding", "%", _unquoted),
)

_ROT13 = {
    ord(letter): chr((ord(letter) - ord(first) + 13) % 26 + ord(first))
    for first, letters in (("a", string.ascii_lowercase), ("A", string.ascii_uppercase))
    for letter in letters
}


def rotated(text: str) -> str:
    """The text in the cipher that it may be written in, or what such a one says."""
    return swap(text, _ROT13)


def _read_base64(coded: str) -> str:
    body = coded.rstrip("=").replace("-", "+").replace("_", "/")
    for shift in range(0, 4):  # a word glued to the front shifts the rest
        part = body[shift:]
        part = part[: len(part) - 1] if len(part) % 4 == 1 else part
        try:
            read = _readable(base64.b64decode(part + "=" * (-len(part) % 4), validate=True))
        except binascii.Error:
            continue
        if read:
            return read
    return ""


def _readable(octets: bytes) -> str:
    try:
        read = octets.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return read if read and all(c.isprintable() or c in "\n\r\t" for c in read) else ""
