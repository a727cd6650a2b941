"""The transport under the HTTP client: dials carefully, keeps connections for the next turn.

This is the one place that knows the address really dialled. A name is looked up, every
address it stands for is checked, and a checked address is the one connected to, so a name
that changes its mind between the check and the call gains nothing.
"""

from __future__ import annotations

import asyncio
import functools
import socket
import ssl
from collections.abc import AsyncIterator, Callable

import httpx2

from ttrpg_assistant.llm.addresses import read_address
from ttrpg_assistant.llm.network import Line

KEEP_SECONDS = 50.0
"""How long an idle connection is kept: a new one costs a first token up to 100 ms of TLS."""

KEEP_AT_MOST = 8

DialCheck = Callable[[str, str], bool]
"""`(scheme, numeric address) -> may be dialled`."""

_Home = tuple[str, str, int]


class DirectTransport(httpx2.AsyncBaseTransport):
    """HTTP/1.1 for one kind of call: a small request, a long streamed answer."""

    def __init__(self, may_dial: DialCheck) -> None:
        self._may_dial = may_dial
        self._idle: dict[_Home, list[Line]] = {}
        self._busy: set[Line] = set()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        limits: dict[str, float | None] = request.extensions.get("timeout", {})
        url = request.url
        home = (url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80))
        message = _write_request(request, await request.aread())
        line = self._take_idle(home)
        if line is not None:
            try:
                return await self._ask(line, home, message, limits)
            except (httpx2.ReadError, httpx2.WriteError):
                # The other side closed a kept connection just as it was used again. It said
                # nothing, so nothing was begun, and the request is sent once more.
                if line.heard:
                    raise
        line = await self._dial(home, limits.get("connect"))
        return await self._ask(line, home, message, limits)

    async def aclose(self) -> None:
        for line in [*self._busy, *(kept for lines in self._idle.values() for kept in lines)]:
            line.hang_up()
        self._busy.clear()
        self._idle.clear()

    async def _ask(
        self, line: Line, home: _Home, message: bytes, limits: dict[str, float | None]
    ) -> httpx2.Response:
        line.begin()
        self._busy.add(line)
        try:
            line.send(message)
            await line.wait_taken(limits.get("write"))
            await line.wait_head(limits.get("read"))
        except BaseException:
            self._busy.discard(line)
            line.hang_up()
            raise
        answer = _Answer(line, limits.get("read"), functools.partial(self._put_back, home, line))
        return httpx2.Response(line.status, headers=line.headers, stream=answer)

    def _take_idle(self, home: _Home) -> Line | None:
        kept = self._idle.get(home, [])
        now = asyncio.get_running_loop().time()
        while kept:
            line = kept.pop()
            if not line.closed and now - line.idle_since < KEEP_SECONDS:
                return line
            line.hang_up()
        return None

    def _put_back(self, home: _Home, line: Line) -> None:
        self._busy.discard(line)
        kept = self._idle.setdefault(home, [])
        if line.reusable and len(kept) < KEEP_AT_MOST:
            line.idle_since = asyncio.get_running_loop().time()
            kept.append(line)
        else:
            line.hang_up()

    async def _dial(self, home: _Home, limit: float | None) -> Line:
        scheme, host, port = home
        try:
            async with asyncio.timeout(limit):
                addresses = await _look_up(host, port)
                if not all(self._may_dial(scheme, address) for address in addresses):
                    raise httpx2.ConnectError(
                        f"{host} stands for an address that may not be called"
                    )
                return await _connect(scheme, host, port, addresses)
        except TimeoutError:
            raise httpx2.ConnectTimeout(f"{host} did not take the call") from None
        except (OSError, ssl.CertificateError) as reason:
            raise httpx2.ConnectError(str(reason)) from None


class _Answer(httpx2.AsyncByteStream):
    """The body, as it arrives."""

    def __init__(self, line: Line, silence: float | None, put_back: Callable[[], None]) -> None:
        self._line = line
        self._silence = silence
        self._put_back = put_back
        self._open = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        line, silence = self._line, self._silence
        while data := await line.next_bytes(silence):
            yield data

    async def aclose(self) -> None:
        # Nothing is awaited here: closing works for a task that is being cancelled too.
        if self._open:
            self._open = False
            self._put_back()


async def _look_up(host: str, port: int) -> list[str]:
    literal = read_address(host)
    if literal is not None:
        return [str(literal)]
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise OSError(f"{host} has no address")
    return addresses


async def _connect(scheme: str, host: str, port: int, addresses: list[str]) -> Line:
    loop = asyncio.get_running_loop()
    # Off the loop: reading the certificates would hold up every running answer.
    context = await asyncio.to_thread(trust) if scheme == "https" else None
    refusal: OSError = OSError("no address")
    for address in addresses:
        try:
            # One silent address must not use up the time of the next one.
            async with asyncio.timeout(None if address == addresses[-1] else 3.0):
                _, line = await loop.create_connection(
                    Line,
                    address,
                    port,
                    ssl=context,
                    server_hostname=host if context is not None else None,
                )
            return line
        except TimeoutError:
            refusal = OSError(f"{host} did not take the call")
        except OSError as reason:
            refusal = reason
    raise refusal


@functools.cache
def trust() -> ssl.SSLContext:
    """The certificates that are trusted, read once: it takes tens of milliseconds."""
    context = httpx2.create_ssl_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def _write_request(request: httpx2.Request, body: bytes) -> bytes:
    lines = [request.method.encode("ascii"), b" ", request.url.raw_path, b" HTTP/1.1\r\n"]
    for name, value in request.headers.raw:
        lines += (name, b": ", value, b"\r\n")
    lines += (b"\r\n", body)
    return b"".join(lines)
