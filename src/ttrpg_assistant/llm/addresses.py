"""Where providers are, and which addresses may be called at all.

A key is worth money, so it is sent only to the origin it was saved for, and only encrypted
unless that origin is at home. Addresses where cloud machines keep their own credentials are
never called.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.llm.pasted_addresses import understand_address

DEFAULT_ADDRESSES = {
    "anthropic": "https://api.anthropic.com",
    "openai": "https://api.openai.com/v1",
    "google": "https://generativelanguage.googleapis.com",
    "ollama": "http://127.0.0.1:11434",
}
"""The providers' own addresses; `openai-compatible` has none."""

_MAX_URL = 2_000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_HOME_NETWORKS: tuple[_Network, ...] = tuple(
    ipaddress.ip_network(network)
    for network in (
        "127.0.0.0/8", "::1/128",
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7",
        "100.64.0.0/10",  # Tailscale and similar networks
        # Routed nowhere on the internet, so who has them has them at home.
        "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32",
    )
)  # fmt: skip

_FORBIDDEN_NETWORKS: tuple[_Network, ...] = tuple(
    ipaddress.ip_network(network)
    for network in (
        "169.254.0.0/16",  # AWS, Google, Azure, Oracle and most others
        "100.100.100.200/32",  # Alibaba
        "168.63.129.16/32",  # Azure's agent
        "192.0.0.0/24",  # Oracle Classic, among other special uses
        "fd00:ec2::/32",  # AWS
        "fd20:ce::254/128",  # Google
        "fd00:c1::a9fe:a9fe/128",  # Oracle
        "0.0.0.0/8", "::/128", "224.0.0.0/4", "ff00::/8", "255.255.255.255/32",
    )
)  # fmt: skip
"""Where cloud machines keep the credentials of their own account, and what is no machine."""


@dataclass(frozen=True, slots=True)
class ProviderAddresses:
    """The base URLs fixed by the environment or the start-up settings; None is "the usual one".

    An address given here wins over one saved with a key, and cannot be changed on the page.
    """

    anthropic: str | None = None
    openai: str | None = None
    google: str | None = None
    ollama: str | None = None
    openai_compatible: str | None = None

    def find(self, provider: str) -> str | None:
        """The fixed base URL of a provider, checked and tidied, if there is one."""
        given: str | None = getattr(self, provider.replace("-", "_"), None)
        if not given:
            return None
        return tidy_base_url(provider, given)


REMEMBERED = 256
"""Answers kept for addresses: every call of a model asks for the same few."""


@lru_cache(REMEMBERED)
def tidy_base_url(provider: str, url: str) -> str:
    """A base URL as its dialect wants it.

    Users paste what other programs accept: `OLLAMA_HOST` without a scheme or with the
    address a server listens on, an OpenAI address without its `/v1`, a whole endpoint. Raises
    `InvalidInput`.
    """
    url = url.strip()
    if provider == "ollama":
        url = _tidy_ollama_host(url)
    return check_base_url(understand_address(provider, url, is_at_home))


def check_base_url(url: str) -> str:
    """The address without a trailing slash; `InvalidInput` when it must not be called.

    http or https only, no credentials, query or fragment; http only for this machine and
    private networks, which a name must stand for as well (checked again when it is dialled).
    """
    if len(url) > _MAX_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise InvalidInput("The address is not a valid URL.", code="invalid_base_url")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise InvalidInput("The address is not a valid URL.", code="invalid_base_url") from None
    if parts.scheme not in ("http", "https") or not host:
        raise InvalidInput(
            "The address must start with https:// or http://.", code="invalid_base_url"
        )
    if parts.username is not None or parts.password is not None:
        raise InvalidInput(
            "The address must not contain a user name or password.", code="invalid_base_url"
        )
    if parts.query or parts.fragment:
        raise InvalidInput("The address must not contain ? or #.", code="invalid_base_url")
    address = read_address(host)
    if address is not None and not may_dial(parts.scheme, str(address)):
        raise InvalidInput(
            "This address cannot be used: http:// is for this machine and private networks,"
            " and addresses where cloud machines keep their credentials are never called.",
            code="invalid_base_url",
        )
    return url.rstrip("/")


@lru_cache(REMEMBERED)
def may_dial(scheme: str, address: str) -> bool:
    """Whether a numeric address may be connected to with this scheme."""
    number = read_address(address.split("%", 1)[0])
    if number is None or number.is_link_local or is_forbidden(address):
        return False
    return scheme == "https" or is_home_address(address)


@lru_cache(REMEMBERED)
def is_forbidden(address: str) -> bool:
    """Whether a numeric address is one that nobody's model server can have.

    A name that resolves to such an address is never connected to, whatever else it resolves to.
    """
    number = read_address(address.split("%", 1)[0])
    return number is None or _is_within(number, _FORBIDDEN_NETWORKS)


@lru_cache(REMEMBERED)
def is_home_address(address: str) -> bool:
    """Whether a numeric address is this machine or a private network."""
    number = read_address(address.split("%", 1)[0])
    return number is not None and _is_within(number, _HOME_NETWORKS)


def is_loopback(address: str) -> bool:
    """Whether a numeric address is this machine."""
    number = read_address(address)
    return number is not None and number.is_loopback


def is_at_home(url: str) -> bool:
    """Whether the URL names this machine or a private address by number or as localhost.

    Names have to be resolved to know: the connection itself does that (`connecting.connect`).
    """
    host = urlsplit(url).hostname or ""
    return host == "localhost" or is_home_address(host)


def read_address(host: str) -> _Address | None:
    """The IP address a host text stands for in any spelling a resolver takes, else None."""
    try:
        number: _Address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        # 2130706433, 0x7f.1 and 127.1 are addresses to the C library too.
        if not host or not all(part and part[0].isdigit() for part in host.split(".")):
            return None
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            return None
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour
        if inner is None and number in _NAT64:
            inner = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
        if inner is not None:
            return inner
    return number


def origin_of(url: str) -> str:
    """Scheme, host and port in one spelling, for comparing where a key belongs."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = (parts.hostname or "").lower()
    return f"{parts.scheme}://[{host}]:{port}" if ":" in host else f"{parts.scheme}://{host}:{port}"


def _is_within(number: _Address, networks: tuple[_Network, ...]) -> bool:
    return any(number in network for network in networks if network.version == number.version)


def _tidy_ollama_host(host: str) -> str:
    if "://" not in host:
        host = f"http://{host}"
        if urlsplit(host).port is None:
            scheme, rest = host.split("://", 1)
            name, slash, path = rest.partition("/")
            host = f"{scheme}://{name.rstrip(':')}:11434{slash}{path}"
    scheme, rest = host.split("://", 1)
    name, slash, path = rest.partition("/")
    # What a server listens on is not what a client dials.
    for listening in ("0.0.0.0", "[::]"):
        if name == listening or name.startswith(f"{listening}:"):
            name = "127.0.0.1" + name[len(listening) :]
    if name.startswith(":"):
        name = f"127.0.0.1{name}"
    path = path.rstrip("/")
    if path in ("v1", "api"):
        path, slash = "", ""
    return f"{scheme}://{name}{slash if path else ''}{path}"
