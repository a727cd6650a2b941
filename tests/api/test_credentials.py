"""Browsers that were let in: listed, seen, signed out one by one and all at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.machine_clock import MachineClock
from tests.running import TOKEN, Running, running
from ttrpg_assistant import credentials as kept
from ttrpg_assistant.credentials import Credentials, hash_secret
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.ids import spell_epoch
from ttrpg_assistant.storage import credential_rows
from ttrpg_assistant.storage.database import Database

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


async def let_in(app: Running, agent: str = FIREFOX) -> str:
    """The credential that a new browser gets for the start link."""
    async with httpx2.AsyncClient(base_url=app.address, timeout=60) as browser:
        answer = await browser.post(
            "/api/access", json={"token": TOKEN}, headers={"User-Agent": agent}
        )
    assert answer.status_code == 200, answer.text
    given: str = answer.json()["credential"]
    return given


@asynccontextmanager
async def browser(app: Running, credential: str) -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"Authorization": f"Bearer {credential}"}
    async with httpx2.AsyncClient(base_url=app.address, headers=headers, timeout=60) as client:
        yield client


async def list_devices(client: httpx2.AsyncClient) -> list[Any]:
    answer = await client.get("/api/credentials")
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["credentials"]
    return found


async def test_devices_are_listed_in_plain_words_and_this_one_is_marked(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        desk, phone = await let_in(app), await let_in(app, IPHONE)
        async with browser(app, desk) as client:
            devices = await list_devices(client)
        assert {one["device"]: one["is_this"] for one in devices} == {
            "Firefox on Linux": True,
            "Safari on iPhone": False,
        }
        assert devices[0]["device"] == "Firefox on Linux", "the one seen last comes first"
        for one in devices:
            assert set(one) == {"id", "device", "created_at", "last_seen_at", "is_this"}
        assert [one["is_this"] for one in await list_devices(app.client)] == [False, False]
        stored = await app.services.database.read(credential_rows.list_credentials)
        assert {row.secret_hash for row in stored} == {hash_secret(desk), hash_secret(phone)}
    for file in tmp_path.iterdir():
        if file.is_file():
            content = file.read_bytes()
            assert desk.encode() not in content and TOKEN.encode() not in content, file


async def test_a_browser_that_opens_the_link_again_is_no_second_device(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        first = await let_in(app)
        async with browser(app, first) as client:
            again = await client.post("/api/access", json={"token": TOKEN})
            assert again.json()["credential"] == first
            assert len(await list_devices(client)) == 1


async def test_a_revoked_browser_is_refused_and_its_streams_end(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        desk, phone = await let_in(app), await let_in(app, IPHONE)
        async with browser(app, phone) as lost, browser(app, desk) as client:
            async with lost.stream("GET", "/api/changes") as hints:
                pieces = hints.aiter_raw()
                assert b"persistence" in await anext(pieces)
                own = next(one for one in await list_devices(lost) if one["is_this"])
                gone = await client.delete(f"/api/credentials/{own['id']}")
                assert gone.json() == {"revoked": 1}
                async with asyncio.timeout(60):
                    assert b"persistence" not in b"".join([piece async for piece in pieces])
            refused = await lost.get("/api/models")
            assert (refused.status_code, refused.json()["code"]) == (401, "not_let_in")
            assert (await client.get("/api/models")).status_code == 200
            again = await client.delete(f"/api/credentials/{own['id']}")
            assert (again.status_code, again.json()["code"]) == (404, "credential_not_found")


async def test_all_others_are_signed_out_and_then_all(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        desk, phone, tablet = [await let_in(app) for _ in range(3)]
        async with browser(app, desk) as client:
            for body, count in (({}, 2), ({"keep_this": False}, 1)):
                answer = await client.post("/api/credentials/revoke-all", json=body)
                assert answer.json() == {"revoked": count}
        for credential in (desk, phone, tablet):
            async with browser(app, credential) as client:
                assert (await client.get("/api/models")).status_code == 401
        assert await list_devices(app.client) == []


async def test_a_start_code_lets_in_once_and_only_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path) as app:
        used: list[str] = []
        codes = app.codes
        code = codes.issue(lambda: used.append("used"))
        async with httpx2.AsyncClient(base_url=app.address, timeout=60) as client:
            bearer = {"Authorization": f"Bearer {code}"}
            assert (await client.get("/api/models", headers=bearer)).status_code == 401
            first = await client.post("/api/access", json={"token": code})
            assert (first.status_code, used) == (200, ["used"])
            second = await client.post("/api/access", json={"token": code})
            assert (second.status_code, second.json()["code"]) == (403, "launch_token_wrong")
            monkeypatch.setattr("ttrpg_assistant.api.start_codes.VALID_SECONDS", -1.0)
            late = await client.post("/api/access", json={"token": codes.issue()})
            assert late.status_code == 403


async def test_wrong_tokens_are_slowed_and_the_right_one_never(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        desk = await let_in(app)
        async with httpx2.AsyncClient(base_url=app.address, timeout=60) as guesser:

            async def guess(number: int) -> httpx2.Response:
                if number % 2:
                    return await guesser.post("/api/access", json={"token": f"guess {number}"})
                bearer = {"Authorization": f"Bearer guess-{number}"}
                return await guesser.get("/api/models", headers=bearer)

            first = [(await guess(number)).status_code for number in range(10)]
            assert set(first) == {401, 403}
            for number in range(10, 30):
                slowed = await guess(number)
                assert (slowed.status_code, slowed.json()["code"]) == (429, "too_many_attempts")
                assert int(slowed.headers["Retry-After"]) >= 1
            stale = {"Authorization": "Bearer guess-0"}
            assert (await guesser.get("/api/models", headers=stale)).status_code == 401
        assert (await app.client.get("/api/models")).status_code == 200
        async with browser(app, desk) as client:
            assert (await client.get("/api/models")).status_code == 200
        assert len(await let_in(app)) == kept.SECRET_LENGTH


async def make(database: Database, token: str | None = TOKEN) -> Credentials:
    """What a server that shares the database knows after its start."""
    made = Credentials(database, token, shared=True)
    await made.load()
    return made


async def test_a_credential_outlives_a_restart_and_ends_with_its_fixed_token(
    database: Database,
) -> None:
    first = await make(database)
    by_token = await first.give("Firefox on Linux", for_token=True)
    by_code = await first.give("Chrome on Android", for_token=False)
    again = await make(database)
    assert again.find(by_token) and again.find(by_code)
    assert again.find(by_token[:-1] + ("A" if by_token[-1] != "A" else "B")) is None
    other = await make(database, "quite-another-token")
    assert other.find(by_token) is None and other.find(by_code)
    back = await make(database)
    assert back.find(by_token) is None, "an old token set again brings nobody back"


async def test_a_credential_of_a_fixed_token_ends_when_none_is_set_any_more(
    database: Database,
) -> None:
    given = await (await make(database)).give("Firefox", for_token=True)
    assert (await make(database, None)).find(given) is None


async def test_another_server_knows_a_credential_at_once_and_its_end_at_the_next_look(
    database: Database,
) -> None:
    here, there = await make(database), await make(database)
    given = await here.give("Firefox on Linux", for_token=True)
    assert there.find(given) is None
    found = await there.find_elsewhere(given)
    assert found is not None and there.find(given) is found
    ended: list[str] = []
    found.enders.add(lambda: ended.append("stream"))
    await here.revoke(found.id)
    await there.refresh()
    assert there.find(given) is None and ended == ["stream"]
    assert await there.find_elsewhere(given) is None
    late = await there.give("Chrome", for_token=True)
    await there.refresh()
    assert there.find(late), "a look does not end what was given meanwhile"


async def test_use_is_written_down_rarely_and_disuse_ends(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = MachineClock(monkeypatch)
    one = await make(database)
    used, unused = [await one.give(name, for_token=False) for name in ("A", "B")]
    machine.pass_time(29 * 86_400)
    assert one.find(used)
    rows = await database.read(credential_rows.list_credentials)
    assert len({row.last_seen_at for row in rows}) == 1, "a request writes nothing"
    await one.write_down()
    rows = await database.read(credential_rows.list_credentials)
    assert {row.device: row.last_seen_at for row in rows}["A"] == spell_epoch(machine.time())
    machine.pass_time(2 * 86_400)
    assert one.find(unused) is None and one.find(used)
    await one.write_down()
    rows = await database.read(credential_rows.list_credentials)
    assert [row.device for row in rows] == ["A"]
    with pytest.raises(NotFound):
        await one.revoke("01890000-0000-7000-8000-000000000000")


async def test_what_cannot_be_stored_now_is_stored_later(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await make(database)
    with monkeypatch.context() as patched:
        patched.setattr(database.health, "state", "unavailable")
        given = await one.give("Firefox", for_token=True)
    assert one.find(given) and await database.read(credential_rows.list_credentials) == []
    await one.refresh()
    assert one.find(given)
    await one.close()
    assert (await make(database)).find(given)


async def test_there_are_never_too_many(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    one = await make(database)
    given = [await one.give(str(number), for_token=False) for number in range(5)]
    assert [one.find(secret) is not None for secret in given] == [False, False, True, True, True]
    assert len(await database.read(credential_rows.list_credentials)) == 3
