"""What stands in front of every route: host, origin, credential, type and size."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

import httpx2
import pytest

from tests.running import TOKEN, Running, running
from ttrpg_assistant.api.door_access import is_door

FOREIGN = ("evil.test", "127.0.0.1", "localhost:1", "127.0.0.1.evil.test")


async def routes_of(app: Running) -> list[tuple[str, str]]:
    schema = await app.get("/openapi.json")
    return [
        (method.upper(), path.replace("{", "").replace("}", ""))
        for path, methods in schema["paths"].items()
        for method in methods
    ]


async def test_every_route_refuses_a_foreign_host(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        checked = [*await routes_of(app), ("GET", "/"), ("GET", "/chat"), ("GET", "/app/main.js")]
        assert len(checked) > 25, "for this test to mean anything"
        for (method, path), host in product(checked, FOREIGN):
            answer = await app.client.request(method, path, headers={"Host": host})
            assert answer.status_code == 403, (method, path, host)
            assert answer.json()["code"] == "host_not_allowed"


async def test_every_operation_but_the_doors_wants_a_credential(tmp_path: Path) -> None:
    async with (
        running(tmp_path) as app,
        httpx2.AsyncClient(base_url=app.address, timeout=60) as stranger,
    ):
        for method, path in await routes_of(app):
            for headers in ({}, {"Authorization": "Bearer nonsense"}):
                answer = await stranger.request(method, path, headers=headers)
                if path == "/healthz":
                    assert answer.json() == {"status": "ok"}
                elif path == "/readyz":
                    assert answer.json()["status"] == "ready"
                elif path != "/api/access":
                    assert answer.status_code == 401, (method, path)
                    code = "token_not_valid" if is_door(path) else "not_let_in"
                    said = answer.json()
                    assert said.get("error", said)["code"] == code


async def test_what_is_open_holds_nothing_that_is_stored(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        chat_id = await app.open_chat()
        await app.post("/api/campaigns", {"name": "Canary Keep"})
        async with httpx2.AsyncClient(base_url=app.address, timeout=60) as stranger:
            for path in ("/openapi.json", "/healthz", "/readyz", "/", "/chat", "/campaigns"):
                answer = await stranger.get(path)
                assert answer.status_code == 200, path
                for stored in ("Canary Keep", chat_id, TOKEN, str(tmp_path)):
                    assert stored not in answer.text, (path, stored)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_site_may_not_write(tmp_path: Path, headers: dict[str, str]) -> None:
    async with running(tmp_path) as app:
        refused = await app.client.post("/api/chat-sessions/active", headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "foreign_origin")
        assert await app.get("/api/chat-sessions/active") is None


async def test_writes_are_json_only(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        chat_id = await app.open_chat()
        for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
            refused = await app.client.post(
                f"/api/chat-sessions/{chat_id}/messages",
                content=b'{"role": "user", "content": "Hello"}',
                headers={"Content-Type": kind},
            )
            assert (refused.status_code, refused.json()["code"]) == (415, "json_only")
        assert await app.history(chat_id) == []


async def test_the_launch_token_is_exchanged_for_a_credential_that_outlives_a_restart(
    tmp_path: Path,
) -> None:
    async with (
        running(tmp_path) as app,
        httpx2.AsyncClient(base_url=app.address, timeout=60) as browser,
    ):
        wrong = await browser.post("/api/access", json={"token": "guess"})
        assert (wrong.status_code, wrong.json()["code"]) == (403, "launch_token_wrong")
        given = (await browser.post("/api/access", json={"token": TOKEN})).json()["credential"]
        assert given != TOKEN
    async with (
        running(tmp_path) as app,
        httpx2.AsyncClient(base_url=app.address, timeout=60) as browser,
    ):
        headers = {"Authorization": f"Bearer {given}"}
        assert (await browser.get("/api/models", headers=headers)).status_code == 200
        other = "1" if given.endswith("0") else "0"
        forged = {"Authorization": f"Bearer {given[:-1]}{other}"}
        assert (await browser.get("/api/models", headers=forged)).status_code == 401


async def test_every_answer_carries_the_policy_of_the_page(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        for path in ("/healthz", "/api/models", "/api/nowhere", "/chat"):
            headers = (await app.client.get(path)).headers
            assert headers["content-security-policy"].startswith("default-src 'none'; ")
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"


async def test_a_body_past_the_limit_is_refused_declared_or_not(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        chat_id = await app.open_chat()
        path = f"/api/chat-sessions/{chat_id}/messages"
        large = b'{"role": "user", "content": "' + b"x" * (11 * 1024 * 1024) + b'"}'
        headers = {"Content-Type": "application/json"}
        declared = await app.client.post(path, content=large, headers=headers)
        assert (declared.status_code, declared.json()["code"]) == (413, "too_large")

        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(large), 65536):
                yield large[start : start + 65536]

        undeclared = await app.client.post(path, content=pieces(), headers=headers)
        assert (undeclared.status_code, undeclared.json()["code"]) == (413, "too_large")
        assert await app.history(chat_id) == []


async def test_no_operation_answers_a_key(tmp_path: Path) -> None:
    canary = "sk-canary-0123456789abcdef"
    async with running(tmp_path) as app:
        for name in ("anthropic", "openai", "google"):
            kept = await app.client.put(f"/api/providers/{name}/key", json={"key": canary})
            assert kept.status_code == 200, kept.text
            assert canary not in kept.text
        for path in ("/api/models", "/openapi.json", "/api/persistence", "/api/removals"):
            assert canary not in (await app.client.get(path)).text
        assert (await app.get("/api/models"))["providers"][1]["has_key"] is True
