"""Opening a connection: look the name up, check every address, connect to a checked one.

This is the one place that knows the address really connected to, so a name that resolves to
something else between the check and the call gains nothing, and a server at home is known by
where it is and not by how its address is spelled.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import httpx2
from aiohappyeyeballs import AddrInfoType, start_connection

from ttrpg_assistant.llm import certificates
from ttrpg_assistant.llm.addresses import (
    is_forbidden,
    is_home_address,
    is_loopback,
    may_dial,
    read_address,
)
from ttrpg_assistant.llm.connection import MAX_HEAD_BYTES, Connection
from ttrpg_assistant.llm.network import Network
from ttrpg_assistant.llm.proxies import Proxy, UnusableProxy

NEXT_ADDRESS_SECONDS = 0.25
"""How long one address of a name may be silent before the next one is tried beside it."""

LOOK_UP_SECONDS = 2.0
"""How long to ask for an address that only decides whether a proxy is needed."""

DEAD_PEER_SECONDS = 25
"""After how long without any acknowledgement the other side is taken for gone. This is about the
network below: a server that is only slow acknowledges."""

PROBE_AFTER_SECONDS = 10
PROBE_EVERY_SECONDS = 5

_HOME_SUFFIXES = (
    ".local",
    ".lan",
    ".home",
    ".internal",
    ".home.arpa",
    ".localdomain",
    ".localhost",
)


class ConnectFailed(httpx2.ConnectError):
    """No connection. `why` ends a sentence about the server; `cure` says what to do, if known.

    `by_certificate` says that the server could not prove who it is.
    """

    def __init__(self, why: str, cure: str | None = None, *, by_certificate: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.cure = cure
        self.by_certificate = by_certificate


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request goes; connections are kept by it. `host` has no brackets."""

    scheme: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Route:
    """How an origin is reached: directly at `addresses`, or through a proxy."""

    addresses: tuple[AddrInfoType, ...]
    proxy: Proxy | None
    at_home: bool


async def find_route(origin: Origin, network: Network) -> Route:
    """Decide how to reach an origin, having checked every address it resolves to.

    Raises `ConnectFailed` for a name that is unknown or resolves to what may not be called.
    """
    try:
        proxy = network.proxies.find(origin.scheme, origin.host, origin.port)
    except UnusableProxy as wrong:
        variable, why = wrong.args
        raise ConnectFailed(
            f"{variable} {why}", f"Correct {variable}, or set TTRPG_PROXY, and start again."
        ) from None
    if proxy is None:
        found = _check(origin, await _look_up(origin.host, origin.port))
        return Route(found, None, _all_at_home(found))
    known = await _look_up_for_proxy(origin)
    numbers = [_number_of(info) for info in known]
    if any(map(is_forbidden, numbers)):
        raise _not_allowed(origin)
    if numbers and (
        all(map(is_loopback, numbers))
        or (not proxy.covers_home and all(map(is_home_address, numbers)))
    ):
        return Route(tuple(known), None, True)
    if known:
        _check(origin, known)
    via = await _look_up(proxy.host, proxy.port, f"the proxy {proxy}")
    if any(map(is_forbidden, map(_number_of, via))):
        raise ConnectFailed(f"the proxy {proxy} has an address that may not be called")
    return Route(tuple(via), proxy, bool(known) and _all_at_home(known))


async def connect(origin: Origin, route: Route, network: Network) -> Connection:
    """A connection that is ready for a request.

    Through a proxy, https runs inside a tunnel; plain http is sent to the proxy itself, which
    wants the whole address in the request. Raises `ConnectFailed`.
    """
    # Off the loop: reading the certificates would hold up every running answer.
    context = None
    if origin.scheme == "https":
        try:
            context = await asyncio.to_thread(network.authorities.make_context)
        except certificates.UnusableAuthorities as wrong:
            variable, path = wrong.args
            raise ConnectFailed(
                f"the certificates in {path}, which {variable} names, cannot be read",
                f"Correct {variable} and start again.",
                by_certificate=True,
            ) from None
    what = "it" if route.proxy is None else f"the proxy {route.proxy}"
    try:
        sock = await start_connection(
            route.addresses, happy_eyeballs_delay=NEXT_ADDRESS_SECONDS, interleave=1
        )
    except (OSError, RuntimeError) as reason:
        raise ConnectFailed(f"{what} does not accept connections ({_name(reason)})") from None
    try:
        _notice_dead_peers(sock)
        if route.proxy is not None and context is not None:
            await _open_tunnel(sock, route.proxy, origin)
        with _tls_in_words(origin):
            _, connection = await asyncio.get_running_loop().create_connection(
                partial(Connection, at_home=route.at_home, sock=sock),
                sock=sock,
                ssl=context,
                server_hostname=origin.host if context is not None else None,
            )
    except BaseException:
        sock.close()
        raise
    return connection


# ------------------------------------------------------------------ addresses


async def _look_up(host: str, port: int, what: str = "") -> list[AddrInfoType]:
    literal = read_address(host)
    if literal is not None:
        host = str(literal)
    try:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        why = f"{what or 'its name'} is not known on this network"
        if host.endswith(".local"):
            raise ConnectFailed(
                why, "Names that end in .local need mDNS; the address in numbers works without."
            ) from None
        raise ConnectFailed(why) from None
    return list(dict.fromkeys(found))


async def _look_up_for_proxy(origin: Origin) -> list[AddrInfoType]:
    """What is known here about a name that a proxy would resolve; empty when nothing is.

    Behind a proxy the world's names are often unknown, and asking for them takes seconds. Names
    of the house are looked up, and everything that would be sent unencrypted.
    """
    host = origin.host
    is_of_the_house = "." not in host or host.endswith(_HOME_SUFFIXES)
    if origin.scheme == "https" and not is_of_the_house and read_address(host) is None:
        return []
    try:
        async with asyncio.timeout(LOOK_UP_SECONDS):
            return await _look_up(host, origin.port)
    except (TimeoutError, ConnectFailed):
        return []


def _check(origin: Origin, found: list[AddrInfoType]) -> tuple[AddrInfoType, ...]:
    """The addresses that may be called; what a name has beside them is left alone."""
    numbers = [_number_of(info) for info in found]
    if any(map(is_forbidden, numbers)):
        raise _not_allowed(origin)
    allowed = tuple(info for info in found if may_dial(origin.scheme, _number_of(info)))
    if not allowed:
        raise _not_allowed(origin)
    return allowed


def _not_allowed(origin: Origin) -> ConnectFailed:
    if origin.scheme == "http":
        return ConnectFailed(
            "its name leads out of the house, and http:// is only for servers at home",
            "Use the https:// address in Settings.",
        )
    return ConnectFailed("its name leads to an address that may not be called")


def _number_of(info: AddrInfoType) -> str:
    return str(info[4][0])


def _all_at_home(found: list[AddrInfoType] | tuple[AddrInfoType, ...]) -> bool:
    return all(is_home_address(_number_of(info)) for info in found)


# ----------------------------------------------------------------- connections


def _notice_dead_peers(sock: socket.socket) -> None:
    """Let the system find out, within half a minute, that the other side is gone.

    A laptop that slept, a changed network or a forgotten translation table leave a connection
    that looks open. A slow server acknowledges what it is sent, so it is not mistaken for one.
    """
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", PROBE_AFTER_SECONDS),
        ("TCP_KEEPALIVE", PROBE_AFTER_SECONDS),
        ("TCP_KEEPINTVL", PROBE_EVERY_SECONDS),
        ("TCP_KEEPCNT", (DEAD_PEER_SECONDS - PROBE_AFTER_SECONDS) // PROBE_EVERY_SECONDS),
        ("TCP_USER_TIMEOUT", DEAD_PEER_SECONDS * 1000),
        ("TCP_NODELAY", 1),
    ):
        option = getattr(socket, name, None)
        if option is not None:
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.IPPROTO_TCP, option, value)


async def _open_tunnel(sock: socket.socket, proxy: Proxy, origin: Origin) -> None:
    loop = asyncio.get_running_loop()
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    target = f"{host}:{origin.port}".encode("ascii")
    lines = [b"CONNECT " + target + b" HTTP/1.1", b"Host: " + target]
    if proxy.authorization is not None:
        lines.append(b"Proxy-Authorization: " + proxy.authorization)
    await loop.sock_sendall(sock, b"\r\n".join([*lines, b"", b""]))
    head = bytearray()
    while b"\r\n\r\n" not in head[-4:]:
        # One at a time: what follows the head belongs to the encrypted connection.
        try:
            piece = await loop.sock_recv(sock, 1)
        except OSError:
            piece = b""
        if not piece or len(head) > MAX_HEAD_BYTES:
            raise ConnectFailed(f"the proxy {proxy} gave no usable answer", _proxy_cure(proxy))
        head += piece
    words = bytes(head.split(b"\r\n", 1)[0]).split(None, 2)
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() and len(words[1]) == 3 else 0
    if not 200 <= status < 300:
        raise proxy_refusal(proxy, status)


def proxy_refusal(proxy: Proxy, status: int) -> ConnectFailed:
    """What a proxy's own refusal means."""
    if status == 407:
        return ConnectFailed(
            f"the proxy {proxy} wants a name and a password",
            f"Write them into {proxy.source} as http://name:password@{proxy}, and start again.",
        )
    said = f" ({status})" if status else ""
    return ConnectFailed(f"the proxy {proxy} refuses the call{said}", _proxy_cure(proxy))


def _proxy_cure(proxy: Proxy) -> str:
    return f"Check {proxy.source}, or name the address in NO_PROXY, and start again."


@contextlib.contextmanager
def _tls_in_words(origin: Origin) -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError as reason:
        raise ConnectFailed(certificates.describe_refusal(reason), by_certificate=True) from None
    except ssl.SSLError as reason:
        if "WRONG_VERSION_NUMBER" in str(reason) or "HTTP_REQUEST" in str(reason):
            raise ConnectFailed(
                "it does not speak https",
                "If it is at home, let the address in Settings begin with http://.",
            ) from None
        raise ConnectFailed("it cannot agree on encryption with this computer") from None
    except (OSError, RuntimeError) as reason:
        raise ConnectFailed(f"it does not accept connections ({_name(reason)})") from None


def _name(reason: Exception) -> str:
    if isinstance(reason, OSError) and reason.strerror and reason.errno is not None:
        return reason.strerror.lower()
    if isinstance(reason, ConnectionRefusedError):
        return "connection refused"
    return "no connection"
