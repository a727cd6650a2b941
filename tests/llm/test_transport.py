import asyncio
import contextlib
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.llm.dialect_cases import hear, make_provider, talking
from tests.llm.loopback import (
    ANSWER,
    GOOD,
    WHOLE,
    RawServer,
    make_certificate,
    make_secure,
    name_resolves_to,
)
from ttrpg_assistant.errors import BadAnswer, CutOff, InvalidInput, Stalled, Unreachable
from ttrpg_assistant.llm import connecting
from ttrpg_assistant.llm.addresses import check_base_url, may_dial
from ttrpg_assistant.llm.calls import MOST_UNREACHED
from ttrpg_assistant.llm.connection import (
    GATHERED_BYTES,
    QUICK_PIECES,
    READ_AHEAD_BYTES,
    SYSTEM_GATHERS,
    Connection,
)
from ttrpg_assistant.llm.network import DIRECT, make_network


async def hear_from(server: RawServer, host: str = "127.0.0.1", **more: Any) -> object:
    scheme = "https" if server.secure else "http"
    provider = make_provider("openai", f"{scheme}://{host}:{server.port}/v1", **more)
    heard = await hear(provider)
    await provider.aclose()
    return heard.fault if heard.fault is not None else heard.text


async def test_early_hints_are_not_the_answer() -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"
    async with RawServer(hints + WHOLE) as server:
        assert await hear_from(server) == "Hi"


async def test_a_connection_closed_without_a_word_is_unreachable() -> None:
    async with RawServer(b"") as server:
        assert isinstance(await hear_from(server), Unreachable)


async def test_something_that_is_not_http_is_unreachable() -> None:
    async with RawServer(b"SSH-2.0-OpenSSH_9.9\r\n") as server:
        assert isinstance(await hear_from(server), Unreachable)


async def test_endless_headers_are_refused() -> None:
    async with RawServer(b"HTTP/1.1 200 OK\r\n" + b"x-a: b\r\n" * 20_000, close=False) as server:
        assert isinstance(await hear_from(server), Unreachable)


async def test_a_body_shorter_than_promised_is_cut_off() -> None:
    begun = b'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n'
    async with RawServer(GOOD % (9_999, begun)) as server:
        assert isinstance(await hear_from(server), CutOff)


async def test_a_compressed_answer_is_read_all_the_same() -> None:
    import gzip

    packed = gzip.compress(ANSWER)
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n"
    async with RawServer(head % len(packed) + packed) as server:
        assert await hear_from(server) == "Hi"


async def test_a_fresh_connection_is_never_asked_twice_by_the_transport() -> None:
    async with RawServer(b"") as server:
        await hear_from(server)
        assert server.calls == MOST_UNREACHED, "and no oftener than calls.py says"


async def test_an_error_page_that_never_ends_is_still_its_status() -> None:
    head = b"HTTP/1.1 503 Busy\r\ncontent-length: 99999\r\n\r\nLoading model"
    async with RawServer(head, close=False) as server:
        fault = await hear_from(server, idle_seconds=0.2)
    assert "Loading model" in str(fault)


async def test_plain_http_behind_an_https_address_is_unreachable() -> None:
    async with talking("openai") as (_, server):
        provider = make_provider(
            "openai", f"https://127.0.0.1:{server.port}/v1", connect_seconds=0.2
        )
        assert isinstance((await hear(provider)).fault, Unreachable)
        await provider.aclose()


async def test_a_name_that_does_not_exist_is_unreachable() -> None:
    provider = make_provider("openai", "https://no-such-host.invalid/v1", connect_seconds=5)
    assert isinstance((await hear(provider)).fault, Unreachable)
    await provider.aclose()


async def test_a_name_that_stands_for_a_forbidden_address_is_not_dialled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with talking("openai") as (_, server):
        name_resolves_to(monkeypatch, "127.0.0.1", "169.254.169.254")
        provider = make_provider("openai", f"http://rebound.example:{server.port}/v1")
        assert isinstance((await hear(provider)).fault, Unreachable)
        assert server.connections == 0
        await provider.aclose()


class Tap(asyncio.Transport):
    """A transport that only remembers whether reading is paused."""

    flowing = True

    def pause_reading(self) -> None:
        self.flowing = False

    def resume_reading(self) -> None:
        self.flowing = True


async def test_a_reader_that_stops_reading_holds_the_sender_back() -> None:
    connection, tap = Connection(), Tap()
    connection.connection_made(tap)
    connection.data_received(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n")
    connection.data_received(b"x" * READ_AHEAD_BYTES)
    assert tap.flowing
    connection.data_received(b"x")
    assert not tap.flowing
    assert len(await connection.next_bytes(1.0)) == READ_AHEAD_BYTES + 1
    assert tap.flowing


async def test_pieces_that_come_quickly_are_handed_on_together_and_the_first_ones_at_once() -> None:
    connection, tap, pieces = Connection(), Tap(), 60
    connection.connection_made(tap)
    connection.data_received(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % (2 * pieces))
    handed_on: list[bytes] = []

    async def read() -> None:
        while data := await connection.next_bytes(5.0):
            handed_on.append(data)

    reading = asyncio.create_task(read())
    for number in range(pieces):
        await asyncio.sleep(0)  # The reader comes to its turn between two pieces.
        connection.data_received(b"%02d" % number)
        if number < QUICK_PIECES:
            await asyncio.sleep(0)
            assert handed_on[-1] == b"%02d" % number
    # The end of the answer is not gathered: nothing comes after it.
    await reading
    assert b"".join(handed_on) == b"".join(b"%02d" % number for number in range(pieces))
    assert len(handed_on) < pieces / 2


async def test_a_large_piece_and_the_end_of_a_connection_wait_for_nothing() -> None:
    for last in (b"x" * GATHERED_BYTES, None):
        connection = Connection()
        connection.tick_seconds = lambda: 60.0
        connection.connection_made(Tap())
        connection.data_received(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(QUICK_PIECES + 1):
            connection.data_received(b"a")
            assert await connection.next_bytes(5.0) == b"a"
        waiting = asyncio.create_task(connection.next_bytes(5.0))
        await asyncio.sleep(0)
        connection.data_received(b"b")
        await asyncio.sleep(0)
        assert not waiting.done()  # It is gathered.
        if last is None:
            connection.connection_lost(None)
        else:
            connection.data_received(last)
        assert await waiting == b"b" + (last or b"")


@pytest.mark.skipif(not SYSTEM_GATHERS, reason="this system wakes a process for every byte")
@pytest.mark.parametrize("last", [b"x" * GATHERED_BYTES, b""])
async def test_little_that_comes_between_two_ticks_wakes_nobody(last: bytes) -> None:
    """`last` is much, or the end."""
    woken: list[int] = []

    class Counting(Connection):
        def data_received(self, data: bytes) -> None:
            woken.append(len(data))
            super().data_received(data)

    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as ours,
        listener.accept()[0] as theirs,
    ):
        ours.setblocking(False)
        theirs.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(lambda: Counting(sock=ours), sock=ours)
        connection.tick_seconds = lambda: 60.0
        theirs.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        await connection.wait_headers(5.0)
        for _ in range(QUICK_PIECES + 1):
            theirs.sendall(b"a")
            assert await connection.next_bytes(5.0) == b"a"
        waiting = asyncio.create_task(connection.next_bytes(5.0))
        await asyncio.sleep(0)
        woken.clear()
        for _ in range(10):
            theirs.sendall(b"b")
            await asyncio.sleep(0.001)  # The event loop looks at its sockets.
        assert not woken and not waiting.done()
        if last:
            theirs.sendall(last)
        else:
            theirs.shutdown(socket.SHUT_WR)
        assert await waiting == b"b" * 10 + last
        connection.abort()


async def test_encrypted_answers_are_read_from_trusted_servers_only(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    async with RawServer(WHOLE, secure=make_secure(certificate)) as server:
        fault = await hear_from(server)
        assert isinstance(fault, Unreachable) and fault.code == "model_certificate"
        assert "signed by itself" in fault.sentence and "TTRPG_CA_FILE" in (fault.cure or "")
        for variables in (
            {"SSL_CERT_FILE": str(certificate)},
            {"REQUESTS_CA_BUNDLE": str(certificate)},
        ):
            assert await hear_from(server, network=make_network(None, None, variables)) == "Hi"
        assert await hear_from(server, network=make_network(None, str(certificate), {})) == "Hi"


async def test_a_certificate_for_another_name_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path, "models.example")
    network = make_network(None, str(certificate), {})
    async with RawServer(WHOLE, secure=make_secure(certificate)) as server:
        name_resolves_to(monkeypatch, "127.0.0.1")
        assert await hear_from(server, host="models.example", network=network) == "Hi"
        fault = await hear_from(server, host="other.example", network=network)
    assert isinstance(fault, Unreachable) and "another name" in fault.sentence


async def test_a_file_of_authorities_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("no certificate")
    network = make_network(None, None, {"SSL_CERT_FILE": str(tmp_path / "empty.pem")})
    async with RawServer(WHOLE, secure=make_secure(make_certificate(tmp_path))) as server:
        fault = await hear_from(server, network=network)
    assert isinstance(fault, Unreachable) and "SSL_CERT_FILE" in fault.sentence


async def test_a_name_with_an_address_where_nobody_listens_is_reached_at_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with RawServer(WHOLE) as server:
        for numbers in (("::1", "127.0.0.1"), ("127.0.0.2", "127.0.0.1")):
            name_resolves_to(monkeypatch, *numbers)
            assert await hear_from(server, host="gpu-box") == "Hi"


async def test_a_silent_address_does_not_use_up_the_time_of_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with RawServer(WHOLE) as server:
        with socket.socket() as full, contextlib.ExitStack() as waiting:
            # A backlog that is full: the system answers no further caller.
            full.bind(("127.0.0.2", server.port))
            full.listen(0)
            for _ in range(3):
                caller = waiting.enter_context(socket.socket())
                caller.setblocking(False)
                caller.connect_ex(("127.0.0.2", server.port))
            name_resolves_to(monkeypatch, "127.0.0.2", "127.0.0.1")
            assert await hear_from(server, host="gpu-box", connect_seconds=5) == "Hi"


async def test_of_a_name_only_the_addresses_that_may_be_called_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A machine at home often has a public IPv6 address and a link-local one beside its own.
    async with RawServer(WHOLE) as server:
        name_resolves_to(monkeypatch, "2001:4860::1", "fe80::1", "127.0.0.1")
        assert await hear_from(server, host="gpu-box") == "Hi"
        name_resolves_to(monkeypatch, "2001:4860::1")
        fault = await hear_from(server, host="gpu-box")
        assert isinstance(fault, Unreachable) and "https://" in (fault.cure or "")


async def test_an_address_in_ipv6_numbers_is_called() -> None:
    async with RawServer(WHOLE, host="::1") as server:
        assert await hear_from(server, host="[::1]") == "Hi"


async def test_a_dead_peer_is_noticed_by_the_system() -> None:
    async with RawServer(WHOLE, close=False) as server:
        origin = connecting.Origin("http", "127.0.0.1", server.port)
        route = await connecting.find_route(origin, DIRECT)
        connection = await connecting.connect(origin, route, DIRECT)
        sock = connection._transport.get_extra_info("socket")  # type: ignore[union-attr]
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 25_000
        connection.abort()


def test_who_may_be_dialled() -> None:
    for address in ("127.0.0.1", "::1", "192.168.1.20", "10.0.0.3", "fd12::1", "100.90.1.2"):
        assert may_dial("http", address), address
        assert may_dial("https", address), address
    for address in ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"):
        assert not may_dial("http", address), address
        assert may_dial("https", address), address
    for address in ("169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16",
                    "::ffff:100.100.100.200", "fd20:ce::254", "::ffff:169.254.169.254",
                    "fe80::1%eth0", "0.0.0.0", "::",
                    "224.0.0.1", "64:ff9b::a9fe:a9fe", "fd00:ec2::254", "nonsense"):  # fmt: skip
        assert not may_dial("https", address), address


def test_addresses_of_cloud_credentials_may_not_be_entered() -> None:
    for host in (
        "169.254.169.254",
        "100.100.100.200",
        "1684301000",
        "[fd00:ec2::254]",
        "192.0.0.192",
    ):
        for scheme in ("http", "https"):
            with pytest.raises(InvalidInput):
                check_base_url(f"{scheme}://{host}/v1")


async def test_a_stall_after_the_headers_of_an_error_ends_too() -> None:
    async with RawServer(b"HTTP/1.1 200 OK\r\n\r\n", close=False) as server:
        assert isinstance(await hear_from(server, idle_seconds=0.15), Stalled | BadAnswer)
