"""One connection to a provider: what arrives is parsed as it arrives.

A reply comes as many small pieces and each wakes the process once, so the cost of one
wake-up decides how many replies a machine can carry. Here it is one C parser fed from
the protocol callback and one timer a connection; whatever arrived together is handed on
together. While pieces come faster than they are sent to pages, the operating system collects them
until the next tick (`pace.py`); it wakes this process earlier only for 4 KiB or the end.
"""

from __future__ import annotations

import asyncio
import platform
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final, cast

import httptools
import httpx2

from ttrpg_assistant.llm.pace import TICK_SECONDS, next_tick

READ_AHEAD_BYTES = 512 * 1024
"""How much may wait unread before reading from the socket pauses."""

MAX_HEAD_BYTES = 64 * 1024
"""How long a status line with its headers may be."""

QUICK_PIECES = 4
"""The first pieces are read at once, whatever their pace: among them is the first word."""

GATHERED_BYTES = 4 * 1024
"""So many bytes are read without waiting for more."""

_FOREVER = float("inf")


def _can_gather() -> bool:
    """Whether the operating system can wait for a number of bytes before it reports a socket as
    readable (SO_RCVLOWAT)."""
    version = platform.release().split(".")[:2]
    known = len(version) == 2 and all(map(str.isdecimal, version))
    # Older ones do not notice when that number becomes smaller again.
    return sys.platform == "linux" and known and tuple(map(int, version)) >= (4, 18)


SYSTEM_GATHERS: Final = _can_gather()


class Connection(asyncio.Protocol):
    """A connection and the answer that is arriving on it, one at a time.

    `at_home` says whether the other side is in the house, `sock` is what the system knows of it.
    Waiting methods raise httpx2's own `TransportError`s.
    """

    def __init__(self, *, at_home: bool = False, sock: socket.socket | None = None) -> None:
        self.at_home = at_home
        self._socket = sock
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._read_waiter: asyncio.Future[None] | None = None
        self._write_waiter: asyncio.Future[None] | None = None
        self._deadline = _FOREVER
        self._timer: asyncio.TimerHandle | None = None
        self._writing_paused = False
        self._reading_paused = False
        self.closed = False
        self.idle_since = 0.0
        self.tick_seconds: Callable[[], float] = lambda: TICK_SECONDS
        """How long a tick is now; set by how many answers arrive."""
        self._gathering: asyncio.TimerHandle | None = None
        """Runs out at the tick until which pieces are gathered."""
        self.begin()

    # ------------------------------------------------------------- one answer

    def begin(self) -> None:
        """Forget the last answer and expect the next one."""
        self._parser = httptools.HttpResponseParser(self)
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.head_done = False
        self.complete = False
        self._keep_alive = False
        self.received_anything = False
        self._body: list[bytes] = []
        self._body_bytes = 0
        self._head_bytes = 0
        self._idle_bytes = 0
        """What came after the head without being part of the body, since the last of that."""
        self._broken: str | None = None
        self._handed_on_at = 0.0
        self._quick = 0
        """How many readings in a row came soon after the one before."""
        self._was_little = False
        """Whether the last reading was little: what comes in bulk is not gathered."""

    @property
    def reusable(self) -> bool:
        """Whether another request may be sent on this connection."""
        return (
            self.complete
            and self._keep_alive
            and not self.closed
            and self._broken is None
            and not self._reading_paused
        )

    def send(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(data)

    async def wait_written(self, limit: float | None) -> None:
        """Return when (nearly) everything that was sent has left this process."""
        if not self._writing_paused or self.closed:
            return
        self._write_waiter = self._loop.create_future()
        try:
            async with asyncio.timeout(limit):
                await self._write_waiter
        except TimeoutError:
            raise httpx2.WriteTimeout("the request could not be sent in time") from None
        finally:
            self._write_waiter = None

    async def wait_headers(self, silence: float | None) -> None:
        """Return when status and headers are here; `silence` is how many seconds may pass in it."""
        while not self.head_done:
            self._check_open()
            await self._wait(silence)

    async def next_bytes(self, silence: float | None) -> bytes:
        """What arrived since the last call; empty when the answer is complete."""
        while not self._body:
            if self.complete:
                return b""
            self._check_open()
            await self._wait(silence)
        now = self._loop.time()
        is_quick = len(self._body) > 1 or now - self._handed_on_at < self.tick_seconds()
        self._was_little = self._body_bytes < GATHERED_BYTES
        self._quick = self._quick + 1 if is_quick else 0
        self._handed_on_at = now
        data = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        self._body.clear()
        self._body_bytes = 0
        if self._reading_paused and self._transport is not None and not self.closed:
            self._reading_paused = False
            self._transport.resume_reading()
        return data

    def abort(self) -> None:
        """Close at once. A graceful close would leave a stalled connection open."""
        if self._transport is not None:
            self._transport.abort()
        self.closed = True

    def close(self) -> None:
        """Close after a whole answer, politely; anything else is aborted."""
        if self._transport is None or not self.complete:
            self.abort()
        else:
            self._transport.close()
            self.closed = True

    def _check_open(self) -> None:
        if self._broken is not None:
            raise httpx2.RemoteProtocolError(self._broken)
        if self.closed:
            raise httpx2.ReadError("the connection ended too early")

    async def _wait(self, silence: float | None) -> None:
        self._read_waiter = self._loop.create_future()
        self._deadline = _FOREVER if silence is None else self._loop.time() + silence
        if self._timer is None:
            if silence is not None:
                self._timer = self._loop.call_at(self._deadline, self._on_timer)
        elif self._timer.when() > self._deadline:
            self._timer.cancel()
            self._timer = self._loop.call_at(self._deadline, self._on_timer)
        if self._quick >= QUICK_PIECES and self._was_little:
            self._gather()
        try:
            await self._read_waiter
        except TimeoutError:
            raise httpx2.ReadTimeout("nothing arrived") from None
        finally:
            self._read_waiter = None

    def _on_timer(self) -> None:
        # The timer is not moved for every piece that arrives: it compares when it fires.
        self._timer = None
        if self._read_waiter is None or self._read_waiter.done() or self._deadline == _FOREVER:
            return
        if self._loop.time() >= self._deadline - 0.001:
            self._read_waiter.set_exception(TimeoutError())
        else:
            self._timer = self._loop.call_at(self._deadline, self._on_timer)

    def _gather(self) -> None:
        """Let what arrives until the next tick wait for it, unless it is much or the end."""
        tick = next_tick(self._loop.time(), self.tick_seconds())
        self._gathering = self._loop.call_at(tick, self._on_tick)
        self._be_woken_from(GATHERED_BYTES)

    def _on_tick(self) -> None:
        self._end_gathering()
        if self._body:
            self._wake()

    def _end_gathering(self) -> None:
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
            self._be_woken_from(1)

    def _be_woken_from(self, least_bytes: int) -> None:
        if SYSTEM_GATHERS and self._socket is not None:
            with suppress(OSError):  # It is closed: nothing wakes anybody any more.
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, least_bytes)

    def _wake(self) -> None:
        self._end_gathering()
        if self._read_waiter is not None and not self._read_waiter.done():
            self._read_waiter.set_result(None)

    # ------------------------------------------------- called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.received_anything = True
        if self.head_done:
            self._idle_bytes += len(data)
        else:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as reason:
            self._broken = f"not an HTTP answer: {reason}"
        if not self.head_done and self._head_bytes > MAX_HEAD_BYTES:
            self._broken = "the headers are too long"
        if self._idle_bytes > MAX_HEAD_BYTES:
            # Trailers and remarks between the chunks: nothing else would ever end them.
            self._broken = "what stands beside the answer is too long"
        if self._broken is not None:
            self.abort()
        elif self._body_bytes > READ_AHEAD_BYTES and not self._reading_paused:
            self._reading_paused = True
            assert self._transport is not None
            self._transport.pause_reading()
        is_little = self._body_bytes < GATHERED_BYTES and not self.complete
        if self._gathering is None or not is_little or self._broken is not None:
            self._wake()

    def eof_received(self) -> bool:
        self._end()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.resume_writing()

    def _end(self) -> None:
        self.closed = True
        if self.head_done and not self.complete and self._ends_with_the_connection():
            self.complete = True
        self._wake()

    def _ends_with_the_connection(self) -> bool:
        return not any(
            name in (b"content-length", b"transfer-encoding") for name, _ in self.headers
        )

    def pause_writing(self) -> None:
        self._writing_paused = True

    def resume_writing(self) -> None:
        self._writing_paused = False
        if self._write_waiter is not None and not self._write_waiter.done():
            self._write_waiter.set_result(None)

    # ----------------------------------------------------- called by the parser

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:
            # "Continue" and "early hints" announce the answer; they are not it.
            self.headers = []
            return
        self.status = status
        self.head_done = True

    def on_body(self, body: bytes) -> None:
        self._body.append(body)
        self._body_bytes += len(body)
        self._idle_bytes = 0

    def on_message_complete(self) -> None:
        if self.head_done:
            self.complete = True
            self._keep_alive = bool(self._parser.should_keep_alive())
