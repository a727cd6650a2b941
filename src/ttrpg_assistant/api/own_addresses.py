"""The addresses of this server: which Host names it answers to, and whose pages may write.

Behind a proxy the server cannot see how it is reached: the proxy speaks HTTP to it, whatever the
browser spoke to the proxy. So the address that browsers use is a setting, and is compared with as
it is; no header is believed about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """`hosts` are spelled as in the header Host, in lower case. `public_origin` is where browsers
    reach the server through a proxy, under one of `public_hosts`."""

    hosts: frozenset[str]
    public_hosts: frozenset[str] = frozenset()
    public_origin: str | None = None

    def is_own_host(self, host: str) -> bool:
        """Whether the server answers to this name."""
        return host in self.hosts or host in self.public_hosts

    def is_own_origin(self, origin: str, scheme: str, host: str) -> bool:
        """Whether a page of this origin is our own, for a request to `host` over `scheme`."""
        if self.public_origin is not None and origin == self.public_origin:
            return True  # Also where the proxy names us by the address it found us at.
        return host not in self.public_hosts and origin == f"{scheme}://{host}"


def list_own_addresses(
    host: str, port: int, extra: Iterable[str] = (), public_url: str | None = None
) -> OwnAddresses:
    """Every address this server answers to. Port 80 may be left out by a client."""
    names = {"127.0.0.1", "localhost", "[::1]", *(name.lower() for name in extra)}
    if host not in ("0.0.0.0", "::", ""):
        names.add(f"[{host}]" if ":" in host and not host.startswith("[") else host.lower())
    hosts = frozenset(
        spelling
        for name in names
        for spelling in ((f"{name}:{port}", name) if port == 80 else (f"{name}:{port}",))
    )
    if public_url is None:
        return OwnAddresses(hosts)
    public = urlsplit(public_url)
    name = public.netloc.removesuffix(f":{public.port}") if public.port else public.netloc
    usual = {"http": 80, "https": 443}[public.scheme]
    # Some proxies leave the port out of the name they hand on, others add the usual one.
    spelled = frozenset({public.netloc, name, f"{name}:{public.port or usual}"})
    return OwnAddresses(hosts, spelled, public_url)
