"""Which proxy a call goes through: the usual variables, and one setting that is stronger.

`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` mean here what they mean to curl. The
setting (`TTRPG_PROXY`) replaces the first three; `none` switches every proxy off.
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from ttrpg_assistant.llm.addresses import read_address

NEVER = "none"
"""The value of the setting that switches proxies off."""

DEFAULT_PROXY_PORT = 1080

_SETTING = "TTRPG_PROXY"


class UnusableProxy(Exception):
    """The variable that applies names no HTTP proxy. `args` is the variable and why."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy. `source` is the variable that named it; only `TTRPG_PROXY` covers home."""

    host: str
    port: int
    source: str
    login: str | None = field(default=None, repr=False)
    """`name:password` as the proxy wants it, or None."""

    @property
    def covers_home(self) -> bool:
        """Whether addresses on the home network go through it too."""
        return self.source == _SETTING

    @property
    def authorization(self) -> bytes | None:
        """The value of a `Proxy-Authorization` header, if the proxy wants a login."""
        if self.login is None:
            return None
        return b"Basic " + base64.b64encode(self.login.encode())

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies of this installation.

    `setting` is the value of `TTRPG_PROXY`; `variables` are the usual variables by their
    lower-case names (`https_proxy`, `http_proxy`, `all_proxy`, `no_proxy`).
    """

    setting: str | None = field(default=None, repr=False)
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)

    def find(self, scheme: str, host: str, port: int) -> Proxy | None:
        """The proxy for this address, None for a direct call. Raises `UnusableProxy`."""
        if self.setting == NEVER:
            return None
        if self.setting:
            name, url = _SETTING, self.setting
        else:
            name = f"{scheme}_proxy"
            if not self.variables.get(name):
                name = "all_proxy"
            url = self.variables.get(name, "")
            name = name.upper()
        if not url or is_excepted(self.variables.get("no_proxy", ""), host, port):
            return None
        return read_proxy(url, name)


NO_PROXIES = Proxies()


def read_proxy(url: str, source: str) -> Proxy:
    """The proxy that a variable names. Raises `UnusableProxy`."""
    url = url.strip()
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UnusableProxy(source, "is not a valid address") from None
    if parts.scheme.startswith("socks"):
        raise UnusableProxy(source, "names a SOCKS proxy, and only HTTP proxies are supported")
    if parts.scheme != "http" or not host:
        raise UnusableProxy(source, "must be the http:// address of a proxy")
    login = None
    if parts.username is not None:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return Proxy(host, port or (80 if "://" in url else DEFAULT_PROXY_PORT), source, login)


def is_excepted(no_proxy: str, host: str, port: int) -> bool:
    """Whether `NO_PROXY` names this host: `*`, a name and all below it, an address, a network.

    Entries are separated by commas or spaces; each may end in a port of its own.
    """
    host = host.strip("[]").rstrip(".").lower()
    number = read_address(host)
    for entry in no_proxy.replace(",", " ").lower().split():
        if entry == "*":
            return True
        wanted, only_port = _split_port(entry)
        if only_port is not None and only_port != port:
            continue
        if number is not None:
            if _names_number(wanted, number):
                return True
            continue
        wanted = wanted.removeprefix("*").strip(".")
        if wanted and (host == wanted or host.endswith("." + wanted)):
            return True
    return False


def _split_port(entry: str) -> tuple[str, int | None]:
    if entry.startswith("["):
        name, _, rest = entry[1:].partition("]")
        if rest.startswith("/"):
            return name + rest, None
        return name, _read_port(rest.removeprefix(":"))
    if entry.count(":") != 1:
        return entry, None
    name, _, port = entry.partition(":")
    return name, _read_port(port)


def _read_port(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else None


def _names_number(wanted: str, number: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    try:
        return number in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False
