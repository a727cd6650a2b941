"""Messages of which each holds its answers: a long talk is nested deeper than decoders go."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ttrpg_assistant.archives.talk_formats.json_parts import decode_part
from ttrpg_assistant.archives.talk_formats.source import TalkSource
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.outside_json import NOT_JSON

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)

Nested = tuple[Mapping[str, Any], int, int | None]
"""A message without its answers, its line, and the place in the list of the one it is inside."""


@dataclass(slots=True)
class _Open:
    """A bracket that is not closed yet. `cut` are the stretches inside that are messages of their
    own; `place` is where the message stands in the list, None for what is no message."""

    start: int
    is_message: bool = False
    place: int | None = None
    holds_messages: bool = False
    cut: list[tuple[int, int]] = field(default_factory=list)


def read_nested(
    source: TalkSource, lists: Sequence[str], answers: str
) -> tuple[Mapping[str, Any], list[Nested]]:
    """The outer object without its messages, and every message, each before its answers.

    `lists` are the names under which the outer object may hold them, `answers` is the name inside
    a message. Time and memory stay linear however deep they are. Raises `InvalidInput`.
    """
    text = source.read_bytes()
    outer = {b'"' + name.encode() + b'"' for name in lists}
    inner = b'"' + answers.encode() + b'"'
    stack: list[_Open] = []
    messages: list[tuple[Mapping[str, Any], int, int | None]] = []
    spans: list[tuple[int, int, list[tuple[int, int]], int | None]] = []
    head: Mapping[str, Any] = {}
    last = b""
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in (b"{", b"["):
            above = stack[-1] if stack else None
            opened = _Open(token.start())
            if mark == b"[" and above is not None:
                is_outer = len(stack) == 1 and last in outer
                opened.holds_messages = is_outer or (above.is_message and last == inner)
                opened.place = above.place
            if mark == b"{" and above is not None and above.holds_messages:
                opened.is_message, opened.place = True, len(spans)
                spans.append((0, 0, [], above.place))
            stack.append(opened)
        elif mark in (b"}", b"]"):
            if not stack:
                break
            closed = stack.pop()
            end = token.end()
            if closed.is_message and closed.place is not None:
                spans[closed.place] = (closed.start, end, closed.cut, spans[closed.place][3])
            if closed.holds_messages and stack:
                stack[-1].cut.append((closed.start, end))
            if not stack:
                found = _decode(text, closed.start, end, closed.cut)
                head = found if isinstance(found, dict) else {}
                break
        last = mark
    if not head and not spans:
        raise InvalidInput(
            "This file begins as JSON and is damaged or cut off.",
            code="malformed_json",
            cure="Export it once more from the other program.",
        )
    line = place = 0
    for start, end, cut, above_place in spans:
        line += text.count(b"\n", place, max(place, start))
        place = max(place, start)
        found = _decode(text, start, end, cut) if end else None
        messages.append((found if isinstance(found, dict) else {}, line + 1, above_place))
    return head, messages


def _decode(text: bytes, start: int, end: int, cut: list[tuple[int, int]]) -> Any:
    """A value without what is cut out of it; None when it is not JSON."""
    pieces = []
    for one_start, one_end in cut:
        pieces.append(text[start:one_start])
        start = one_end
    try:
        return decode_part(b"null".join([*pieces, text[start:end]]))
    except NOT_JSON:
        return None
