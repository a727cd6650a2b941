import asyncio
import datetime
import ipaddress
import ssl
from pathlib import Path

import pytest

from tests.llm.dialect_cases import hear, make_provider, talking
from ttrpg_assistant.errors import BadAnswer, CutOff, Stalled, Unreachable
from ttrpg_assistant.llm import transport
from ttrpg_assistant.llm.addresses import may_dial
from ttrpg_assistant.llm.network import READ_AHEAD_BYTES, Line


class Telling:
    """A server that answers every connection with fixed bytes, then closes it or not."""

    def __init__(self, *answers: bytes, close: bool = True, secure: ssl.SSLContext | None = None):
        self.answers = list(answers)
        self.close = close
        self.secure = secure
        self.calls = 0
        self.open: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> "Telling":
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0, ssl=self.secure)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        for writer in self.open:
            writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        head = await reader.readuntil(b"\r\n\r\n")
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                await reader.readexactly(int(line.split(b":")[1]))
        writer.write(self.answers[min(self.calls, len(self.answers)) - 1])
        await writer.drain()
        if self.close:
            writer.close()
        else:
            self.open.append(writer)


GOOD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n%s"
ANSWER = (
    b'data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
)
WHOLE = GOOD % (len(ANSWER), ANSWER)


async def hear_from(server: Telling, **more: float) -> object:
    scheme = "https" if server.secure else "http"
    provider = make_provider("openai", f"{scheme}://127.0.0.1:{server.port}/v1", **more)
    heard = await hear(provider)
    await provider.aclose()
    return heard.fault if heard.fault is not None else heard.text


async def test_early_hints_are_not_the_answer() -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"
    async with Telling(hints + WHOLE) as server:
        assert await hear_from(server) == "Hi"


async def test_a_connection_closed_without_a_word_is_unreachable() -> None:
    async with Telling(b"") as server:
        assert isinstance(await hear_from(server), Unreachable)


async def test_something_that_is_not_http_is_unreachable() -> None:
    async with Telling(b"SSH-2.0-OpenSSH_9.9\r\n") as server:
        assert isinstance(await hear_from(server), Unreachable)


async def test_endless_headers_are_refused() -> None:
    async with Telling(b"HTTP/1.1 200 OK\r\n" + b"x-a: b\r\n" * 20_000, close=False) as server:
        assert isinstance(await hear_from(server), Unreachable)


async def test_a_body_shorter_than_promised_is_cut_off() -> None:
    begun = b'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n'
    async with Telling(GOOD % (9_999, begun)) as server:
        assert isinstance(await hear_from(server), CutOff)


async def test_a_compressed_answer_is_read_all_the_same() -> None:
    import gzip

    packed = gzip.compress(ANSWER)
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n"
    async with Telling(head % len(packed) + packed) as server:
        assert await hear_from(server) == "Hi"


async def test_a_kept_connection_that_was_closed_meanwhile_is_replaced() -> None:
    async with Telling(WHOLE, close=False) as server:
        provider = make_provider("openai", f"http://127.0.0.1:{server.port}/v1")
        assert (await hear(provider)).text == "Hi"
        # The next request goes out on the kept connection, which ends instead of answering.
        asyncio.get_running_loop().call_soon(server.open[0].close)
        assert (await hear(provider)).text == "Hi"
        assert server.calls == 2
        await provider.aclose()


async def test_a_fresh_connection_is_never_asked_twice() -> None:
    async with Telling(b"") as server:
        await hear_from(server)
        assert server.calls == 1


async def test_an_error_page_that_never_ends_is_still_its_status() -> None:
    head = b"HTTP/1.1 503 Busy\r\ncontent-length: 99999\r\n\r\nLoading model"
    async with Telling(head, close=False) as server:
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
    async def look_up(host: str, port: int) -> list[str]:
        return ["127.0.0.1", "169.254.169.254"]

    async with talking("openai") as (_, server):
        monkeypatch.setattr(transport, "_look_up", look_up)
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
    line, tap = Line(), Tap()
    line.connection_made(tap)
    line.data_received(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n")
    line.data_received(b"x" * READ_AHEAD_BYTES)
    assert tap.flowing
    line.data_received(b"x")
    assert not tap.flowing
    assert len(await line.next_bytes(1.0)) == READ_AHEAD_BYTES + 1
    assert tap.flowing


def make_certificate(folder: Path) -> Path:
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "loopback.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


async def test_encrypted_answers_are_read_from_trusted_servers_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secure.load_cert_chain(certificate)
    async with Telling(WHOLE, secure=secure) as server:
        assert isinstance(await hear_from(server), Unreachable)
        trusting = ssl.create_default_context(cafile=str(certificate))
        monkeypatch.setattr(transport, "trust", lambda: trusting)
        assert await hear_from(server) == "Hi"


def test_who_may_be_dialled() -> None:
    for address in ("127.0.0.1", "::1", "192.168.1.20", "10.0.0.3", "fd12::1", "100.90.1.2"):
        assert may_dial("http", address), address
        assert may_dial("https", address), address
    for address in ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"):
        assert not may_dial("http", address), address
        assert may_dial("https", address), address
    for address in ("169.254.169.254", "::ffff:169.254.169.254", "fe80::1%eth0", "0.0.0.0", "::",
                    "224.0.0.1", "64:ff9b::a9fe:a9fe", "fd00:ec2::254", "nonsense"):  # fmt: skip
        assert not may_dial("https", address), address


async def test_a_stall_after_the_headers_of_an_error_ends_too() -> None:
    async with Telling(b"HTTP/1.1 200 OK\r\n\r\n", close=False) as server:
        assert isinstance(await hear_from(server, idle_seconds=0.15), Stalled | BadAnswer)
