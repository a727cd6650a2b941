"""A server behind a reverse proxy answers to its public address, and believes named proxies only.

`tests/hosting/` runs the proxies themselves.
"""

from __future__ import annotations

import json
from pathlib import Path

import httpx2
import pytest

from tests.running import TOKEN, Running, running
from ttrpg_assistant.api.own_addresses import list_own_addresses
from ttrpg_assistant.connection_limits import Limits
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.settings import load_settings

PUBLIC = "https://club.example"


async def write(app: Running, **headers: str) -> tuple[int, str]:
    answer = await app.client.post("/api/chat-sessions/active", headers=headers)
    return answer.status_code, answer.json().get("code", "")


async def test_behind_a_proxy_its_page_writes_and_no_other(tmp_path: Path) -> None:
    async with running(tmp_path, public_url=PUBLIC) as app:
        for host in ("club.example", "club.example:443", app.address.removeprefix("http://")):
            written = await write(app, Host=host, Origin=PUBLIC)
            assert written[0] == 200, (host, written)
            for origin in (
                "http://club.example",
                "https://club.example:8443",
                "https://club.example.evil.test",
                "https://evil.test",
                "null",
            ):
                refused = await write(app, Host=host, Origin=origin)
                assert refused == (403, "foreign_origin"), (host, origin)
        for host in ("evil.test", "club.example:80", "club.example.", "sub.club.example"):
            assert await write(app, Host=host, Origin=PUBLIC) == (403, "host_not_allowed"), host


async def test_no_header_of_a_stranger_changes_host_origin_or_address(tmp_path: Path) -> None:
    claims = {
        "X-Forwarded-Host": "evil.test",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "198.51.100.7",
        "Forwarded": "for=198.51.100.7;host=evil.test;proto=https",
        "X-Real-IP": "198.51.100.7",
    }
    async with running(tmp_path, public_url=PUBLIC) as app:
        assert await write(app, Host="evil.test", **claims) == (403, "host_not_allowed")
        local = app.address.removeprefix("http://")
        refused = await write(app, Origin=f"https://{local}", **claims)
        assert refused == (403, "foreign_origin")
        seen = await count_wrong_tokens(app, claims_from=198)
        assert seen[-1] == 429, "each claim of another address would be a fresh one"


async def test_wrong_tokens_are_counted_for_those_a_named_proxy_names(tmp_path: Path) -> None:
    async with running(tmp_path, public_url=PUBLIC, trusted_proxies=("127.0.0.0/8",)) as app:
        seen = await count_wrong_tokens(app, claims_from=198)
        assert set(seen) == {401}, "each of them tried one"
        for number in range(14):
            # What a client claims itself stands left of what the proxy added.
            claim = f"203.0.113.{number}, 198.51.100.99"
            seen.append(await try_wrong_token(app, claim, f"guess-{number}-of-one"))
        assert seen[-1] == 429


async def count_wrong_tokens(app: Running, claims_from: int) -> list[int]:
    return [
        await try_wrong_token(app, f"{claims_from}.51.100.{number}", f"wrong-{number}")
        for number in range(14)
    ]


async def try_wrong_token(app: Running, claim: str, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": claim}
    async with httpx2.AsyncClient(base_url=app.address, verify=False) as stranger:
        return (await stranger.get("/api/models", headers=headers)).status_code


async def test_a_page_over_https_without_the_setting_is_told_which_one(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        local = app.address.removeprefix("http://")
        answer = await app.client.post(
            "/api/chat-sessions/active", headers={"Origin": f"https://{local}"}
        )
        assert "TTRPG_PUBLIC_URL" in answer.json()["cure"]
        answer = await app.client.get("/", headers={"Host": "club.example"})
        assert "TTRPG_PUBLIC_URL" in answer.json()["cure"]


async def test_the_page_can_be_installed(tmp_path: Path) -> None:
    async with running(tmp_path, public_url=PUBLIC) as app:
        page = (await app.client.get("/", headers={"Host": "club.example"})).text
        assert '<link rel="manifest" href="/icons/app.webmanifest">' in page
        found = await app.client.get("/icons/app.webmanifest", headers={"Host": "club.example"})
        assert found.headers["content-type"] == "application/manifest+json"
        manifest = json.loads(found.text)
        assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
        sizes = {(icon["sizes"], icon.get("purpose", "any")) for icon in manifest["icons"]}
        assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= sizes
        for icon in manifest["icons"]:
            picture = await app.client.get(icon["src"])
            assert picture.headers["content-type"].split(";")[0] == icon["type"], icon["src"]


@pytest.mark.parametrize(
    "given",
    [
        "club.example",
        "ftp://club.example",
        "https://",
        "https://club.example/ttrpg",
        "https://name:word@club.example",
        "https://*.example",
        "https://club.example:port",
        "https://club.example?x=1",
        "https://[half",
        "https://club.example:0",
        "https://club example",
        "https://club.example\\evil",
        "https://club%2eexample",
        "https://club,evil.example",
        "https://[fe80::1%eth0]",
        "https://127.1",
        "https://0x7f000001",
        "https://straße.example",
    ],
)
def test_a_public_address_is_a_scheme_and_a_name(given: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_settings({"TTRPG_DATA_DIR": str(tmp_path), "TTRPG_PUBLIC_URL": given})
    assert "TTRPG_PUBLIC_URL" in caught.value.sentence


def test_a_public_address_is_spelled_as_browsers_spell_it(tmp_path: Path) -> None:
    for given, spelled in (
        ("https://Club.Example/", "https://club.example"),
        ("https://club.example:443", "https://club.example"),
        ("http://club.example:443", "http://club.example:443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://[2001:DB8:0::1]:8443", "https://[2001:db8::1]:8443"),
        ("https://192.0.2.7:8443", "https://192.0.2.7:8443"),
        ("https://club_1.example", "https://club_1.example"),
    ):
        settings = load_settings({"TTRPG_DATA_DIR": str(tmp_path), "TTRPG_PUBLIC_URL": given})
        assert settings.public_url == spelled
        own = list_own_addresses("127.0.0.1", 8642, (), settings.public_url)
        assert own.is_own_host(spelled.partition("://")[2])
        assert own.is_own_origin(spelled, "http", spelled.partition("://")[2])


@pytest.mark.parametrize("given", ["nginx", "10.0.0.1/8", "*", "10.0.0.0/99", "0.0.0.0/0", "::/0"])
def test_a_proxy_is_named_by_address_or_network(given: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        load_settings({"TTRPG_DATA_DIR": str(tmp_path), "TTRPG_TRUSTED_PROXIES": given})
    read = load_settings(
        {"TTRPG_DATA_DIR": str(tmp_path), "TTRPG_TRUSTED_PROXIES": "::1, 10.0.0.5"}
    )
    assert Limits(proxies=read.trusted_proxies).is_proxy("10.0.0.5")
    assert not Limits(proxies=read.trusted_proxies).is_proxy("10.0.0.6")
    # A server that listens on `::` sees those of the older kind like this.
    assert Limits(proxies=read.trusted_proxies).is_proxy("::ffff:10.0.0.5")
    assert not Limits(proxies=read.trusted_proxies).is_proxy("::ffff:10.0.0.6")


async def test_behind_two_proxies_each_is_named_and_the_one_who_asks_is_still_known(
    tmp_path: Path,
) -> None:
    """The inner one adds the outer one's address to what that said."""
    named = ("127.0.0.1/32", "192.0.2.10/32")
    async with running(tmp_path, public_url=PUBLIC, trusted_proxies=named) as app:
        for number in range(14):
            others = [f"198.51.100.{number}, 192.0.2.10", f"192.0.2.10, 198.51.100.{number}"]
            for chain in others:
                assert await try_wrong_token(app, chain, f"wrong-{number}") == 401
        claims = [f"192.0.2.{number}, 198.51.100.99, 192.0.2.10" for number in range(14)]
        seen = [await try_wrong_token(app, one, f"of-one-{at}") for at, one in enumerate(claims)]
        assert seen[-1] == 429
        # Signed in: the browser asks over HTTPS, the inner proxy is reached over HTTP.
        signs = {"X-Forwarded-Proto": "http", "X-Forwarded-For": "198.51.100.7, 192.0.2.10"}
        assert (await write(app, Host="club.example", Origin=PUBLIC, **signs))[0] == 200
        refused = await write(app, Host="club.example", Origin="http://club.example", **signs)
        assert refused == (403, "foreign_origin")


async def test_one_proxy_may_hold_more_connections_than_one_stranger(tmp_path: Path) -> None:
    limits = Limits(connections=64, per_address=2, proxies=("127.0.0.1/32",))
    async with (
        running(tmp_path, limits=limits) as app,
        app.client.stream("GET", "/api/changes"),
        app.client.stream("GET", "/api/changes"),
        httpx2.AsyncClient(base_url=app.address, verify=False) as another,
    ):
        headers = {"Authorization": f"Bearer {TOKEN}"}
        assert (await another.get("/api/models", headers=headers)).status_code == 200
