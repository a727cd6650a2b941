"""Page, writes, files and streams through nginx and Caddy, with TLS, as docs/hosting.md says."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.async_api import async_playwright, expect

from tests.browser_finder import LAUNCH_ARGS
from tests.hosting.real_proxies import (
    NAME,
    Certificates,
    find_free_port,
    find_program,
    make_certificates,
    proxy_in_front,
    speak_through,
)
from tests.running import TOKEN, Running, running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import Gate, ScriptedProvider

pytestmark = [pytest.mark.deep, pytest.mark.slow]

ROUNDS = 40


@dataclass(frozen=True)
class Hosted:
    """A server with a proxy in front. `outside` speaks to the proxy as a browser would."""

    app: Running
    model: ScriptedProvider
    outside: httpx2.AsyncClient
    origin: str
    port: int
    certificates: Certificates


@asynccontextmanager
async def hosted(kind: str, folder: Path) -> AsyncIterator[Hosted]:
    if find_program(kind) is None:
        pytest.skip(f"{kind} is not installed")
    port = find_free_port()
    certificates = make_certificates(folder / "certificates")
    origin, model = f"https://{NAME}:{port}", ScriptedProvider()
    async with running(
        folder / "server",
        providers=[model],
        public_url=origin,
        trusted_proxies=("127.0.0.1/32",),
    ) as app:
        inner = int(app.address.rpartition(":")[2])
        async with (
            proxy_in_front(kind, folder / "proxy", certificates, [inner], port),
            speak_through(port, certificates, TOKEN) as outside,
        ):
            yield Hosted(app, model, outside, origin, port, certificates)


async def say(client: httpx2.AsyncClient, chat_id: str) -> str:
    body = {"message_id": new_id(), "content": "Who keeps the mill?"}
    answer = await client.post(f"/api/chat-sessions/{chat_id}/turns", json=body)
    assert answer.status_code == 202, answer.text
    found: str = answer.json()["assistant_message"]["id"]
    return found


async def wait_text(client: httpx2.AsyncClient, reply_id: str, wanted: str) -> None:
    """Until so much of a reply has come."""
    text = ""
    path = f"/api/replies/{reply_id}/stream"
    async with client.stream("GET", path) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                found: dict[str, Any] = json.loads(line[6:])
                text += str(found.get("content") or found.get("text") or "")
                if wanted in text:
                    return
    raise AssertionError(f"the stream ended with {text!r}")


async def measure_first_words(one: Hosted, client: httpx2.AsyncClient, chat_id: str) -> float:
    """Milliseconds from sending a message to the first words of its answer."""
    gate = Gate()
    one.model.enqueue(["The miller ", gate, "does."])
    begun = time.perf_counter()
    reply_id = await say(client, chat_id)
    await wait_text(client, reply_id, "The miller ")
    taken = (time.perf_counter() - begun) * 1000
    gate.open()
    await one.app.read_reply(reply_id)
    return taken


@pytest.mark.parametrize("kind", ["nginx", "caddy"])
async def test_everything_works_through_the_proxy(kind: str, tmp_path: Path) -> None:
    async with hosted(kind, tmp_path) as one:
        page = await one.outside.get("/", headers={"Accept": "text/html"})
        assert page.status_code == 200 and "TTRPG Assistant" in page.text
        chat_id = (await one.outside.post("/api/chat-sessions/active")).json()["id"]
        assert chat_id
        foreign = {"Origin": f"https://evil.test:{one.port}"}
        refused = await one.outside.post("/api/chat-sessions/active", headers=foreign)
        assert refused.json()["code"] == "foreign_origin"

        # A file of some size is refused by the server, in its own words, and not by the proxy.
        answer = await one.outside.post(
            "/api/archives",
            content=b"\0" * (12 * 1024**2),
            headers={"Content-Type": "application/octet-stream"},
        )
        assert answer.headers["content-type"] == "application/problem+json", answer.text[:200]

        # Words come while the rest of the answer is not there yet: nothing is held back.
        gate = Gate()
        one.model.enqueue(["The mill ", gate, "burns."])
        reply_id = await say(one.outside, chat_id)
        await asyncio.wait_for(wait_text(one.outside, reply_id, "The mill "), 20)
        assert gate.reached.is_set()
        gate.open()
        assert (await one.app.read_reply(reply_id))["content"] == "The mill burns."

        async with one.outside.stream("GET", "/api/changes") as hints:
            lines = hints.aiter_lines()
            made = asyncio.create_task(one.outside.post("/api/campaigns", json={"name": "Keep"}))
            while "campaign" not in await asyncio.wait_for(anext(lines), 20):
                pass
            assert (await made).status_code == 201

        # Whoever guesses is counted by the address that the proxy saw, whatever they claim.
        seen = []
        for number in range(14):
            guess = {
                "Authorization": f"Bearer guess-{number}",
                "X-Forwarded-For": f"9.9.9.{number}",
            }
            seen.append((await one.outside.get("/api/models", headers=guess)).status_code)
        assert seen[-1] == 429

        # In turns, so that a moment in which the machine is busy spoils both alike.
        direct, through = [], []
        for _ in range(ROUNDS):
            direct.append(await measure_first_words(one, one.app.client, chat_id))
            through.append(await measure_first_words(one, one.outside, chat_id))
        for label, taken in (("direct", sorted(direct)), (f"through {kind}", sorted(through))):
            print(
                f"first words {label}: median {statistics.median(taken):.1f} ms,"
                f" 95th of 100 {taken[int(len(taken) * 0.95)]:.1f} ms"
            )


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["nginx", "caddy"])
async def test_a_browser_signs_in_and_could_install_the_page(
    kind: str, tmp_path: Path, chromium: Path
) -> None:
    async with hosted(kind, tmp_path) as one, async_playwright() as play:
        # With a profile: nothing is installed from a private window.
        browser = await play.chromium.launch_persistent_context(
            tmp_path / "profile",
            executable_path=str(chromium),
            args=[
                *LAUNCH_ARGS,
                f"--ignore-certificate-errors-spki-list={one.certificates.key_hash}",
                f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
            ],
        )
        try:
            page = await browser.new_page()
            await page.goto(f"{one.origin}/?token={TOKEN}")
            await expect(page.get_by_role("textbox", name="Message")).to_be_visible()
            assert await page.evaluate("isSecureContext")
            one.model.enqueue(["The mill stands by the river."])
            await page.get_by_role("textbox", name="Message").fill("Where is the mill?")
            await page.keyboard.press("Enter")
            await expect(page.get_by_text("The mill stands by the river.")).to_be_visible()
            asked = await browser.new_cdp_session(page)
            manifest = await asked.send("Page.getAppManifest")
            errors = await asked.send("Page.getInstallabilityErrors")
            assert (manifest["errors"], errors["installabilityErrors"]) == ([], [])
            devices = (await one.outside.get("/api/credentials")).json()["credentials"]
            assert [device["device"] for device in devices] == ["Chrome on Linux"]
            protocol = await page.evaluate(
                "performance.getEntriesByType('navigation')[0].nextHopProtocol"
            )
            print(f"{kind}: signed in over {protocol}, the page can be installed")
        finally:
            await browser.close()
