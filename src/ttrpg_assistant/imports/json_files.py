"""JSON files of other programs, read within bounds."""

from __future__ import annotations

import codecs
from typing import Any

from ttrpg_assistant.imports.documents import to_utf8
from ttrpg_assistant.imports.model import SourceFile
from ttrpg_assistant.outside_json import NOT_JSON, decode_mended

JSON_BYTES = 64 * 1024**2


def read_json(file: SourceFile, most: int = JSON_BYTES) -> Any:
    """The value of a JSON file; None where it is none, or larger than `most` bytes."""
    if file.size > most:
        return None
    with file.path.open("rb") as opened:
        start = to_utf8(opened.read(64)).removeprefix(codecs.BOM_UTF8).lstrip()
        if not start.startswith((b"{", b"[")):
            return None
        opened.seek(0)
        content = opened.read(file.size)  # a larger number would hold so much room
    return parse_json(content)


def parse_json(content: bytes) -> Any:
    """The value of a JSON text; None where it is none."""
    try:
        return decode_mended(to_utf8(content).removeprefix(codecs.BOM_UTF8))
    except NOT_JSON:
        return None
