"""A TCP proxy between browser and server that does to requests what bad networks do.

    async with FaultyProxy(server.port) as proxy:
        held = proxy.hold(TURNS)          # until held.release()
        proxy.drop_reply(TURNS)           # the server commits, the browser never hears of it
        proxy.duplicate(TURNS)            # the same bytes twice, side by side
        proxy.cut_events(STREAM, after=3) # the stream breaks after its third event

Bytes pass unchanged: only where one request ends and the next begins is read. Each rule
applies to the requests that match, as often as it was told to.
"""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

ADDRESS = "127.0.0.2"
TURNS = r"POST /api/[a-z-]+/[^/]+/turns"
STREAM = r"GET /api/replies/[^/]+/stream"
CHANGES = r"GET /api/changes"
ANY = r""


@dataclass
class Request:
    """One request as it passed."""

    method: str
    path: str
    head: bytes
    body: bytes = b""
    forwarded: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"

    def header(self, name: str) -> str | None:
        """The value of a header, or None."""
        found = re.search(rf"(?im)^{re.escape(name)}:[ \t]*(.*?)\r?$", self.head.decode("latin-1"))
        return found.group(1) if found else None


@dataclass
class Rule:
    """What happens to requests whose first line matches, `times` times (None: always)."""

    pattern: str
    times: int | None = 1
    only: Callable[[Request], bool] = lambda request: True
    hold: bool = False
    delay: float = 0.0
    refuse: bool = False
    """Reset the connection before anything reaches the server."""
    cut_request: int | None = None
    """Forward so many bytes of the request, then reset both sides."""
    drop_reply: bool = False
    duplicate: bool = False
    answer: tuple[int, bytes] | None = None
    cut_bytes: int | None = None
    """Reset the browser's side after so many bytes of the answer's body."""
    cut_events: int | None = None

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    hits: int = 0

    def takes(self, request: Request) -> bool:
        if self.times is not None and self.hits >= self.times:
            return False
        if not re.match(self.pattern, request.line) or not self.only(request):
            return False
        self.hits += 1
        self.reached.set()
        return True

    def release(self) -> None:
        """Let what is held go on, and hold nothing more."""
        self.times = self.hits
        self.released.set()


class FaultyProxy:
    """Listens on 127.0.0.2 at the server's port and forwards to 127.0.0.1."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.log: list[Request] = []
        self.rules: list[Rule] = []
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def address(self) -> str:
        """Where a browser opens the page."""
        return f"http://{ADDRESS}:{self.port}"

    async def __aenter__(self) -> Self:
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.down()

    async def up(self) -> None:
        """Accept connections (again)."""
        self._server = await asyncio.start_server(self._welcome, ADDRESS, self.port)

    async def down(self) -> None:
        """Refuse connections and cut those there are: the network is gone."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.cut_all()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut_all(self) -> None:
        """Reset every connection there is."""
        for writer in list(self._writers):
            reset(writer)

    def rule(self, pattern: str, **what: object) -> Rule:
        """Add a rule; the newest that takes a request wins."""
        made = Rule(pattern, **what)  # type: ignore[arg-type]
        self.rules.insert(0, made)
        return made

    def hold(self, pattern: str, times: int | None = 1) -> Rule:
        return self.rule(pattern, hold=True, times=times)

    def drop_reply(self, pattern: str, times: int = 1) -> Rule:
        return self.rule(pattern, drop_reply=True, times=times)

    def duplicate(self, pattern: str, times: int | None = None) -> Rule:
        return self.rule(pattern, duplicate=True, times=times)

    def cut_events(self, pattern: str, after: int, times: int | None = 1) -> Rule:
        return self.rule(pattern, cut_events=after, times=times)

    def answer(self, pattern: str, status: int, times: int | None = 1, body: bytes = b"") -> Rule:
        return self.rule(pattern, answer=(status, body), times=times)

    def clear(self) -> None:
        """Be an honest proxy again; whatever is held goes on."""
        for rule in self.rules:
            rule.release()
        self.rules.clear()

    def seen(self, pattern: str) -> list[Request]:
        """The requests so far whose first line matches."""
        return [request for request in self.log if re.match(pattern, request.line)]

    def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(_Connection(self, reader, writer).serve())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def keep(self, writer: asyncio.StreamWriter) -> asyncio.StreamWriter:
        self._writers.add(writer)
        return writer

    def forget(self, writer: asyncio.StreamWriter) -> None:
        self._writers.discard(writer)


class _Connection:
    """One connection of the browser and its counterpart to the server."""

    def __init__(
        self, proxy: FaultyProxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.proxy = proxy
        self.reader = reader
        self.writer = proxy.keep(writer)
        self.upstream: asyncio.StreamWriter | None = None
        self.relay: asyncio.Task[None] | None = None
        self.rule: Rule | None = None
        self.body_bytes = 0
        self.events = 0
        self.in_body = False

    async def serve(self) -> None:
        try:
            while request := await read_request(self.reader):
                if not await self._pass(request):
                    break
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            if self.relay is not None:
                self.relay.cancel()
            for writer in (self.writer, self.upstream):
                if writer is not None:
                    self.proxy.forget(writer)
                    writer.close()

    async def _pass(self, request: Request) -> bool:
        """Forward one request; whether the connection goes on."""
        self.proxy.log.append(request)
        rule = next((rule for rule in self.proxy.rules if rule.takes(request)), None)
        if rule is not None:
            if rule.hold:
                await rule.released.wait()
            if rule.delay:
                await asyncio.sleep(rule.delay)
            if rule.refuse:
                reset(self.writer)
                return False
            if rule.answer is not None:
                status, body = rule.answer
                head = f"HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\n"
                length = "" if status == 204 else f"content-length: {len(body)}\r\n"
                self.writer.write(f"{head}{length}\r\n".encode() + body)
                await self.writer.drain()
                return True
        self.rule, self.body_bytes, self.events, self.in_body = rule, 0, 0, False
        try:
            upstream = await self._connect()
        except OSError:
            reset(self.writer)
            return False
        raw = request.head + request.body
        if rule is not None and rule.cut_request is not None:
            upstream.write(raw[: rule.cut_request])
            await upstream.drain()
            reset(upstream)
            reset(self.writer)
            return False
        upstream.write(raw)
        if rule is not None and rule.duplicate:
            await self._repeat(raw)
        await upstream.drain()
        request.forwarded.set()
        return True

    async def _connect(self) -> asyncio.StreamWriter:
        if self.upstream is None or self.upstream.is_closing():
            reader, self.upstream = await asyncio.open_connection("127.0.0.1", self.proxy.port)
            self.proxy.keep(self.upstream)
            self.relay = asyncio.ensure_future(self._relay(reader))
        return self.upstream

    async def _repeat(self, raw: bytes) -> None:
        """The same bytes on another connection at the same time; nobody hears the answer."""
        _, twin = await asyncio.open_connection("127.0.0.1", self.proxy.port)
        twin.write(raw)
        await twin.drain()
        self.proxy.keep(twin)

    async def _relay(self, reader: asyncio.StreamReader) -> None:
        """Answers, as they come, until a rule cuts them."""
        with suppress(OSError):
            while piece := await reader.read(65536):
                if self.rule is not None and self.rule.drop_reply:
                    reset(self.writer)
                    return
                kept, cut = self._until_cut(piece)
                self.writer.write(kept)
                await self.writer.drain()
                if cut:
                    break
        self.writer.close()

    def _until_cut(self, piece: bytes) -> tuple[bytes, bool]:
        """The part of the piece that comes before the cut, and whether the cut is there."""
        rule = self.rule
        if rule is None or (rule.cut_bytes is None and rule.cut_events is None):
            return piece, False
        start = 0
        if not self.in_body:
            end = piece.find(b"\r\n\r\n")
            if end < 0:
                return piece, False
            start, self.in_body = end + 4, True
        if rule.cut_bytes is not None:
            left = rule.cut_bytes - self.body_bytes
            self.body_bytes += len(piece) - start
            return piece[: start + left], self.body_bytes >= rule.cut_bytes
        assert rule.cut_events is not None
        at = start
        while (end := piece.find(b"\n\n", at)) >= 0:
            self.events += 1
            at = end + 2
            if self.events >= rule.cut_events:
                return piece[:at], True
        return piece, False


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next whole request, or None at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    method, path, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
    request = Request(method, path, head)
    length = request.header("content-length")
    if length:
        request.body = await reader.readexactly(int(length))
    return request


def reset(writer: asyncio.StreamWriter) -> None:
    """RST rather than FIN: what was on its way is lost."""
    raw = writer.get_extra_info("socket")
    if raw is not None:
        with suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
