"""A proxy on loopback between the application and a model's server that records every call.

It can also change what passes: a shorter answer limit, and a list of models without sizes.
Closing either side closes the other, so that a stop reaches the model's server.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

LIMITS = ("max_tokens", "max_completion_tokens", "n_predict")
SIZES = ("meta", "n_ctx", "n_ctx_train", "context_length", "max_model_len", "context_window")


@dataclass(slots=True)
class Call:
    """One call of the model. Moments are `time.perf_counter()` seconds."""

    body: dict[str, Any]
    started: float
    status: int = 0
    ended: float = 0.0
    answer: bytes = b""

    def list_events(self) -> list[dict[str, Any]]:
        """The JSON objects of the stream, or the one document."""
        found = []
        for match in re.finditer(rb"^(?:data: )?(\{.*\})\r?$", self.answer, re.MULTILINE):
            try:
                found.append(json.loads(match[1]))
            except ValueError:
                continue
        return found

    def find_reading(self) -> tuple[int, int] | None:
        """Prompt tokens served from the cache, and prompt tokens read, as llama.cpp says."""
        for event in reversed(self.list_events()):
            if timings := event.get("timings"):
                return timings["cache_n"], timings["prompt_n"]
        return None


@dataclass(slots=True)
class Recording:
    """What passed, and what is changed on the way."""

    upstream: str
    answer_tokens: int | None = None
    endless: bool = False
    """Let the model write on past its own end."""
    hide_sizes: bool = False
    hide_props: bool = False
    base_url: str = ""
    calls: list[Call] = field(default_factory=list)

    async def settle(self) -> None:
        """Until the last byte of every answer has passed: our end event comes earlier."""
        while not all(call.ended for call in self.calls):
            await asyncio.sleep(0.05)

    def list_failed(self) -> list[Call]:
        """Calls that were refused."""
        return [call for call in self.calls if call.status >= 400]


@asynccontextmanager
async def recording(upstream: str, **changes: Any) -> AsyncIterator[Recording]:
    """A proxy in front of `upstream` (an origin), until the block ends."""
    record = Recording(upstream, **changes)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _pass_on(record, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0, limit=2**24)
    record.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield record
    finally:
        server.close()


async def _pass_on(
    record: Recording, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """One request and its answer; the connection is closed after it."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    body = await reader.readexactly(int(length[1])) if length else b""
    method, path, _ = head.split(b" ", 2)
    call = None
    if path.endswith(b"/chat/completions"):
        asked = _change(record, json.loads(body))
        body = json.dumps(asked).encode()
        call = Call(asked, time.perf_counter())
        record.calls.append(call)
    if path == b"/props" and record.hide_props:
        writer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        return
    place = urlsplit(record.upstream)
    up_reader, up_writer = await asyncio.open_connection(place.hostname, place.port)
    up_writer.write(
        method + b" " + path + b" HTTP/1.1\r\nhost: " + place.netloc.encode() + b"\r\n"
        b"content-type: application/json\r\nconnection: close\r\n"
        b"content-length: %d\r\n\r\n" % len(body) + body
    )
    hide = _without_sizes if record.hide_sizes and path.endswith(b"/models") else None
    relay = asyncio.create_task(_relay(call, up_reader, writer, hide))
    gone = asyncio.create_task(reader.read(1))
    try:
        await asyncio.wait({relay, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (relay, gone):
            if not task.done():
                task.cancel()
        await asyncio.gather(relay, gone, return_exceptions=True)
        up_writer.close()
        if call is not None:
            call.ended = time.perf_counter()


async def _relay(
    call: Call | None,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    change: Callable[[bytes], bytes] | None,
) -> None:
    if change is not None:
        head, _, body = (await reader.read(-1)).partition(b"\r\n\r\n")
        body = change(body)
        status = head.partition(b"\r\n")[0]
        kind = b"\r\ncontent-type: application/json\r\nconnection: close\r\n"
        writer.write(status + kind + b"content-length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        return
    head = await reader.readuntil(b"\r\n\r\n")
    if call is not None:
        call.status = int(head.split(b" ", 2)[1])
    writer.write(head)
    while piece := await reader.read(65536):
        if call is not None:
            call.answer += piece
        writer.write(piece)
        await writer.drain()


def _change(record: Recording, body: dict[str, Any]) -> dict[str, Any]:
    if record.answer_tokens is not None:
        # The model's own end comes anywhere, also before the first word.
        body["ignore_eos"] = True
        for name in LIMITS:
            body.pop(name, None)
        body["max_tokens"] = record.answer_tokens
    # Every piece says what was read, so that a call which is closed early says it too.
    body["timings_per_token"] = True
    if record.endless:
        body["ignore_eos"] = True
    return body


def _without_sizes(body: bytes) -> bytes:
    listing = json.loads(body[body.index(b"{") : body.rindex(b"}") + 1])
    for entry in listing.get("data", []):
        for name in SIZES:
            entry.pop(name, None)
    return json.dumps(listing).encode()
