"""The files a character card goes into: a PNG with the card in its texts, JSON, and CHARX."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ttrpg_assistant.exports.zip_writing import ZipWriter

SIGNATURE = b"\x89PNG\r\n\x1a\n"
TEXTS = ("chara", "ccv3")
"""The keywords of both versions; a reader of the newer one takes the second."""
MAIN = "assets/icon/images/main.png"

WIDTH, HEIGHT = 400, 600
"""Pixels of the picture of an NPC that has none."""


def spell_json(value: Mapping[str, Any]) -> bytes:
    """A card or a book as a JSON file."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def make_png(picture: bytes, cards: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The picture, a PNG, with a card under each keyword. Cards it holds already are replaced."""
    pieces = [SIGNATURE]
    for kind, content in _list_chunks(picture):
        if kind == b"tEXt" and content.split(b"\0", 1)[0].decode("latin-1").lower() in TEXTS:
            continue
        if kind == b"IEND":
            for keyword, card in cards.items():
                text = base64.b64encode(json.dumps(card, ensure_ascii=False).encode())
                pieces.append(_chunk(b"tEXt", keyword.encode() + b"\0" + text))
        pieces.append(_chunk(kind, content))
    return b"".join(pieces)


def write_charx(
    target: Path,
    card: Mapping[str, Any],
    picture: bytes,
    others: Mapping[str, bytes],
) -> None:
    """A zip of the card, its portrait, and `others`: files it had when it was received."""
    assets = card["data"].get("assets")
    kept = [one for one in assets if isinstance(one, dict)] if isinstance(assets, list) else []
    kept = [one for one in kept if (one.get("type"), one.get("name")) != ("icon", "main")]
    main = {"type": "icon", "uri": f"embeded://{MAIN}", "name": "main", "ext": "png"}
    whole = {**card, "data": {**card["data"], "assets": [main, *kept]}}
    with ZipWriter(target) as file:
        file.add("card.json", spell_json(whole))
        file.add(MAIN, picture, is_packed=True)
        for name, content in others.items():
            if name not in ("card.json", MAIN):
                file.add(name, content)


def make_plain_picture(name: str) -> bytes:
    """A plain picture in a colour of its name's own, for an NPC that has none."""
    shade = hashlib.sha256(name.encode()).digest()
    top = [60 + one % 120 for one in shade[:3]]
    rows = bytearray()
    for y in range(HEIGHT):
        darker = 100 - y * 55 // HEIGHT
        pixel = bytes(one * darker // 100 for one in top)
        rows += b"\0" + pixel * WIDTH
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(rows), 9)
    return SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)


def _list_chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], len(SIGNATURE)
    while at + 12 <= len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        found.append((kind, png[at + 8 : at + 8 + length]))
        at += 12 + length
    return found
