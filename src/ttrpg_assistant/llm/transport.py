"""The transport under the HTTP client: small requests, long streamed answers over HTTP/1.1.

It is our own because the library's costs more than half as much again for every piece of an
answer (docs/decisions/0012). Connections over https are kept for the next call, because a new
one costs a first token up to 100 ms. Connections over plain http are not: those servers are
at home, where a new connection costs under a millisecond, and a kept one may have died.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial

import httpx2

from ttrpg_assistant.llm.connecting import (
    Origin,
    Route,
    connect,
    find_route,
    proxy_refusal,
)
from ttrpg_assistant.llm.connection import Connection
from ttrpg_assistant.llm.network import DIRECT, PATIENCE, Network, Patience
from ttrpg_assistant.llm.pace import tick_seconds

KEEP_SECONDS = 50.0
"""How long an idle connection is kept."""

KEEP_AT_MOST = 8

REUSED_SILENCE_SECONDS = 25.0
"""How long a reused connection may say nothing at all before the request is sent again on a new
one. Only where the last answer began sooner than `SLOW_SECONDS`: others are not reused."""

SLOW_SECONDS = 10.0

REUSE = "reuse"
"""The request extension that says, with False, that only a new connection will do."""


class StreamingTransport(httpx2.AsyncBaseTransport):
    """HTTP/1.1 to model servers. `patience` is how long each may be silent."""

    def __init__(
        self,
        network: Network = DIRECT,
        patience: Patience = PATIENCE,
    ) -> None:
        self._network = network
        self._patience = patience
        self._idle: dict[Origin, list[Connection]] = {}
        self._busy: set[Connection] = set()
        self._slow: set[Origin] = set()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        limits: dict[str, float | None] = request.extensions.get("timeout", {})
        url = request.url
        origin = Origin(
            url.scheme,
            url.raw_host.decode("ascii").strip("[]"),
            url.port or (443 if url.scheme == "https" else 80),
        )
        body = await request.aread()
        reusable = self._take_idle(origin) if request.extensions.get(REUSE, True) else None
        if reusable is not None:
            silence = min(self._silence(reusable), REUSED_SILENCE_SECONDS)
            try:
                return await self._ask(
                    reusable, origin, _write_request(request, body), limits, silence
                )
            except (httpx2.ReadError, httpx2.WriteError, httpx2.ReadTimeout):
                # The connection died while it was kept: the other side closed it just now, or
                # is gone without a word. It said nothing, so the request is sent once more.
                if reusable.received_anything:
                    raise
                self._drop_idle(origin)
        connection, route = await self._connect(origin, limits.get("connect"))
        message = _write_request(request, body, route)
        response = await self._ask(connection, origin, message, limits, self._silence(connection))
        if response.status_code == 407 and route.proxy is not None:
            await response.aclose()
            raise proxy_refusal(route.proxy, 407)
        return response

    async def aclose(self) -> None:
        """Close every connection, also of answers that are still running."""
        idle = [connection for kept in self._idle.values() for connection in kept]
        for connection in [*self._busy, *idle]:
            connection.abort()
        self._busy.clear()
        self._idle.clear()

    async def _ask(
        self,
        connection: Connection,
        origin: Origin,
        message: bytes,
        limits: dict[str, float | None],
        silence: float,
    ) -> httpx2.Response:
        connection.begin()
        connection.tick_seconds = self._tick_seconds
        self._busy.add(connection)
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            connection.send(message)
            await connection.wait_written(limits.get("write"))
            await connection.wait_headers(silence)
        except BaseException:
            self._busy.discard(connection)
            connection.abort()
            raise
        (self._slow.add if clock() - began > SLOW_SECONDS else self._slow.discard)(origin)
        answer = _Answer(
            connection, self._silence(connection), partial(self._release, origin, connection)
        )
        return httpx2.Response(connection.status, headers=connection.headers, stream=answer)

    def _tick_seconds(self) -> float:
        return tick_seconds(len(self._busy))

    def _silence(self, connection: Connection) -> float:
        return self._patience.at_home if connection.at_home else self._patience.away

    def _take_idle(self, origin: Origin) -> Connection | None:
        kept = self._idle.get(origin, [])
        now = asyncio.get_running_loop().time()
        while kept:
            connection = kept.pop()
            if not connection.closed and now - connection.idle_since < KEEP_SECONDS:
                return connection
            connection.abort()
        return None

    def _drop_idle(self, origin: Origin) -> None:
        for connection in self._idle.pop(origin, []):
            connection.abort()

    def _release(self, origin: Origin, connection: Connection) -> None:
        self._busy.discard(connection)
        may_keep = (
            origin.scheme == "https"
            and connection.reusable
            # What failed is called again on a connection of its own.
            and connection.status < 400
            and origin not in self._slow
        )
        kept = self._idle.setdefault(origin, [])
        if may_keep and len(kept) < KEEP_AT_MOST:
            connection.idle_since = asyncio.get_running_loop().time()
            kept.append(connection)
        else:
            connection.close()

    async def _connect(self, origin: Origin, limit: float | None) -> tuple[Connection, Route]:
        try:
            async with asyncio.timeout(limit):
                route = await find_route(origin, self._network)
                return await connect(origin, route, self._network), route
        except TimeoutError:
            raise httpx2.ConnectTimeout(f"{origin.host} did not accept a connection") from None


class _Answer(httpx2.AsyncByteStream):
    """The body, as it arrives."""

    def __init__(self, connection: Connection, silence: float, release: Callable[[], None]) -> None:
        self._connection = connection
        self._silence = silence
        self._release = release
        self._open = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        connection, silence = self._connection, self._silence
        while data := await connection.next_bytes(silence):
            yield data

    async def aclose(self) -> None:
        # Nothing is awaited here: closing works for a task that is being cancelled too.
        if self._open:
            self._open = False
            self._release()


def _write_request(request: httpx2.Request, body: bytes, route: Route | None = None) -> bytes:
    url = request.url
    keeps = url.scheme == "https"
    target, extra = url.raw_path, []
    if route is not None and route.proxy is not None and not keeps:
        # A proxy that forwards plain http needs the whole address.
        target = b"http://" + url.netloc + url.raw_path
        if route.proxy.authorization is not None:
            extra.append((b"Proxy-Authorization", route.proxy.authorization))
    parts = [request.method.encode("ascii"), b" ", target, b" HTTP/1.1\r\n"]
    for name, value in [*request.headers.raw, *extra]:
        if name.lower() == b"connection" and not keeps:
            value = b"close"
        parts += (name, b": ", value, b"\r\n")
    parts += (b"\r\n", body)
    return b"".join(parts)
