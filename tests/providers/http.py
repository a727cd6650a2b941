"""Requests and answers in HTTP/1.1, by hand, for the loopback providers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from tests.providers.script import Script

WAIT_SECONDS = 20.0


@dataclass
class ReceivedRequest:
    """One request as it arrived, and what became of it."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    sent: int = 0
    """How many text chunks were sent."""
    hung_up: threading.Event = field(default_factory=threading.Event)
    """Set when the client closed before the answer's end."""
    done: threading.Event = field(default_factory=threading.Event)
    """Set when the answer was sent to its end."""

    async def wait_hung_up(self) -> bool:
        return await asyncio.to_thread(self.hung_up.wait, WAIT_SECONDS)


class HungUp(Exception):
    """The client is gone."""


async def sleep_until(moment: float, gone: asyncio.Event) -> None:
    delay = moment - asyncio.get_running_loop().time()
    if delay > 0:
        await asyncio.sleep(delay)
    if gone.is_set():
        raise HungUp


@contextlib.asynccontextmanager
async def watch(
    reader: asyncio.StreamReader, request: ReceivedRequest
) -> AsyncIterator[asyncio.Event]:
    """Notice that the client closes while an answer is on its way."""
    gone = asyncio.Event()

    async def look() -> None:
        # Clients do not talk while they are answered, so anything but bytes is the end.
        with contextlib.suppress(ConnectionError):
            while not reader.at_eof():
                if await _has_ended(reader):
                    break
        gone.set()
        if not request.done.is_set():
            request.hung_up.set()

    task = asyncio.ensure_future(look())
    try:
        yield gone
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _has_ended(reader: asyncio.StreamReader) -> bool:
    byte = await reader.read(1)
    return byte == b""


async def read_request(reader: asyncio.StreamReader) -> ReceivedRequest | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
    body: Any = None
    if length := int(headers.get("content-length", "0")):
        body = json.loads(await reader.readexactly(length))
    return ReceivedRequest(method, path, headers, body)


def frame(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def send_json(
    writer: asyncio.StreamWriter, status: int, body: object, script: Script | None = None
) -> None:
    kind = "application/json"
    if isinstance(body, str):
        data, kind = body.encode(), "text/plain"
    else:
        data = json.dumps(body).encode()
    extra = "".join(f"{name}: {value}\r\n" for name, value in (script.headers if script else ()))
    head = (
        f"HTTP/1.1 {status} Status\r\ncontent-type: {kind}\r\n"
        f"content-length: {len(data)}\r\n{extra}\r\n"
    )
    writer.write(head.encode() + data)
