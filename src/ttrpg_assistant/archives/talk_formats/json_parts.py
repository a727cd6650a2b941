"""JSON documents of any size, a part at a time.

What holds all conversations of an account may have hundreds of megabytes, so a document is cut
where its outer array has its commas, and only one part of it is ever in memory. A part that is
not JSON costs that part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from ttrpg_assistant.archives.talk_formats.model import Shape
from ttrpg_assistant.outside_json import NOT_JSON, decode_outside, mend_json

PART_BYTES = 48 * 1024**2
"""The largest part, which is one conversation. Longer ones are passed over."""

_MENDED_BYTES = 8 * 1024**2
"""Of a part that is not quite JSON; larger ones are passed over."""

_CHUNK = 256 * 1024
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_MARK = re.compile(rb'(?:[^"\[\]{},]++|' + _STRING + rb')*+(?:([\[\]{},])|(")|\Z)', re.DOTALL)
_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|' + _STRING + rb')*+(?:([\[\]{}])|(")|\Z)', re.DOTALL)
_IN_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_TOKEN = re.compile(r'("[^"\\]{0,200}+(?:\\.[^"\\]{0,200}+){0,20}+")\s{0,20}:|"[^"\\]*+'
                    r'(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One element of an array. `content` is None for one that is too large. `line` is where it
    begins, `end` the bytes read up to its end. `is_cut`: the file ends inside it."""

    content: bytes | None
    line: int
    end: int
    is_cut: bool = False


def find_shape(text: str) -> Shape:
    """What the outermost value is, and the names in its first object and up to two levels below."""
    start = text.lstrip()[:1]
    if start not in ("[", "{"):
        return Shape()
    names: set[str] = set()
    inner: set[str] = set()
    base = 1 if start == "{" else 2
    depth = 0
    for token in _TOKEN.finditer(text):
        if token[1] is not None:
            if depth == base:
                names.add(token[1][1:-1])
            elif depth <= base + 2:
                inner.add(token[1][1:-1])
        elif token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
            if depth < base and names:
                break
    return Shape("array" if start == "[" else "object", frozenset(names), frozenset(inner))


def decode_part(content: bytes) -> Any:
    """The value of a part. Half a character and bytes that are not UTF-8 become U+FFFD. Raises
    `NOT_JSON`."""
    try:
        return decode_outside(content)
    except NOT_JSON:
        text = content.decode("utf-8", "replace").encode()
        try:
            return decode_outside(mend_json(text, most=_MENDED_BYTES))
        except NOT_JSON:
            raise ValueError("not JSON") from None


def cut_array(file: BinaryIO, *, inside: bytes | None = None) -> Iterator[Part]:
    """Each element of the outer array; with `inside`, of the array of that name in the outer
    object. What comes before it and after it is passed over.

    The bytes are UTF-8, or another encoding in which ASCII is itself.
    """
    cutter = _Cutter(inside)
    while chunk := file.read(_CHUNK):
        yield from cutter.take(chunk)
    yield from cutter.finish()


class _Cutter:
    """Follows the brackets through the chunks of a file."""

    def __init__(self, inside: bytes | None) -> None:
        self._name = None if inside is None else b'"' + inside + b'"'
        self._depth = 0
        self._base = 1 if inside is None else 2
        self._is_in_array = False
        self._is_in_string = False
        self._kept = bytearray()
        self._is_too_large = False
        self._before = b""
        self._line = self._first_line = 1
        self._read = 0
        self._pending = b""

    def take(self, chunk: bytes) -> Iterator[Part]:
        chunk = self._pending + chunk
        self._pending = b""
        place = start = 0
        while place < len(chunk):
            if self._is_in_string:
                found = _IN_STRING.match(chunk, place)
                place = found.end() if found else place
                if place >= len(chunk):
                    break
                if chunk[place : place + 1] == b"\\":  # its other half is in the next chunk
                    self._pending = chunk[place:]
                    chunk = chunk[:place]
                    break
                self._is_in_string = False
                place += 1
                continue
            found = (_BRACKET if self._depth > self._base else _MARK).match(chunk, place)
            if found is None:
                break
            place = found.end()
            if found[2] is not None:
                self._is_in_string = True
                continue
            mark = found[1]
            if mark is None:
                break
            part, start = self._see(mark, chunk, start, place)
            if part is not None:
                yield part
        self._keep(chunk[start:])
        self._read += len(chunk)

    def _see(self, mark: bytes, chunk: bytes, start: int, place: int) -> tuple[Part | None, int]:
        """A bracket or a comma: whether an element ends with it, and from where bytes are kept."""
        if mark in b"[{":
            self._depth += 1
            if self._depth == self._base and mark == b"[" and not self._is_in_array:
                self._is_in_array = self._name is None or self._is_named(chunk[start : place - 1])
                if self._is_in_array:
                    return None, self._begin(chunk, start, place)
            return None, start
        if mark == b"," and not (self._is_in_array and self._depth == self._base):
            return None, start
        part = None
        if self._is_in_array and self._depth == self._base:
            part = self._end(chunk[start : place - 1], place)
            self._is_in_array = mark == b","
            start = self._begin(chunk, place - 1, place)
        if mark != b",":
            self._depth -= 1
        return part, start

    def _is_named(self, before: bytes) -> bool:
        told = (self._before + before)[-200:].rstrip()
        return (
            self._name is not None
            and told.endswith(b":")
            and told[:-1].rstrip().endswith(self._name)
        )

    def _begin(self, chunk: bytes, start: int, place: int) -> int:
        self._count_lines(chunk[start:place])
        self._kept.clear()
        self._is_too_large = False
        self._first_line = self._line
        return place

    def _end(self, rest: bytes, place: int) -> Part | None:
        self._keep(rest)
        content = bytes(self._kept)
        ahead = len(content) - len(content.lstrip())
        line = self._first_line + content[:ahead].count(b"\n")
        if self._is_too_large:
            return Part(None, self._first_line, self._read + place)
        return Part(content.strip(), line, self._read + place) if content.strip() else None

    def _keep(self, piece: bytes) -> None:
        if not self._is_in_array:
            self._before = (self._before + piece)[-200:]
        elif len(self._kept) + len(piece) > PART_BYTES:
            self._is_too_large = True
            self._kept.clear()
        elif not self._is_too_large:
            self._kept += piece
        self._count_lines(piece)

    def _count_lines(self, piece: bytes) -> None:
        self._line += piece.count(b"\n")

    def finish(self) -> Iterator[Part]:
        """What the end of the file cuts off."""
        self._keep(self._pending)
        if self._is_in_array and (self._is_too_large or self._kept.strip()):
            content = None if self._is_too_large else bytes(self._kept.strip())
            yield Part(content, self._first_line, self._read, is_cut=True)
