"""Character cards and lorebooks as other programs write them, made here."""

from __future__ import annotations

import base64
import io
import json
import struct
import zipfile
import zlib
from typing import Any

ENTRIES: list[dict[str, Any]] = [
    {
        "keys": ["vault", r"/count(ing)?\s+vault/i"],
        "content": "It opens only below low water.",
        "extensions": {"position": 0},
        "enabled": True,
        "insertion_order": 10,
        "name": "Vault",
        "id": 7,
        "secondary_keys": ["tide"],
    },
    {
        "keys": ["bell"],
        "content": "@@depth 2\n@@unknown x\nThe bell rings before the tide.",
        "extensions": {},
        "enabled": True,
        "insertion_order": 20,
        "id": "text-id",
    },
]

FIELDS: dict[str, Any] = {
    "name": "Mira Vale",
    "description": "Blacksmith of Heron's Landing.",
    "personality": "dry, stubborn",
    "scenario": "{{char}} is asked about the copied key by {{user}}.",
    "first_mes": "*She does not look up.* Closed.",
    "mes_example": "<START>\n{{user}}: The key?\n{{char}}: Which one?",
    "creator_notes": "NEVER in a prompt.",
    "system_prompt": "{{original}} Answer as {{char}}.",
    "post_history_instructions": "",
    "alternate_greetings": ["You again."],
    "tags": ["smith"],
    "creator": "sample",
    "character_version": "1.2",
    "extensions": {"someone/else": {"keep": [1, {"deep": None}]}},
    "character_book": {"name": "Ostrel", "extensions": {}, "entries": ENTRIES},
}


def card(version: int = 2, **changes: Any) -> dict[str, Any]:
    """A card of a version."""
    if version == 1:
        words = ("name", "description", "personality", "scenario", "first_mes", "mes_example")
        return {**{word: FIELDS[word] for word in words}, **changes}
    more = {"group_only_greetings": [], "nickname": "Mira"} if version == 3 else {}
    return {
        "spec": f"chara_card_v{version}",
        "spec_version": f"{version}.0",
        "data": {**FIELDS, **more, **changes},
    }


def spell(value: Any) -> bytes:
    """The value as JSON."""
    return json.dumps(value).encode()


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG file."""
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def png(*texts: bytes) -> bytes:
    """A picture of one pixel with these chunks in it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0\x10\x20\x30"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(texts) + body + chunk(b"IEND", b"")


def text_chunk(keyword: bytes, value: Any, kind: bytes = b"tEXt") -> bytes:
    """A card in a text chunk of one of the three kinds."""
    packed = base64.b64encode(spell(value))
    if kind == b"zTXt":
        return chunk(kind, keyword + b"\0\0" + zlib.compress(packed))
    if kind == b"iTXt":
        return chunk(kind, keyword + b"\0\1\0\0\0" + zlib.compress(packed))
    return chunk(kind, keyword + b"\0" + packed)


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return made.getvalue()


def world(**changes: Any) -> dict[str, Any]:
    """World info of SillyTavern."""
    entry = {
        "uid": 0,
        "key": ["vault", r"/count(ing)?\s+vault/i"],
        "keysecondary": ["tide"],
        "comment": "Vault",
        "content": "It opens only below low water.",
        "disable": False,
        "probability": 60,
        "newerFieldNobodyKnows": True,
        **changes,
    }
    return {"entries": {"0": entry}, "originalData": {"kept": "whole"}}
