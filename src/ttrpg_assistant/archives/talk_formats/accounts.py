"""What exports of whole accounts have in common: an array of conversations in one document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ttrpg_assistant.archives.talk_formats import remarks
from ttrpg_assistant.archives.talk_formats.json_parts import decode_part
from ttrpg_assistant.archives.talk_formats.model import Event, Remark, Talk
from ttrpg_assistant.archives.talk_formats.source import TalkSource
from ttrpg_assistant.outside_json import NOT_JSON


def tell_conversations(
    source: TalkSource,
    read_one: Callable[[Mapping[str, Any], int, int], Iterator[Event]],
    *,
    inside: bytes | None = None,
) -> Iterator[Event]:
    """Each conversation of the array, or the only one of a file that is one. `read_one` gets the
    conversation, its line and the bytes read. One that cannot be read costs itself alone; it is
    counted as a conversation, so that the numbers of the others stay."""
    if source.shape.outer == "object" and inside is None:
        yield from _read(source.read_document(), 1, source.size, read_one)
        return
    for part in source.read_parts(inside):
        if part.content is None:
            yield Talk()
            yield Remark(remarks.PART_TOO_LARGE, part.line)
            continue
        try:
            value = decode_part(part.content)
        except NOT_JSON:
            yield Talk()
            yield Remark(remarks.NOT_JSON_PART, part.line)
            continue
        yield from _read(value, part.line, part.end, read_one)


def _read(
    value: Any,
    line: int,
    end: int,
    read_one: Callable[[Mapping[str, Any], int, int], Iterator[Event]],
) -> Iterator[Event]:
    if isinstance(value, dict):
        yield from read_one(value, line, end)
    else:
        yield Talk()
        yield Remark(remarks.NO_MESSAGES, line)
