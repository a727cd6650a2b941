"""JSON files of other programs: read within bounds, and what of them is kept word for word."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from ttrpg_assistant.imports.fitting import storable
from ttrpg_assistant.outside_json import NOT_JSON, decode_mended

DOCUMENT_BYTES = 64 * 1024**2
"""The longest JSON file that is read as one."""

KEPT_BYTES = 2 * 1024**2
KEPT_DEPTH = 30
"""What is kept of a thing, as JSON. Of what is larger the file itself is kept."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def find_object(path: Path, size: int) -> dict[str, Any] | None:
    """The JSON object that a file is; None where it is something else, or longer than
    `DOCUMENT_BYTES`."""
    if size > DOCUMENT_BYTES:
        return None
    return find_object_in(path.read_bytes())


def find_object_in(text: bytes) -> dict[str, Any] | None:
    """The JSON object that a text spells, or None."""
    try:
        value = decode_mended(to_utf8(text).removeprefix(BYTE_ORDER_MARK))
    except NOT_JSON:
        return None
    return value if isinstance(value, dict) else None


def to_utf8(content: bytes) -> bytes:
    """A text in UTF-16 with its mark as UTF-8; everything else as it is."""
    if not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content
    return content.decode("utf-16", "ignore").encode("utf-8", "replace")


def begins_as_object(beginning: bytes) -> bool:
    """Whether a file begins as a JSON object does."""
    return to_utf8(beginning).removeprefix(BYTE_ORDER_MARK).lstrip()[:1] == b"{"


def kept_json(value: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be kept, as both databases and archives store it; only `{"too_large": true}`
    where it is too long or nested too deep, for the file itself has it."""
    if _is_deeper(value, KEPT_DEPTH) or len(msgspec.json.encode(value)) > KEPT_BYTES:
        return {"too_large": True}
    return {name: _stored(one) for name, one in value.items()}


def _is_deeper(value: Any, levels: int) -> bool:
    level = [value]
    for _ in range(levels):
        level = [
            inner
            for one in level
            if isinstance(one, Mapping | list)
            for inner in (one.values() if isinstance(one, Mapping) else one)
        ]
        if not level:
            return False
    return True


def _stored(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {storable(str(name)): _stored(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_stored(one) for one in value]
    return value
