"""Reading JSON that somebody else wrote: a file, a model, its server.

It may be no JSON, no UTF-8, half of a surrogate pair, or brackets inside brackets: some until the
decoder gives up, some just so many that whatever walks through the value afterwards does. So
values without a shape of their own are read here, and never hold more than `MOST_NESTED` levels.
Whoever decodes into a shape catches `NOT_JSON`; `tests/house/test_outside_json.py` sees to it.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

MOST_NESTED = 64
"""Levels of a value. What servers and other programs write has under ten."""

MOST_MENDED = 1024 * 1024
"""Bytes. The longest lists of models have half as many; a million quotes take a quarter second."""

NOT_JSON = (ValueError, RecursionError)
"""Everything that decoding raises. msgspec's errors are `ValueError`s, and those of Unicode."""


def decode_outside(text: bytes | str) -> Any:
    """The value that a text spells. Raises `NOT_JSON`, for one nested too deep as well."""
    value = msgspec.json.decode(text)
    check_nesting(value, text)
    return value


def decode_mended(text: bytes) -> Any:
    """The same value of a text that `mend_json` may have to mend first. Raises `NOT_JSON`."""
    try:
        return decode_outside(text)
    except NOT_JSON:
        return decode_outside(mend_json(text))


def find_json(text: bytes | str, otherwise: Any = None) -> Any:
    """The same value, or `otherwise` where the text is no JSON."""
    try:
        return decode_outside(text)
    except NOT_JSON:
        return otherwise


_STRING_OR_STRANGE = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|(-?\b(?:NaN|Infinity)\b)', re.S)
_HALF = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


def mend_json(text: bytes, *, most: int = MOST_MENDED) -> bytes:
    """The text with null for NaN and Infinity, and a replacement character for half a character.

    JSON has neither, and some servers write both: one such number in one entry should not cost a
    whole list. A text of more than `most` bytes stays as it is.
    """
    if len(text) > most:
        return text
    return _STRING_OR_STRANGE.sub(_mend, text)


def _mend(match: re.Match[bytes]) -> bytes:
    if match.group(1) is not None:
        return b"null"
    return _HALF.sub(lambda half: half.group(0) if half.group(1) is None else b"\\ufffd", match[0])


def check_nesting(value: Any, text: bytes | str) -> None:
    """Raises `ValueError` for a value nested too deep. `text` is what it was decoded from."""
    opened = text.count("{") + text.count("[") if isinstance(text, str) else _count(text)
    if opened <= MOST_NESTED:
        return
    level = [value]
    for _ in range(MOST_NESTED):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return
    raise ValueError("nested too deep")


def _count(text: bytes) -> int:
    return text.count(b"{") + text.count(b"[")
