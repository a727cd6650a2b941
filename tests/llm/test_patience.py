import pytest

from tests.llm.loopback import WHOLE, RawServer, make_certificate, make_secure, name_resolves_to
from ttrpg_assistant.llm.connecting import Origin, connect, find_route
from ttrpg_assistant.llm.network import DIRECT, HOME_IDLE_SECONDS, IDLE_SECONDS, make_network
from ttrpg_assistant.llm.transport import StreamingTransport


async def patience_with(origin: Origin) -> float:
    route = await find_route(origin, DIRECT)
    connection = await connect(origin, route, DIRECT)
    connection.abort()
    return StreamingTransport()._silence(connection)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_model_at_home_may_think_for_minutes(host: str) -> None:
    async with RawServer(WHOLE) as server:
        assert await patience_with(Origin("http", host, server.port)) == HOME_IDLE_SECONDS > 300


async def test_a_server_at_home_is_known_by_where_its_name_leads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for numbers, at_home in (
        (["192.168.1.9"], True),
        (["fd12::9"], True),
        (["100.90.1.2"], True),
        (["8.8.8.8"], False),
        (["192.168.1.9", "8.8.8.8"], False),
    ):
        name_resolves_to(monkeypatch, *numbers)
        route = await find_route(Origin("https", "gpu-box", 443), DIRECT)
        assert route.at_home is at_home, numbers


async def test_the_connection_itself_carries_its_patience(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    certificate = make_certificate(tmp_path, "gpu-box")
    async with RawServer(WHOLE, secure=make_secure(certificate)) as server:
        name_resolves_to(monkeypatch, "127.0.0.1")
        network = make_network(None, str(certificate), {})
        origin = Origin("https", "gpu-box", server.port)
        connection = await connect(origin, await find_route(origin, network), network)
        assert StreamingTransport()._silence(connection) == HOME_IDLE_SECONDS
        connection.at_home = False
        assert StreamingTransport()._silence(connection) == IDLE_SECONDS
        connection.abort()
