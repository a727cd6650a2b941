"""`python -m bench.library_transport serve …`: the server with httpx2's own transport.

The other side of `python -m bench.transports`. It keeps the one promise that our own transport
exists for: every address a name resolves to is checked, and a checked address is dialled.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from typing import Any

import httpcore2
import httpx2

from ttrpg_assistant.cli import main
from ttrpg_assistant.llm import wire
from ttrpg_assistant.llm.addresses import may_dial


class CheckedBackend(httpcore2.AnyIOBackend):
    """The library's network, dialling only numbers that were checked."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        address = str(found[0][4][0])
        if not may_dial("http", address):
            raise httpcore2.ConnectError(f"{host} resolves to an address that may not be called")
        return await super().connect_tcp(address, port, timeout, local_address, socket_options)


def make_client(**options: Any) -> httpx2.AsyncClient:
    """What `wire.make_client` makes, on the library's transport."""
    transport = httpx2.AsyncHTTPTransport(trust_env=False)
    transport._pool = httpcore2.AsyncConnectionPool(
        keepalive_expiry=50.0, network_backend=CheckedBackend()
    )
    return httpx2.AsyncClient(
        transport=transport,
        timeout=httpx2.Timeout(options["idle_seconds"], connect=options["connect_seconds"]),
        follow_redirects=False,
        trust_env=False,
        auth=options["auth"],
    )


if __name__ == "__main__":
    wire.make_client = make_client  # type: ignore[assignment]
    main()
