"""One connection to a provider: what arrives is parsed as it arrives.

A reply comes as many small pieces and each wakes the process once, so the cost of one
wake-up decides how many replies a machine can carry. Here it is one C parser fed from
the protocol callback and one timer a connection; whatever arrived together is handed on
together.
"""

from __future__ import annotations

import asyncio
from typing import cast

import httptools
import httpx2

READ_AHEAD_BYTES = 512 * 1024
"""How much may wait unread before the sender is told to hold on."""

MAX_HEAD_BYTES = 64 * 1024
"""How long a status line with its headers may be."""

_FOREVER = float("inf")


class Line(asyncio.Protocol):
    """A connection and the answer that is arriving on it, one at a time.

    Waiting methods raise httpx2's own `TransportError`s.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._taker: asyncio.Future[None] | None = None
        self._deadline = _FOREVER
        self._timer: asyncio.TimerHandle | None = None
        self._taking_paused = False
        self._reading_paused = False
        self.closed = False
        self.idle_since = 0.0
        self.begin()

    # ------------------------------------------------------------- one answer

    def begin(self) -> None:
        """Forget the last answer and expect the next one."""
        self._parser = httptools.HttpResponseParser(self)
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.head_done = False
        self.complete = False
        self._may_stay = False
        self.heard = False
        self._body: list[bytes] = []
        self._body_bytes = 0
        self._head_bytes = 0
        self._broken: str | None = None

    @property
    def reusable(self) -> bool:
        """Whether another request may be sent on this connection."""
        return (
            self.complete
            and self._may_stay
            and not self.closed
            and self._broken is None
            and not self._reading_paused
        )

    def send(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(data)

    async def wait_taken(self, limit: float | None) -> None:
        """Return when the network has taken (nearly) everything that was sent."""
        if not self._taking_paused or self.closed:
            return
        self._taker = self._loop.create_future()
        try:
            async with asyncio.timeout(limit):
                await self._taker
        except TimeoutError:
            raise httpx2.WriteTimeout("the request was not taken") from None
        finally:
            self._taker = None

    async def wait_head(self, silence: float | None) -> None:
        """Return when status and headers are here; `silence` is the seconds allowed."""
        while not self.head_done:
            self._check_line()
            await self._wait(silence)

    async def next_bytes(self, silence: float | None) -> bytes:
        """What arrived since the last call; empty when the answer is complete."""
        while not self._body:
            if self.complete:
                return b""
            self._check_line()
            await self._wait(silence)
        data = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        self._body.clear()
        self._body_bytes = 0
        if self._reading_paused and self._transport is not None and not self.closed:
            self._reading_paused = False
            self._transport.resume_reading()
        return data

    def hang_up(self) -> None:
        """Close at once. A graceful close would leave a stalled connection open."""
        if self._transport is not None:
            self._transport.abort()
        self.closed = True

    def _check_line(self) -> None:
        if self._broken is not None:
            raise httpx2.RemoteProtocolError(self._broken)
        if self.closed:
            raise httpx2.ReadError("the connection ended too early")

    async def _wait(self, silence: float | None) -> None:
        self._waiter = self._loop.create_future()
        self._deadline = _FOREVER if silence is None else self._loop.time() + silence
        if self._timer is None:
            if silence is not None:
                self._timer = self._loop.call_at(self._deadline, self._look_at_clock)
        elif self._timer.when() > self._deadline:
            self._timer.cancel()
            self._timer = self._loop.call_at(self._deadline, self._look_at_clock)
        try:
            await self._waiter
        except TimeoutError:
            raise httpx2.ReadTimeout("nothing arrived") from None
        finally:
            self._waiter = None

    def _look_at_clock(self) -> None:
        # The timer is not moved for every piece that arrives; it looks up when it rings.
        self._timer = None
        if self._waiter is None or self._waiter.done() or self._deadline == _FOREVER:
            return
        if self._loop.time() >= self._deadline - 0.001:
            self._waiter.set_exception(TimeoutError())
        else:
            self._timer = self._loop.call_at(self._deadline, self._look_at_clock)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # ------------------------------------------------- called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.heard = True
        if not self.head_done:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as reason:
            self._broken = f"not an HTTP answer: {reason}"
        if not self.head_done and self._head_bytes > MAX_HEAD_BYTES:
            self._broken = "the headers are too long"
        if self._broken is not None:
            self.hang_up()
        elif self._body_bytes > READ_AHEAD_BYTES and not self._reading_paused:
            self._reading_paused = True
            assert self._transport is not None
            self._transport.pause_reading()
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
        self._taking_paused = True

    def resume_writing(self) -> None:
        self._taking_paused = False
        if self._taker is not None and not self._taker.done():
            self._taker.set_result(None)

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

    def on_message_complete(self) -> None:
        if self.head_done:
            self.complete = True
            self._may_stay = bool(self._parser.should_keep_alive())
