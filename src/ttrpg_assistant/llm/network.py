"""How this installation reaches model servers: proxies, certificate authorities, patience."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ttrpg_assistant.llm.certificates import SYSTEM_AUTHORITIES, Authorities
from ttrpg_assistant.llm.proxies import NO_PROXIES, Proxies

IDLE_SECONDS = 120.0
"""How long a provider may say nothing, before the first word or between two."""

HOME_IDLE_SECONDS = 600.0
"""The same for a model at home: without a graphics card, reading a long prompt takes minutes, and
a server that dies there closes its connections at once."""

PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
"""Read in lower and in upper case; lower case is stronger, as for curl."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds of silence are allowed, by where the server really is."""

    away: float = IDLE_SECONDS
    at_home: float = HOME_IDLE_SECONDS

    @classmethod
    def always(cls, seconds: float) -> Patience:
        """The same for every server."""
        return cls(seconds, seconds)


@dataclass(frozen=True, slots=True)
class Network:
    """The ways out of this machine."""

    proxies: Proxies = NO_PROXIES
    authorities: Authorities = SYSTEM_AUTHORITIES


PATIENCE = Patience()

DIRECT = Network()
"""No proxy, and the system's own certificate authorities."""


def make_network(proxy: str | None, ca_file: str | None, variables: Mapping[str, str]) -> Network:
    """The network from the two settings and the usual variables, by their exact names."""
    found = {
        name: variables.get(name) or variables.get(name.upper()) or "" for name in PROXY_VARIABLES
    }
    extra = [
        ("TTRPG_CA_FILE", ca_file),
        ("REQUESTS_CA_BUNDLE", variables.get("REQUESTS_CA_BUNDLE")),
    ]
    replacing = [(name, variables.get(name)) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR")]
    return Network(
        Proxies(proxy, found),
        Authorities(
            tuple((name, path) for name, path in extra if path),
            tuple((name, path) for name, path in replacing if path),
        ),
    )
