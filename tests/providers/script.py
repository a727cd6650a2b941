"""What a loopback provider says and how it misbehaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

End = Literal["marker", "fin", "broken", "reset"]
"""How an answer ends: with the provider's terminal marker; by a clean end of the HTTP
message without it; by a closed connection in mid-message; by a TCP reset."""

Finish = Literal["complete", "length", "filtered"]


@dataclass(frozen=True)
class Script:
    """One answer. `chunks` are sent one event each, `pace` of them a second (0: at once)."""

    chunks: tuple[str, ...] = ("Hello", ", ", "traveller", ".")
    pace: float = 0.0
    finish: Finish = "complete"
    end: End = "marker"
    usage: bool = True
    tokens_in: int = 21
    tokens_out: int = 8

    status: int = 200
    """Any other status is sent instead of an answer, with the provider's kind of body."""
    headers: tuple[tuple[str, str], ...] = ()
    error: object = None
    """The error body of a failing status: text as it is, else JSON; None is the usual one."""
    content_type: str | None = None

    stalls: tuple[int, ...] = ()
    """Silence before the chunk of that index until `server.release()`; 0 is before the
    first one, the number of chunks before the end."""
    silent_head: bool = False
    """Not even a status line until `server.release()`."""
    bad_json_before: int | None = None
    giant_before: int | None = None
    """A 10 MB chunk before the chunk of that index."""
    giant_bytes: int = 10 * 1024 * 1024
    error_before: int | None = None
    """The provider's error event before the chunk of that index, then the end."""
    mid_error: object = None

    cuts: tuple[int, ...] = ()
    """Sizes of the pieces the body is sent in, over and over; empty: one piece an event.
    Each piece is an HTTP chunk and a write of its own."""
    split_utf8: bool = False
    """Send every event in two pieces, cut inside its first character of several bytes."""
    chunked: bool = True
    """False: the body ends with the connection, as old servers do it."""
    crlf: bool = False
    comments: bool = False
    """Comment lines (SSE) or blank lines (NDJSON) between events, as proxies send them."""
    thinking: bool = False
    """Send reasoning in front of the answer, in the dialect's own way."""

    @property
    def text(self) -> str:
        """All of the answer."""
        return "".join(self.chunks)


@dataclass
class ModelCard:
    """A model that a loopback provider lists."""

    name: str = "test-model"
    context: int | None = 32_768
    extra: dict[str, object] = field(default_factory=dict)


def words(count: int) -> tuple[str, ...]:
    """That many chunks of one word each."""
    return tuple(f"word{i} " for i in range(count))


def cut(data: bytes, sizes: Iterable[int]) -> list[bytes]:
    """The data in pieces of these sizes, over and over."""
    rounds = [size for size in sizes if size > 0]
    pieces: list[bytes] = []
    at = turn = 0
    while at < len(data):
        size = rounds[turn % len(rounds)] if rounds else len(data)
        pieces.append(data[at : at + size])
        at += size
        turn += 1
    return pieces


def cut_inside_character(data: bytes) -> list[bytes]:
    """The data in two pieces, cut inside its first multi-byte character if it has one."""
    for i, byte in enumerate(data):
        if byte >= 0xC0:
            return [data[: i + 1], data[i + 1 :]]
    return [data]
