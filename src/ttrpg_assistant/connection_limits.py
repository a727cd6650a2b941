"""How much one connection may take, and how many connections this machine has room for."""

from __future__ import annotations

import ipaddress
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import structlog

_log = structlog.get_logger(__name__)

_OWN_DESCRIPTORS: Final = 96
"""Kept for the database, files, models and whatever else the process opens."""

_WANTED_DESCRIPTORS: Final = 4096


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes and seconds for one connection, and how many connections there may be."""

    connections: int = 1024
    per_address: int = 768
    backlog: int = 512
    """Connections that the system may hold until they are looked at."""
    header_bytes: int = 32 * 1024
    target_bytes: int = 16 * 1024
    """Path and query of a request."""
    header_seconds: float = 10.0
    """From the first byte, or from the connection, to a complete header."""
    body_grace_seconds: float = 20.0
    body_bytes_per_second: int = 1000
    """A body may take the grace and a second for every so many bytes that have come."""
    stalled_seconds: float = 120.0
    """How long an answer may wait for its reader to take anything of it."""
    pipelined: int = 16
    """Requests that one connection may send ahead of their answers."""
    proxies: tuple[str, ...] = ()
    """Networks of proxies: one of them is the address of many people."""

    def is_proxy(self, address: str) -> bool:
        """Whether this is the address of a proxy that was named in the settings."""
        return bool(self.proxies) and _is_within(address, self.proxies)


@lru_cache(maxsize=1024)
def _is_within(address: str, networks: tuple[str, ...]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(one) for one in networks)


def limits_for(descriptors: int | None, proxies: tuple[str, ...] = ()) -> Limits:
    """Limits that leave the process enough of so many descriptors; None where it does not say."""
    if descriptors is None:
        return Limits(proxies=proxies)
    backlog = max(16, min(512, descriptors // 4))
    connections = max(32, min(1024, descriptors - backlog - _OWN_DESCRIPTORS))
    return Limits(
        connections=connections,
        per_address=connections * 3 // 4,
        backlog=backlog,
        proxies=proxies,
    )


def raise_descriptors() -> int | None:
    """Ask the system for as many descriptors as are useful; how many there are then."""
    if sys.platform == "win32":
        return None
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return None
    wanted = (
        _WANTED_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _WANTED_DESCRIPTORS)
    )
    if wanted > soft:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError) as trouble:
            _log.info("descriptors.not_raised", reason=str(trouble), limit=soft)
        else:
            return wanted
    return soft
