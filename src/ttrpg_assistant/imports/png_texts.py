"""The texts in a PNG file (tEXt, zTXt, iTXt), in which other programs keep a character card."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"
TEXT_BYTES = 32 * 1024**2
"""Of all texts together."""

UNPACKED_BYTES = 12 * 1024**2
"""Of one packed text. Unpacking holds twice as much for a moment."""

CHUNKS = 100_000
_HEAD = 8
_CRC = 4


def read_png_texts(path: Path, is_wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """The texts whose keyword is wanted, by the keyword in lower case; the first of each counts.

    What is damaged or too large is left out; other chunks are not read. Never raises over content.
    """
    found: dict[str, bytes] = {}
    left = TEXT_BYTES
    with path.open("rb") as file:
        if file.read(len(SIGNATURE)) != SIGNATURE:
            return found
        for _ in range(CHUNKS):
            head = file.read(_HEAD)
            if len(head) < _HEAD:
                break
            length, kind = struct.unpack(">I4s", head)
            if kind not in (b"tEXt", b"zTXt", b"iTXt") or length > left:
                file.seek(length + _CRC, 1)
                continue
            content = file.read(length)
            file.seek(_CRC, 1)
            keyword = content.split(b"\0", 1)[0].decode("latin-1").strip().lower()
            if keyword in found or not is_wanted(keyword):
                continue
            text = _read_text(kind, content, left)
            if text is not None:
                found[keyword] = text
                left -= len(text)
    return found


def mark_pixels(png: bytes) -> str:
    """What tells whether the picture in a PNG is still the same, whatever texts it holds; "" for
    what is no PNG."""
    if not png.startswith(SIGNATURE):
        return ""
    mark, at = hashlib.sha256(), len(SIGNATURE)
    while at + _HEAD + _CRC <= len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        if kind == b"IDAT":
            mark.update(memoryview(png)[at + _HEAD : at + _HEAD + length])
        at += _HEAD + length + _CRC
    return mark.hexdigest()[:16]


def _read_text(kind: bytes, content: bytes, limit: int) -> bytes | None:
    _, separator, rest = content.partition(b"\0")
    if not separator:
        return None
    if kind == b"tEXt":
        return rest
    if kind == b"zTXt":
        return _unpack(rest[1:], limit) if rest[:1] == b"\0" else None
    is_packed, rest = rest[:1] == b"\1", rest[2:]
    for _ in range(2):  # the language, and the keyword in it
        _, separator, rest = rest.partition(b"\0")
        if not separator:
            return None
    return _unpack(rest, limit) if is_packed else rest


def _unpack(packed: bytes, limit: int) -> bytes | None:
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(packed, min(limit, UNPACKED_BYTES))
    except zlib.error:
        return None
    return None if unpacking.unconsumed_tail else text
