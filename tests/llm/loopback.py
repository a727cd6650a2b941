"""Raw servers on loopback for what a well-behaved one never does, and certificates for them."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest

from ttrpg_assistant.llm import connecting

GOOD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n%s"
ANSWER = (
    b'data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
)
WHOLE = GOOD % (len(ANSWER), ANSWER)

SILENT = b"silent"
"""Instead of an answer: the request is read, and nothing ever comes."""

HANG_UP = b"hang up"
"""Instead of an answer: the connection is closed."""


class RawServer:
    """Answers the n-th request with the n-th of these bytes, the last one again and again.

    With `close` a connection is closed after its first answer. `calls` counts connections,
    `heads` holds what was asked. `secure` makes it speak TLS.
    """

    def __init__(
        self,
        *answers: bytes,
        close: bool = True,
        secure: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.answers = list(answers)
        self.close = close
        self.secure = secure
        self.host = host
        self.calls = 0
        self.heads: list[bytes] = []
        self.writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> RawServer:
        self.server = await asyncio.start_server(self.serve, self.host, 0, ssl=self.secure)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        for writer in self.writers:
            writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        self.writers.append(writer)
        try:
            while await self.answer(reader, writer) and not self.close:
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        if self.close:
            writer.close()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await read_request(reader)
        self.heads.append(head)
        answer = self.answers[min(len(self.heads), len(self.answers)) - 1]
        if answer is HANG_UP:
            writer.close()
            return False
        if answer is not SILENT:
            writer.write(answer)
            await writer.drain()
        return True


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """The head of the next request; its body is read and forgotten."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            await reader.readexactly(int(line.split(b":")[1]))
    return head


class ProxyServer:
    """A real forwarding proxy. Whatever is asked for is fetched from 127.0.0.1.

    So `models.example` needs no name service. With `login` it wants that Basic value. `refuse` is
    a status to answer with instead; `heads` holds the heads of all requests.
    """

    def __init__(self, *, login: str | None = None, refuse: int | None = None) -> None:
        self.login = login
        self.refuse = refuse
        self.heads: list[bytes] = []
        self.tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> ProxyServer:
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        for task in self.tasks:
            task.cancel()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        wanted = f"Proxy-Authorization: Basic {self.login}".encode()
        status = self.refuse or (407 if self.login and wanted not in head else None)
        if status is not None:
            # In pieces: a head may arrive byte by byte.
            for byte in b"HTTP/1.1 %d No\r\ncontent-length: 0\r\n\r\n" % status:
                writer.write(bytes([byte]))
                await writer.drain()
            writer.close()
            return
        method, target, _ = head.split(b" ", 2)
        host = target if method == b"CONNECT" else target.split(b"/")[2]
        there, back = await asyncio.open_connection("127.0.0.1", int(host.rpartition(b":")[2]))
        if method == b"CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\nx-proxy: yes\r\n\r\n")
        else:
            back.write(head)
        for source, sink in ((reader, back), (there, writer)):
            task = asyncio.create_task(_pump(source, sink))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while piece := await source.read(65536):
            sink.write(piece)
            await sink.drain()
    except ConnectionError:
        pass
    finally:
        sink.close()


def make_certificate(folder: Path, *names: str) -> Path:
    """A PEM file with a self-signed certificate and its key, for 127.0.0.1 and these names."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [
                    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
                    *(x509.DNSName(name) for name in names),
                ]
            ),
            False,
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


def make_secure(certificate: Path) -> ssl.SSLContext:
    """TLS for a server with this certificate."""
    secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secure.load_cert_chain(certificate)
    return secure


def name_resolves_to(monkeypatch: pytest.MonkeyPatch, *numbers: str) -> None:
    """Every name resolves to these addresses, in this order."""

    async def look_up(host: str, port: int, what: str = "") -> list[Any]:
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (number, port, 0, 0))
            if ":" in number
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))
            for number in numbers
        ]

    monkeypatch.setattr(connecting, "_look_up", look_up)
