"""A small HTTP client that costs the same for every server it is pointed at.

It notes when things arrive and decodes afterwards, so that what is measured is the server
and not the client.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import httptools

WAIT_SECONDS = 60.0


@dataclass(slots=True)
class Heard:
    """An answer. Moments are `time.perf_counter()` seconds."""

    status: int
    asked_at: float
    arrivals: list[tuple[float, bytes]] = field(default_factory=list)
    ended_at: float = 0.0

    @property
    def body(self) -> bytes:
        """All of it."""
        return b"".join(piece for _, piece in self.arrivals)

    def when(self, marker: bytes) -> float:
        """When the bytes had arrived."""
        seen = b""
        for moment, piece in self.arrivals:
            seen += piece
            if marker in seen:
                return moment
            seen = seen[-len(marker) :]
        raise AssertionError(f"{marker!r} never arrived: {self.body[:400]!r}")

    def json(self) -> Any:
        """The body as JSON; fails on anything but success."""
        assert self.status < 300, (self.status, self.body[:400])
        return json.loads(self.body)

    def events(self) -> list[tuple[str, Any]]:
        """The server-sent events: name and content."""
        found: list[tuple[str, Any]] = []
        for block in self.body.split(b"\n\n"):
            name, content = "", None
            for line in block.split(b"\n"):
                if line.startswith(b"event: "):
                    name = line[7:].decode()
                elif line.startswith(b"data: ") and line != b"data: [DONE]":
                    content = json.loads(line[6:])
            if content is not None:
                found.append((name, content))
        return found


class Client(asyncio.Protocol):
    """One kept connection, one request at a time."""

    def __init__(self, address: str, token: str | None = None) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._base = parts.path.rstrip("/")
        self._credential = f"authorization: Bearer {token}\r\n" if token else ""
        self._transport: asyncio.Transport | None = None
        self._heard: Heard | None = None
        self._done: asyncio.Future[None] | None = None
        self._until: bytes | None = None

    async def ask(
        self, method: str, path: str, body: Any = None, *, until: bytes | None = None
    ) -> Heard:
        """Send a request, a file as bytes or a value as JSON, and hear the answer out, or only
        until these bytes have come."""
        if self._transport is None:
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: self, self._host, self._port)
        assert self._transport is not None
        is_file = isinstance(body, bytes)
        content = body if is_file else b"" if body is None else json.dumps(body).encode()
        named = "application/octet-stream" if is_file else "application/json"
        kind = "" if body is None else f"content-type: {named}\r\n"
        head = (
            f"{method} {self._base}{path} HTTP/1.1\r\nhost: {self._host}:{self._port}\r\n"
            f"{self._credential}{kind}content-length: {len(content)}\r\n\r\n"
        )
        self._parser = httptools.HttpResponseParser(self)
        self._done = asyncio.get_running_loop().create_future()
        self._until = until
        heard = self._heard = Heard(0, time.perf_counter())
        self._transport.write(head.encode() + content)
        await asyncio.wait_for(self._done, WAIT_SECONDS)
        return heard

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    # Called by the event loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._end()

    # Called by the parser.

    def on_headers_complete(self) -> None:
        assert self._heard is not None
        self._heard.status = self._parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        assert self._heard is not None
        self._heard.arrivals.append((time.perf_counter(), body))
        if self._until is not None and self._until in body:
            self._end()

    def on_message_complete(self) -> None:
        self._end()

    def _end(self) -> None:
        if self._heard is not None and self._done is not None and not self._done.done():
            self._heard.ended_at = time.perf_counter()
            self._done.set_result(None)
