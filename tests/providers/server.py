"""Loopback HTTP servers with byte-exact control: the part all providers share."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Self

from tests.providers.http import (
    WAIT_SECONDS,
    HungUp,
    ReceivedRequest,
    frame,
    read_request,
    send_json,
    sleep_until,
    watch,
)
from tests.providers.script import ModelCard, Script, cut, cut_inside_character

BURST = 32
"""How many events go into one write when nothing paces them."""


class ProviderServer:
    """`async with OpenAIServer(script) as server: server.base_url`.

    The first script answers the first request and so on; the last one answers all that
    follow. `requests` are the chat requests, `listings` the other ones.
    """

    content_type = "text/event-stream"
    base_path = ""

    def __init__(
        self,
        *scripts: Script,
        models: Sequence[ModelCard] = (ModelCard(),),
        key: str | None = None,
        secure: ssl.SSLContext | None = None,
    ) -> None:
        self.scripts = deque(scripts or (Script(),))
        self.models = list(models)
        self.key = key
        self.secure = secure
        self.requests: list[ReceivedRequest] = []
        self.listings: list[ReceivedRequest] = []
        self.connections = 0
        self.port = 0
        self._gate: asyncio.Semaphore | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Future[None]] = set()
        self._arrived = threading.Condition()
        self._stalled = threading.Event()

    # --------------------------------------------------------------- for tests

    @property
    def base_url(self) -> str:
        scheme = "https" if self.secure else "http"
        return f"{scheme}://127.0.0.1:{self.port}{self.base_path}"

    def enqueue(self, *scripts: Script) -> None:
        """Answer the requests to come with these; the last one answers all that follow."""
        self.scripts = deque(scripts)

    def release(self, count: int = 1) -> None:
        """Let so many stalls go on. May be called from any thread, also beforehand."""
        assert self._loop is not None and self._gate is not None
        gate = self._gate

        def let_go() -> None:
            for _ in range(count):
                gate.release()

        self._loop.call_soon_threadsafe(let_go)

    def hold(self) -> None:
        """Let stalls wait again, whatever was let go beforehand."""
        self._gate = asyncio.Semaphore(0)
        self._stalled.clear()

    async def wait_stalled(self) -> None:
        """Until an answer waits at a stall."""
        assert await asyncio.to_thread(self._stalled.wait, WAIT_SECONDS), "nothing stalled"
        self._stalled.clear()

    def wait_requests(self, count: int) -> None:
        """Block (in another thread than the server's) until so many chat requests came."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.requests) >= count, WAIT_SECONDS)

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._gate = asyncio.Semaphore(0)
        self._server = await asyncio.start_server(
            self._welcome, "127.0.0.1", self.port, ssl=self.secure
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    @contextlib.contextmanager
    def run_in_thread(self) -> Iterator[Self]:
        """Serve from a thread of its own, for tests that are not asynchronous."""
        ready = threading.Event()
        ending: asyncio.Event

        async def live() -> None:
            nonlocal ending
            ending = asyncio.Event()
            async with self:
                ready.set()
                await ending.wait()

        thread = threading.Thread(target=lambda: asyncio.run(live()), daemon=True)
        thread.start()
        assert ready.wait(WAIT_SECONDS)
        try:
            yield self
        finally:
            assert self._loop is not None
            self._loop.call_soon_threadsafe(lambda: ending.set())
            thread.join(WAIT_SECONDS)

    # ------------------------------------------- what a provider's dialect says

    def is_chat(self, request: ReceivedRequest) -> bool:
        raise NotImplementedError

    def accepts(self, request: ReceivedRequest) -> bool:
        """Whether the request carries the key this server was made with."""
        return self.key is None or self.key in " ".join(request.headers.values())

    def describe(self, request: ReceivedRequest) -> object | None:
        """The JSON answer to a request that is no chat; None is a 404."""
        raise NotImplementedError

    def opening(self, script: Script) -> list[bytes]:
        return []

    def event(self, text: str) -> bytes:
        raise NotImplementedError

    def ending(self, script: Script) -> list[bytes]:
        """The events of the terminal marker, usage included."""
        raise NotImplementedError

    def thought(self, text: str) -> list[bytes]:
        return []

    def mid_error(self, script: Script) -> bytes:
        raise NotImplementedError

    def bad_json(self) -> bytes:
        return b'data: {"half a \n\n'

    def comment(self) -> bytes:
        return b": still here\n\n"

    def status_body(self, script: Script) -> object:
        return {"error": {"message": f"status {script.status}", "type": "test_error"}}

    # ------------------------------------------------------------------- HTTP

    def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while request := await read_request(reader):
                if self.is_chat(request):
                    with self._arrived:
                        self.requests.append(request)
                        self._arrived.notify_all()
                    kept = await self._answer(request, reader, writer)
                else:
                    self.listings.append(request)
                    send_json(writer, *self._listing(request))
                    await writer.drain()
                    kept = True
                if not kept:
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _listing(self, request: ReceivedRequest) -> tuple[int, object]:
        if not self.accepts(request):
            return 401, {"error": {"message": "invalid api key", "type": "authentication_error"}}
        found = self.describe(request)
        return (404, {"error": {"message": "not found"}}) if found is None else (200, found)

    async def _answer(
        self,
        request: ReceivedRequest,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        """Answer a chat request; whether the connection may be used again."""
        script = self.scripts.popleft() if len(self.scripts) > 1 else self.scripts[0]
        if script.status == 200 and not self.accepts(request):
            script = Script(status=401)
        async with watch(reader, request) as gone:
            try:
                if script.silent_head:
                    await self._stall(gone)
                if script.status != 200:
                    body = self.status_body(script) if script.error is None else script.error
                    send_json(writer, script.status, body, script)
                    await writer.drain()
                else:
                    await self._stream(request, script, writer, gone)
            except (HungUp, ConnectionError):
                request.hung_up.set()
                return False
            request.done.set()
        if script.end == "reset":
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
        return script.end in ("marker", "fin") and script.chunked

    async def _stream(
        self,
        request: ReceivedRequest,
        script: Script,
        writer: asyncio.StreamWriter,
        gone: asyncio.Event,
    ) -> None:
        kind = script.content_type or self.content_type
        length = "transfer-encoding: chunked" if script.chunked else "connection: close"
        extra = "".join(f"{name}: {value}\r\n" for name, value in script.headers)
        head = f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\n{extra}{length}\r\n\r\n"
        writer.write(head.encode())
        clock = asyncio.get_running_loop().time
        start = clock()
        waiting: list[bytes] = []

        async def send_waiting() -> None:
            if waiting:
                data = b"".join(waiting)
                waiting.clear()
                for piece in cut(data, script.cuts) if script.cuts else [data]:
                    writer.write(frame(piece) if script.cuts and script.chunked else piece)
                    if script.cuts:
                        await asyncio.sleep(0)
                await writer.drain()
            if gone.is_set():
                raise HungUp

        def say(event: bytes) -> None:
            if script.crlf:
                event = event.replace(b"\n", b"\r\n")
            if script.cuts or not script.chunked:
                waiting.append(event)
            elif script.split_utf8:
                waiting.extend(map(frame, cut_inside_character(event)))
            else:
                waiting.append(frame(event))

        for event in self.opening(script):
            say(event)
        if script.thinking:
            for event in self.thought("Let me think."):
                say(event)
        for index in range(len(script.chunks) + 1):
            if index in script.stalls:
                await send_waiting()
                await self._stall(gone)
            if script.comments:
                say(self.comment())
            if script.bad_json_before == index:
                say(self.bad_json())
            if script.giant_before == index:
                say(self.event("x" * script.giant_bytes))
            if script.error_before == index:
                say(self.mid_error(script))
                await send_waiting()
                break
            if index == len(script.chunks):
                if script.end == "marker":
                    for event in self.ending(script):
                        say(event)
                break
            say(self.event(script.chunks[index]))
            request.sent = index + 1
            if script.pace:
                await send_waiting()
                await sleep_until(start + (index + 1) / script.pace, gone)
            elif index % BURST == BURST - 1 or script.split_utf8:
                await send_waiting()
        if script.end in ("marker", "fin") and script.chunked:
            await send_waiting()
            writer.write(b"0\r\n\r\n")
        await send_waiting()
        await writer.drain()

    async def _stall(self, gone: asyncio.Event) -> None:
        assert self._gate is not None
        self._stalled.set()
        released = asyncio.ensure_future(self._gate.acquire())
        left = asyncio.ensure_future(gone.wait())
        try:
            await asyncio.wait({released, left}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            left.cancel()
            released.cancel()
        if gone.is_set():
            raise HungUp
