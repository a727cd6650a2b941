"""What a connection may take before anybody knows whose it is: against the real server."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.running import Running, running
from ttrpg_assistant.connection_limits import Limits, limits_for

QUICK = Limits(
    header_seconds=0.4, body_grace_seconds=0.4, body_bytes_per_second=100_000, stalled_seconds=0.4
)
"""Short, so that a test sees the end of a slow client; the rules are those of every day."""

PATIENCE = 60.0


class Caller:
    """A client of bytes, that does what no browser would."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self._writer = reader, writer

    async def send(self, octets: bytes) -> bool:
        """False once the server has closed the connection."""
        try:
            self._writer.write(octets)
            await self._writer.drain()
        except OSError:
            return False
        return True

    async def read_all(self) -> bytes:
        """What is answered until the server closes; a reset ends it too."""
        found = b""
        async with asyncio.timeout(PATIENCE):
            try:
                while piece := await self.reader.read(65536):
                    found += piece
            except OSError:
                pass
        return found

    async def is_closed(self) -> bool:
        await self.read_all()
        return True

    async def is_answered(self, app: Running) -> bool:
        """Whether a request on this connection is answered."""
        await self.send(request(app, "/healthz"))
        async with asyncio.timeout(PATIENCE):
            try:
                return (await self.reader.readline()).startswith(b"HTTP/1.1 200")
            except OSError:
                return False

    def close(self) -> None:
        self._writer.transport.abort()


@asynccontextmanager
async def calling(app: Running, many: int = 1) -> AsyncIterator[list[Caller]]:
    port = int(app.address.rsplit(":", 1)[1])
    callers = []
    try:
        for _ in range(many):
            callers.append(Caller(*await asyncio.open_connection("127.0.0.1", port)))
        yield callers
    finally:
        for one in callers:
            one.close()


def request(app: Running, path: str, *more: str, method: str = "GET") -> bytes:
    host = app.address.removeprefix("http://")
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *more, "", ""]
    return "\r\n".join(lines).encode()


def code_of(answer: bytes) -> tuple[int, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["code"]


@pytest.mark.parametrize(
    "endless",
    [b"X-Long: " + b"a" * 1000, b"X-Many: a\r\n" * 90, b"\r\n" * 500],
    ids=["one header", "many headers", "empty lines"],
)
async def test_a_header_that_never_ends_is_cut(endless: bytes, tmp_path: Path) -> None:
    async with running(tmp_path) as app, calling(app) as (caller,):
        if not endless.startswith(b"\r"):
            await caller.send(b"GET / HTTP/1.1\r\n")
        sent = 0
        while sent < 64 * Limits().header_bytes and await caller.send(endless):
            sent += len(endless)
            endless = endless.removeprefix(b"X-Long: ")
            await asyncio.sleep(0)
        assert await caller.is_closed()
        assert sent < 64 * Limits().header_bytes


async def test_too_large_a_header_is_refused_with_its_reason(tmp_path: Path) -> None:
    async with running(tmp_path) as app, calling(app, 2) as (one, other):
        await one.send(request(app, "/healthz", "X-Large: " + "a" * Limits().header_bytes)[:-4])
        assert code_of(await one.read_all()) == (431, "header_too_large")
        await other.send(request(app, "/healthz?" + "a" * Limits().target_bytes))
        assert code_of(await other.read_all()) == (414, "address_too_long")


async def test_large_headers_within_the_limit_are_read_after_one_another(tmp_path: Path) -> None:
    async with running(tmp_path) as app, calling(app) as (caller,):
        large = request(app, "/healthz", "X-Large: " + "a" * 20_000)
        await caller.send(large * 3 + request(app, "/healthz", "Connection: close"))
        assert (await caller.read_all()).count(b"HTTP/1.1 200") == 4


async def test_slow_clients_are_cut_and_the_next_request_is_not(tmp_path: Path) -> None:
    body = ("Content-Type: application/json", "Content-Length: 100")
    async with running(tmp_path, limits=QUICK) as app, calling(app, 5) as callers:
        silent, half, lines, slow, again = callers
        await half.send(b"GET /healthz HTTP/1.1\r\nHost:")
        await lines.send(b"\r\n")
        await slow.send(request(app, "/api/access", *body, method="POST") + b"{")
        assert await again.is_answered(app)
        for one in (silent, half, lines, slow):
            assert await one.is_closed()


async def test_a_body_that_goes_on_after_its_refusal_is_cut(tmp_path: Path) -> None:
    more = ("Content-Type: application/json", "Transfer-Encoding: chunked")
    async with running(tmp_path, limits=QUICK) as app, calling(app) as (caller,):
        await caller.send(request(app, "/api/chat-sessions/active", *more, method="POST"))
        assert (await caller.reader.readline()).startswith(b"HTTP/1.1 401")
        async with asyncio.timeout(PATIENCE):
            while await caller.send(b"5\r\nabcde\r\n"):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert await caller.is_closed()


async def test_a_body_as_fast_as_it_must_be_is_read_to_its_end(tmp_path: Path) -> None:
    limits = replace(QUICK, body_bytes_per_second=10)
    body = b'{"token": "' + b"a" * 189 + b'"}'
    more = ("Content-Type: application/json", f"Content-Length: {len(body)}", "Connection: close")
    async with running(tmp_path, limits=limits) as app, calling(app) as (caller,):
        await caller.send(request(app, "/api/access", *more, method="POST"))
        for at in range(0, len(body), 20):
            await asyncio.sleep(0.06)  # Together longer than the grace.
            assert await caller.send(body[at : at + 20])
        assert code_of(await caller.read_all()) == (403, "launch_token_wrong")


async def test_an_open_stream_is_not_cut_for_its_silence(tmp_path: Path) -> None:
    async with (
        running(tmp_path, limits=QUICK) as app,
        app.client.stream("GET", "/api/changes") as hints,
    ):
        lines = hints.aiter_lines()
        assert await anext(lines)
        chat_id = await app.open_chat()
        await asyncio.sleep(1.0)  # What is tested is that time passes.
        await app.say(chat_id, "Who is there?")
        async with asyncio.timeout(PATIENCE):
            async for line in lines:
                if chat_id in line:
                    break


async def test_idle_strangers_shut_nobody_out(tmp_path: Path) -> None:
    limits = Limits(connections=40, per_address=30)
    async with running(tmp_path, limits=limits) as app, calling(app, 300) as callers:
        await app.open_chat()
        async with calling(app) as (later,):
            assert await later.is_answered(app)
        async with asyncio.TaskGroup() as closing:
            for one in callers[:200]:
                closing.create_task(one.is_closed())


async def test_a_request_that_nobody_has_read_yet_is_answered_whoever_comes_after_it(
    tmp_path: Path,
) -> None:
    limits = Limits(connections=6, per_address=6)
    async with running(tmp_path, limits=limits) as app:
        where = ("127.0.0.1", int(app.address.rsplit(":", 1)[1]))
        with ExitStack() as opened:
            # Without a pause for the server: it accepts all of them before it reads any.
            asking = opened.enter_context(socket.create_connection(where))
            asking.sendall(request(app, "/healthz"))
            for _ in range(12):
                opened.enter_context(socket.create_connection(where))
            asking.settimeout(PATIENCE)
            answered = await asyncio.to_thread(asking.recv, 100)
            assert answered.startswith(b"HTTP/1.1 200")


async def test_a_page_in_use_is_never_closed_for_strangers(tmp_path: Path) -> None:
    limits = Limits(connections=40, per_address=30)
    async with running(tmp_path, limits=limits) as app:
        chat_id = await app.open_chat()
        async with app.client.stream("GET", "/api/changes") as hints:
            lines = hints.aiter_lines()
            assert await anext(lines)
            async with calling(app, 200):
                await app.say(chat_id, "Who is there?")
                async with asyncio.timeout(PATIENCE):
                    async for line in lines:
                        if chat_id in line:
                            break


async def test_more_than_there_is_room_for_is_told_so(tmp_path: Path) -> None:
    limits = Limits(connections=4, per_address=4)
    async with running(tmp_path, limits=limits) as app, calling(app, 4) as callers:
        credential = app.client.headers["Authorization"]
        for one in callers:
            await one.send(request(app, "/api/changes", f"Authorization: {credential}"))
            assert (await one.reader.readline()).startswith(b"HTTP/1.1 200")
        async with calling(app) as (late,):
            assert code_of(await late.read_all()) == (503, "too_many_connections")


async def test_websockets_are_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as app, calling(app, 2) as (offering, newer):
        offer = ("Connection: Upgrade", "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 13")
        await offering.send(request(app, "/healthz", "Upgrade: websocket", *offer))
        assert code_of(await offering.read_all()) == (400, "no_websockets")
        await newer.send(request(app, "/healthz", "Connection: Upgrade", "Upgrade: h2c"))
        assert (await newer.read_all()).startswith(b"HTTP/1.1 200")


async def test_requests_far_ahead_of_their_answers_are_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as app, calling(app) as (caller,):
        await caller.send(request(app, "/healthz") * 500)
        assert (await caller.read_all()).count(b"HTTP/1.1 200") <= 2 * Limits().pipelined


@pytest.mark.parametrize("descriptors", [128, 256, 1024, 4096, 1_000_000, None])
def test_connections_leave_descriptors_for_everything_else(descriptors: int | None) -> None:
    limits = limits_for(descriptors)
    assert limits.per_address < limits.connections
    if descriptors is not None and descriptors >= 256:
        assert limits.connections + limits.backlog + 90 <= descriptors
