import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.llm.dialect_cases import NAMES, hear, make_provider
from tests.llm.loopback import (
    HANG_UP,
    SILENT,
    WHOLE,
    RawServer,
    make_certificate,
    make_secure,
)
from tests.providers import SERVERS, Script, words
from ttrpg_assistant.errors import Stalled
from ttrpg_assistant.llm import transport
from ttrpg_assistant.llm.network import Network, make_network


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Network]:
    """TLS for a server, and the network that trusts it."""
    certificate = make_certificate(tmp_path_factory.mktemp("certificate"))
    return make_secure(certificate), make_network(None, str(certificate), {})


@asynccontextmanager
async def asking(
    secure: tuple[ssl.SSLContext, Network], *answers: bytes, **more: Any
) -> AsyncIterator[tuple[Any, RawServer]]:
    """A provider, and a server that keeps its connections."""
    async with RawServer(*answers, close=False, secure=secure[0]) as server:
        address = f"https://127.0.0.1:{server.port}/v1"
        provider = make_provider("openai", address, network=secure[1], **more)
        yield provider, server
        await provider.aclose()


@pytest.mark.parametrize("name", NAMES)
async def test_an_encrypted_connection_is_kept_for_the_next_answer(
    name: str, secure: tuple[ssl.SSLContext, Network]
) -> None:
    async with SERVERS[name](Script(chunks=words(500)), secure=secure[0]) as server:
        provider = make_provider(name, server.base_url, network=secure[1])
        for _ in range(3):
            assert (await hear(provider)).text == "".join(words(500))
        assert server.connections == 1
        await provider.aclose()


async def test_at_home_every_call_has_a_connection_of_its_own() -> None:
    async with RawServer(WHOLE, WHOLE, close=False) as server:
        provider = make_provider("openai", f"http://127.0.0.1:{server.port}/v1")
        for _ in range(2):
            assert (await hear(provider)).text == "Hi"
        assert server.calls == 2
        assert b"connection: close" in server.heads[0].lower()
        await provider.aclose()


async def test_a_kept_connection_that_was_closed_meanwhile_is_replaced(
    secure: tuple[ssl.SSLContext, Network],
) -> None:
    async with asking(secure, WHOLE, HANG_UP, WHOLE) as (provider, server):
        assert (await hear(provider)).text == "Hi"
        assert (await hear(provider)).text == "Hi"
        assert server.calls == 2
        assert len(server.heads) == 3


async def test_a_kept_connection_that_says_nothing_is_replaced_without_anybodys_doing(
    secure: tuple[ssl.SSLContext, Network], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "REUSED_SILENCE_SECONDS", 0.2)
    async with asking(secure, WHOLE, SILENT, WHOLE) as (provider, server):
        assert (await hear(provider)).text == "Hi"
        assert (await hear(provider)).text == "Hi"
        assert server.calls == 2


async def test_a_silent_server_is_asked_twice_at_most(
    secure: tuple[ssl.SSLContext, Network], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "REUSED_SILENCE_SECONDS", 0.1)
    async with asking(secure, WHOLE, SILENT, idle_seconds=0.3) as (provider, server):
        assert (await hear(provider)).text == "Hi"
        assert isinstance((await hear(provider)).fault, Stalled)
        assert len(server.heads) == 3


async def test_a_server_that_is_slow_to_begin_is_given_its_time_on_a_new_connection(
    secure: tuple[ssl.SSLContext, Network], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "SLOW_SECONDS", 0.0)
    async with asking(secure, WHOLE) as (provider, server):
        for _ in range(3):
            assert (await hear(provider)).text == "Hi"
        assert server.calls == len(server.heads) == 3


async def test_after_a_failure_the_next_call_has_a_new_connection(
    secure: tuple[ssl.SSLContext, Network],
) -> None:
    busy = b"HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nBusy"
    async with asking(secure, busy, WHOLE) as (provider, server):
        assert (await hear(provider)).text == "Hi"
        assert server.calls == 2


async def test_a_call_that_must_be_sent_once_takes_no_kept_connection(
    secure: tuple[ssl.SSLContext, Network],
) -> None:
    async with asking(secure, WHOLE) as (provider, server):
        assert (await hear(provider)).text == "Hi"
        response = await provider._wire.open("/chat/completions", {}, accept="*/*", reuse=False)
        await response.aclose()
        assert server.calls == 2
