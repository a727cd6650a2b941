"""Whether a picture's file holds a picture and nothing else.

A file is clean when every part of its container is known to carry pixels, colours or sizes: no
EXIF, no XMP, no comments, no colour profile (it may hold texts), no further frames, nothing
behind the end. What is stored is always clean, so that no place, no name and no note leaves with
a picture. Every check costs time in proportion to the file's length.
"""

from __future__ import annotations

import struct
import zlib

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_PARTS = {
    b"IHDR": 13,
    b"PLTE": 768,
    b"tRNS": 256,
    b"gAMA": 4,
    b"cHRM": 32,
    b"sRGB": 1,
    b"sBIT": 4,
    b"bKGD": 6,
    b"pHYs": 9,
    b"IEND": 0,
}
"""Parts of a PNG besides its pixels, and the most bytes each may hold."""

_SCAN, _END = 0xDA, 0xD9
_JPEG_PARTS = frozenset({0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD})
"""Frames (baseline, extended, progressive), Huffman and quantization tables, restart intervals."""

_STILL_FLAGS = 0x10
"""Of the flags of an extended WebP only the one that says there is transparency."""


def find_clean_type(content: bytes) -> str | None:
    """The media type of a clean picture; None for anything else."""
    if content.startswith(_PNG):
        return "image/png" if _is_clean_png(content) else None
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg" if _is_clean_jpeg(content) else None
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp" if _is_clean_webp(content) else None
    return None


def _is_clean_png(content: bytes) -> bool:
    at, seen = len(_PNG), set()
    while at + 12 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        if end > len(content) or (name != b"IDAT" and length > _PNG_PARTS.get(name, -1)):
            return False
        if name != b"IDAT" and name in seen:
            return False
        (written,) = struct.unpack_from(">I", content, end - 4)
        if zlib.crc32(content[at + 4 : end - 4]) != written:
            return False
        seen.add(name)
        if name == b"IEND":
            return bool(end == len(content))
        at = end
    return False


def _is_clean_jpeg(content: bytes) -> bool:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == _END:
            return at + 2 == len(content)
        (length,) = struct.unpack_from(">H", content, at + 2)
        end = at + 2 + length
        if length < 2 or end > len(content):
            return False
        part = content[at + 4 : end]
        if marker == _SCAN:
            end = _end_of_scan(content, end)
        elif not (marker in _JPEG_PARTS or _is_plain_header(marker, part)):
            return False
        at = end
    return content[at:] == b"\xff\xd9"


def _is_plain_header(marker: int, part: bytes) -> bool:
    """JFIF's header without a small picture in it, or Adobe's word on the colours."""
    if marker == 0xE0:
        return len(part) == 14 and part.startswith(b"JFIF\0") and part.endswith(b"\0\0")
    return marker == 0xEE and len(part) == 12 and part.startswith(b"Adobe")


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next part begins: at a marker that is no restart and no stuffed byte."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        if content[at + 1] == 0 or 0xD0 <= content[at + 1] <= 0xD7:
            at += 2
        else:
            return at
    return len(content)


def _is_clean_webp(content: bytes) -> bool:
    (size,) = struct.unpack_from("<I", content, 4)
    if size + 8 != len(content):
        return False
    at, names = 12, []
    while at + 8 <= len(content):
        name, length = struct.unpack_from("<4sI", content, at)
        names.append(name)
        end = at + 8 + length + length % 2
        if end > len(content):
            return False
        if name == b"VP8X" and (length != 10 or content[at + 8] & ~_STILL_FLAGS):
            return False
        at = end
    if names[:1] == [b"VP8X"]:
        names = names[1:]
    return at == len(content) and names in ([b"VP8 "], [b"VP8L"], [b"ALPH", b"VP8 "])
