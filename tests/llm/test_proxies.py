import base64
import ssl
from typing import Any

import pytest

from tests.llm.dialect_cases import hear, make_provider
from tests.llm.loopback import (
    WHOLE,
    ProxyServer,
    RawServer,
    make_certificate,
    make_secure,
    name_resolves_to,
)
from ttrpg_assistant.errors import InvalidInput, Unreachable
from ttrpg_assistant.llm.calls import MOST_UNREACHED
from ttrpg_assistant.llm.connecting import Origin, find_route
from ttrpg_assistant.llm.network import Network, make_network
from ttrpg_assistant.llm.proxies import is_excepted
from ttrpg_assistant.settings import load_settings

Secure = tuple[ssl.SSLContext, str]


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Secure:
    folder = tmp_path_factory.mktemp("certificate")
    certificate = make_certificate(folder, "models.example", "gpu-box")
    return make_secure(certificate), str(certificate)


async def ask(url: str, network: Network) -> Any:
    provider = make_provider("openai", url, "sk-a-key-that-is-secret", network=network)
    heard = await hear(provider)
    await provider.aclose()
    return heard.fault if heard.fault is not None else heard.text


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "TTRPG_PROXY"])
async def test_an_encrypted_call_goes_through_a_tunnel(name: str, secure: Secure) -> None:
    async with RawServer(WHOLE, secure=secure[0]) as server, ProxyServer() as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        setting = address if name == "TTRPG_PROXY" else None
        network = make_network(setting, secure[1], {name: address})
        assert await ask(f"https://models.example:{server.port}/v1", network) == "Hi"
        [head] = proxy.heads
        assert head.startswith(f"CONNECT models.example:{server.port} HTTP/1.1\r\n".encode())
        # What is said inside the tunnel is not for the proxy.
        assert b"secret" not in head and b"secret" in server.heads[0]


async def test_a_plain_call_is_forwarded_with_the_whole_address() -> None:
    async with RawServer(WHOLE) as server, ProxyServer(login=basic("gm", "pä:ss")) as proxy:
        address = f"http://gm:p%C3%A4%3Ass@127.0.0.1:{proxy.port}"
        network = make_network(None, None, {"HTTP_PROXY": address})
        assert await ask(f"http://models.invalid:{server.port}/v1", network) == "Hi"
        line = f"POST http://models.invalid:{server.port}/v1/chat/completions HTTP/1.1"
        assert proxy.heads[0].startswith(line.encode())


async def test_the_proxys_login_is_given_to_the_proxy_alone(secure: Secure) -> None:
    async with (
        RawServer(WHOLE, secure=secure[0]) as server,
        ProxyServer(login=basic("gm", "hunter2")) as proxy,
    ):
        url = f"https://models.example:{server.port}/v1"
        right = make_network(f"http://gm:hunter2@127.0.0.1:{proxy.port}", secure[1], {})
        assert await ask(url, right) == "Hi"
        assert b"Proxy-Authorization" not in server.heads[0]
        wrong = make_network(f"http://gm:guess@127.0.0.1:{proxy.port}", secure[1], {})
        fault = await ask(url, wrong)
    assert isinstance(fault, Unreachable)
    assert "wants a name and a password" in fault.sentence
    assert "TTRPG_PROXY" in (fault.cure or "")
    assert "guess" not in fault.sentence + (fault.cure or "")


def basic(name: str, password: str) -> str:
    return base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxys_own_refusal_is_told_as_the_proxys(scheme: str) -> None:
    async with ProxyServer(refuse=407) as proxy:
        network = make_network(None, None, {"ALL_PROXY": f"127.0.0.1:{proxy.port}"})
        fault = await ask(f"{scheme}://models.invalid/v1", network)
    assert isinstance(fault, Unreachable)
    assert f"the proxy 127.0.0.1:{proxy.port} wants a name" in fault.sentence


@pytest.mark.parametrize("status", [b"9" * 5_000, b"0200", "²⁰⁰".encode(), b"-20", b""])
async def test_a_proxys_status_that_is_none_is_a_refusal(status: bytes) -> None:
    async with RawServer(b"HTTP/1.1 " + status + b" OK\r\n\r\n") as proxy:
        network = make_network(None, None, {"ALL_PROXY": f"127.0.0.1:{proxy.port}"})
        assert isinstance(await ask("https://models.invalid/v1", network), Unreachable)


async def test_a_proxy_that_is_not_there_is_named() -> None:
    network = make_network(None, None, {"HTTPS_PROXY": "http://127.0.0.1:9"})
    fault = await ask("https://models.invalid/v1", network)
    assert isinstance(fault, Unreachable) and "the proxy 127.0.0.1:9" in fault.sentence


async def test_this_machine_is_never_asked_for_through_a_proxy() -> None:
    async with RawServer(WHOLE) as server, ProxyServer() as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        for network in (
            make_network(address, None, {}),
            make_network(None, None, {"HTTP_PROXY": address, "ALL_PROXY": address}),
        ):
            for host in ("127.0.0.1", "localhost"):
                assert await ask(f"http://{host}:{server.port}/v1", network) == "Hi"
        assert proxy.heads == []


async def test_the_house_is_asked_for_directly_unless_the_setting_names_a_proxy(
    secure: Secure, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with ProxyServer(refuse=403) as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        for setting, variables, asked in (
            (None, {"HTTPS_PROXY": address}, 0),
            (address, {}, 1),
            ("none", {"HTTPS_PROXY": address}, 0),
            (address, {"NO_PROXY": "192.0.2.0/24,gpu-box"}, 0),
        ):
            proxy.heads.clear()
            monkeypatch.undo()
            network = make_network(setting, secure[1], variables)

            async def look_up(host: str, port: int, what: str = "") -> list[Any]:
                return [(2, 1, 6, "", ("127.0.0.1" if host == "127.0.0.1" else "10.9.8.7", port))]

            monkeypatch.setattr("ttrpg_assistant.llm.connecting._look_up", look_up)
            route = await find_route(Origin("https", "gpu-box", 443), network)
            assert (route.proxy is not None) == bool(asked), (setting, variables)
            assert route.at_home


async def test_a_forbidden_name_is_not_asked_for_through_a_proxy_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with ProxyServer() as proxy:
        network = make_network(f"http://127.0.0.1:{proxy.port}", None, {})
        name_resolves_to(monkeypatch, "100.100.100.200")
        assert isinstance(await ask("http://metadata.example/v1", network), Unreachable)
        name_resolves_to(monkeypatch, "8.8.8.8")
        assert isinstance(await ask("http://elsewhere.example/v1", network), Unreachable)
        assert proxy.heads == []


async def test_a_socks_proxy_is_said_to_be_unsupported() -> None:
    network = make_network(None, None, {"ALL_PROXY": "socks5h://127.0.0.1:1080"})
    fault = await ask("https://models.invalid/v1", network)
    assert isinstance(fault, Unreachable)
    assert "SOCKS" in fault.sentence and "ALL_PROXY" in fault.sentence
    assert "TTRPG_PROXY" in (fault.cure or "")
    # Where a proxy of the right kind is named for the scheme, the other one does not matter.
    async with ProxyServer(refuse=403) as proxy:
        variables = {"ALL_PROXY": "socks5://x:1", "HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}"}
        fault = await ask("https://models.invalid/v1", make_network(None, None, variables))
        assert len(proxy.heads) == MOST_UNREACHED and "(403)" in fault.sentence


@pytest.mark.parametrize(
    ("no_proxy", "host", "port", "excepted"),
    [
        ("*", "any.example", 443, True),
        ("", "any.example", 443, False),
        ("example.com", "example.com", 443, True),
        ("example.com", "api.example.com", 443, True),
        (".example.com", "api.example.com", 443, True),
        (".example.com", "example.com", 443, True),
        ("*.example.com", "api.example.com", 443, True),
        ("example.com", "badexample.com", 443, False),
        ("EXAMPLE.com", "Api.Example.COM.", 443, True),
        ("a.example, b.example", "b.example", 443, True),
        ("a.example b.example", "b.example", 443, True),
        ("example.com:8080", "example.com", 8080, True),
        ("example.com:8080", "example.com", 443, False),
        ("10.0.0.0/8", "10.1.2.3", 80, True),
        ("10.0.0.0/8", "11.1.2.3", 80, False),
        ("192.168.1.5", "192.168.1.5", 80, True),
        ("192.168.1.5:81", "192.168.1.5", 80, False),
        ("fd00::/8", "fd12::1", 80, True),
        ("[::1]:8080", "::1", 8080, True),
        ("[::1]:8080", "::1", 80, False),
        ("::1", "[::1]", 80, True),
        ("8.8.8.8", "example.com", 80, False),
        ("/,:,.,[,[::,*.", "example.com", 80, False),
    ],
)
def test_no_proxy_is_read_as_curl_reads_it(
    no_proxy: str, host: str, port: int, excepted: bool
) -> None:
    assert is_excepted(no_proxy, host, port) is excepted


def test_the_setting_is_checked_at_the_start() -> None:
    for value in ("none", "NONE", "http://proxy:3128", "proxy:3128", "http://a:b@proxy:3128"):
        assert load_settings({"TTRPG_PROXY": value}).proxy
    for value in ("socks5://proxy:1080", "https://proxy:443", "http://", "http://proxy:x"):
        with pytest.raises(InvalidInput) as wrong:
            load_settings({"TTRPG_PROXY": value})
        assert "TTRPG_PROXY" in wrong.value.sentence
    with pytest.raises(InvalidInput):
        load_settings({"TTRPG_CA_FILE": "/no/such/file"})


def test_a_proxys_password_is_among_the_secrets_and_in_no_repr() -> None:
    settings = load_settings(
        {"TTRPG_PROXY": "http://a:hunter2@p:1", "HTTPS_PROXY": "http://a:hunter3@p:1"}
    )
    assert {"hunter2", "hunter3"} <= set(settings.list_secrets())
    assert "hunter" not in repr(settings)
    network = make_network(settings.proxy, None, settings.network_variables)
    assert "hunter" not in repr(network)
