"""What happened, line by line: who tried what, and what they were told.

One JSON object a line: `{t, actor, op, type, id, conversation, digest, seq, …}` with `type`
one of invoke, ok, fail, info. `info` is a timeout or a crash: it may or may not have
happened. The operations:

    send     a message was posted; ok means that the server acknowledged it
    accept   a page took a message: its composer is empty and its bubble shown
    status   the state of a reply was seen
    kill     something was killed: `sent` says how much of each reply the model had said
    banner   the page's account of saving was seen
    failed_write, probed  what a banner should follow
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

Type = Literal["invoke", "ok", "fail", "info"]


@dataclass(frozen=True)
class Event:
    """One line of the record. `t` is in seconds of a clock that only goes forward."""

    t: float
    actor: str
    op: str
    type: Type
    id: str = ""
    conversation: str = ""
    digest: str = ""
    seq: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def digest_of(content: str) -> str:
    """A short fingerprint of a text."""
    return hashlib.sha256(content.encode()).hexdigest()[:16]


class Recorder:
    """Keeps the record in memory and, if asked to, in a file as it happens."""

    def __init__(self, path: Path | None = None) -> None:
        self.events: list[Event] = []
        self._file = path.open("a", encoding="utf-8") if path is not None else None

    def note(
        self,
        actor: str,
        op: str,
        type: Type,
        id: str = "",
        *,
        conversation: str = "",
        content: str | None = None,
        seq: int | None = None,
        **facts: Any,
    ) -> Event:
        """Add a line."""
        event = Event(
            time.monotonic(),
            actor,
            op,
            type,
            id,
            conversation,
            "" if content is None else digest_of(content),
            seq,
            facts,
        )
        self.events.append(event)
        if self._file is not None:
            self._file.write(json.dumps(asdict(event), ensure_ascii=False) + "\n")
            self._file.flush()
        return event
