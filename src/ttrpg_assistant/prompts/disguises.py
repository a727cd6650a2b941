"""The same words in other clothes: what a text says once its disguise is taken off.

`plain` is the form every pattern is matched on: one spelling for look-alike letters, no
diacritics, no invisible characters, small letters. `undisguised` yields further readings:
digits for letters, spaced-out letters, scrambled or stretched words, encodings.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from urllib.parse import unquote

from ttrpg_assistant.prompts.characters import strip_unseen
from ttrpg_assistant.prompts.lookalikes import fold

_APOSTROPHES = re.compile("['’‘ʼ`´′]")
_LINES = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")


def plain(text: str) -> str:
    """Small letters without look-alikes, marks or apostrophes; lines kept, `_` a space."""
    lines = []
    for line in _LINES.split(text):
        line = strip_unseen(line)
        if not line.isascii():
            line = unicodedata.normalize("NFKD", line)
            line = "".join(c for c in line if unicodedata.category(c)[0] != "M")
        lines.append(_APOSTROPHES.sub("", fold(fold(line).casefold())).replace("_", " "))
    return "\n".join(lines)


# Possessive, and only where a run begins: a long run is looked at once.
_LEET_WORD = re.compile(r"(?<![a-z0-9@$!|+€])[a-z]*+[0-9@$!|+€][a-z0-9@$!|+€]*+")
_LEET_SIGNS = "@$!|+€"
_LEET = str.maketrans("0134578@$!|+€", "oieastbasiite")
_LEET_WITH_L = str.maketrans("0134578@$!|+€", "oleastbasllte")


def _unleet(table: dict[int, int], run: re.Match[str]) -> str:
    """The run with letters for its digits and signs, when one of them stands before its last
    letter or digit; signs at its end are signs."""
    word = run[0].rstrip(_LEET_SIGNS)
    if len(word) < 2 or word[:-1].isalpha():
        return run[0]
    return word.translate(table) + run[0][len(word) :]


_SPACED = re.compile(r"(?<![^\W_])[^\W\d_](?:[\W_]{1,3}[^\W\d_](?![^\W_])){5,}")
_LONG_WORD = re.compile(r"[^\W\d_]{15,}")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_SPLIT_WORD = re.compile(r"(?<=[^\W\d_])[-.*~^/\\|](?=[^\W\d_])")

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[\s,]*){10,}")
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})")
_BINARY = re.compile(r"(?:[01]{8}[\s,]*){6,}")

_OFTEN_SCRAMBLED = (
    *("ignore", "disregard", "forget", "override", "previous", "prior", "above", "system"),
    *("instructions", "instruction", "prompt", "rules", "guidelines", "reveal", "repeat"),
    *("pretend", "unfiltered", "restrictions", "developer"),
)
_SCRAMBLED = {(word[0], word[-1], "".join(sorted(word))): word for word in _OFTEN_SCRAMBLED}
_WORD = re.compile(r"[a-z]{5,}")


def _unscramble(word: re.Match[str]) -> str:
    found = word[0]
    return _SCRAMBLED.get((found[0], found[-1], "".join(sorted(found))), found)


_AROUND = 240
"""Characters on either side of a place worth looking at; no pattern is longer."""


def around(text: str, places: Iterable[tuple[int, int]]) -> Iterator[str]:
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


_WINDOW = 8_000
"""Characters searched at once. A search lets nothing else run, and is over in a millisecond."""


def in_windows(parts: Iterable[str]) -> Iterator[str]:
    """Long parts in pieces that overlap by more than any pattern is long."""
    for part in parts:
        for at in range(0, max(1, len(part) - 2 * _AROUND), _WINDOW):
            yield part[at : at + _WINDOW + 2 * _AROUND]


def _substituted(
    pattern: re.Pattern[str], by: Callable[[re.Match[str]], str], said: str
) -> Iterator[str]:
    """The surroundings of what a substitution changes, as they read after it."""
    changes = [found.span() for found in pattern.finditer(said) if by(found) != found[0]]
    for part in around(said, changes):
        yield pattern.sub(by, part)


def rewritten(said: str) -> Iterator[tuple[str, str]]:
    """Other readings of parts of a text in `plain` form, with the name of the disguise."""
    ways: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
        ("digits for letters", _LEET_WORD, partial(_unleet, _LEET)),
        ("digits for letters", _LEET_WORD, partial(_unleet, _LEET_WITH_L)),
        ("stretched words", _STRETCHED, lambda run: run[1]),
        ("broken words", _SPLIT_WORD, lambda _: ""),
        ("scrambled words", _WORD, _unscramble),
    )
    for name, pattern, by in ways:
        for read in _substituted(pattern, by, said):
            yield name, read


def squeezed(said: str) -> Iterator[tuple[str, str]]:
    """Runs of letters that may hold several words, for patterns that need no spaces."""
    for run in _SPACED.finditer(said):
        yield "spaced-out letters", _NOT_LETTERS.sub("", run[0])
    for word in _LONG_WORD.finditer(said):
        yield "words run together", word[0]


def everything_squeezed(said: str) -> Iterator[tuple[str, str]]:
    """All letters of the text in one run, forwards and backwards: for the surest patterns."""
    letters = _NOT_LETTERS.sub("", said)
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
    unescaped = _ESCAPED.sub(lambda code: chr(int(code[1] or code[2], 16)), text)
    for name, read in (
        ("character escapes", unescaped),
        ("HTML entities", html.unescape(text) if "&" in text else text),
        ("percent encoding", unquote(text) if "%" in text else text),
        ("rot13", codecs.encode(text, "rot13")),
    ):
        if read != text:
            yield name, read


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
