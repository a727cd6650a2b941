"""Server-sent events, spelled out (WHATWG HTML, section 9.2)."""

from __future__ import annotations

from typing import Any

import msgspec

KEEP_ALIVE = b": still here\n\n"
KEEP_ALIVE_SECONDS = 15.0

_encode = msgspec.json.Encoder().encode


def event(name: str, content: Any, event_id: int | None = None) -> bytes:
    """One event. Its JSON never holds a line break, so one `data:` line is enough."""
    head = b"" if event_id is None else b"id: %d\n" % event_id
    return head + b"event: " + name.encode() + b"\ndata: " + _encode(content) + b"\n\n"
