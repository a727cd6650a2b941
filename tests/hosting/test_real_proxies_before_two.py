"""Two servers on one database behind nginx and Caddy, with TLS, in turns and without stickiness."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.async_api import async_playwright, expect
from prometheus_client.parser import text_string_to_metric_families

from tests.browser_finder import LAUNCH_ARGS
from tests.databases import PostgresServer
from tests.faults.provider import EchoProvider
from tests.faults.server import ServerProcess
from tests.hosting.real_proxies import (
    NAME,
    Certificates,
    find_free_port,
    find_program,
    make_certificates,
    proxy_in_front,
    speak_through,
)
from ttrpg_assistant.ids import new_id

pytestmark = [pytest.mark.deep, pytest.mark.slow, pytest.mark.postgres]

KINDS = pytest.mark.parametrize("kind", ["nginx", "caddy"])
METRICS_TOKEN = "0123456789-for-metrics"
WORDS = 3
STREAM = "/api/replies/{message_id}/stream"
RECOVERY_SECONDS = 60
REFUSED = {"nginx": 0, "caddy": 1}
"""Writes that are answered with 502 after a server died, as docs/hosting.md says."""


@dataclass(frozen=True)
class House:
    """Two servers and the proxy in front. `outside` speaks to the proxy as a browser would."""

    servers: tuple[ServerProcess, ServerProcess]
    model: EchoProvider
    outside: httpx2.AsyncClient
    port: int
    certificates: Certificates

    @property
    def origin(self) -> str:
        return f"https://{NAME}:{self.port}"

    async def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """What the proxy answers; whichever server it asked."""
        answer = await self.outside.request(method, path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def say(self, chat_id: str, content: str) -> str:
        """Post a turn; the id of its answer."""
        body = {"message_id": new_id(), "content": content}
        posted = await self.ask("POST", f"/api/chat-sessions/{chat_id}/turns", body, 202)
        return str(posted["assistant_message"]["id"])

    async def count(self, server: ServerProcess, metric: str, **labels: str) -> float:
        """A figure of one server, asked directly."""
        headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
        async with httpx2.AsyncClient(base_url=server.address, verify=False) as client:
            text = (await client.get("/metrics", headers=headers)).text
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == metric and labels.items() <= sample.labels.items()
        )


@asynccontextmanager
async def housed(kind: str, folder: Path, postgres: PostgresServer) -> AsyncIterator[House]:
    if find_program(kind) is None:
        pytest.skip(f"{kind} is not installed")
    listen, certificates = find_free_port(), make_certificates(folder / "certificates")
    name = await postgres.make_database()
    async with EchoProvider(WORDS, stalls=tuple(range(1, WORDS + 1))) as model:
        environment = {
            "TTRPG_DATABASE_URL": postgres.address_of(name),
            "TTRPG_PUBLIC_URL": f"https://{NAME}:{listen}",
            "TTRPG_TRUSTED_PROXIES": "127.0.0.1",
            "TTRPG_METRICS_TOKEN": METRICS_TOKEN,
            **model.environment,
        }
        one, two = (ServerProcess(folder / at, environment=environment) for at in ("one", "two"))
        try:
            await asyncio.gather(one.start(), two.start())
            async with (
                proxy_in_front(kind, folder / "proxy", certificates, [one.port, two.port], listen),
                speak_through(listen, certificates, one.token) as outside,
            ):
                yield House((one, two), model, outside, listen, certificates)
        finally:
            await asyncio.gather(one.kill(), two.kill())
            await postgres.drop_database(name)


@dataclass
class Follower:
    """One who follows a reply through the proxy."""

    text: str = ""
    message: Any = None
    grown: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def follow(self, client: httpx2.AsyncClient, reply_id: str) -> None:
        name, headers = "", {}
        while self.message is None:
            path = f"/api/replies/{reply_id}/stream"
            try:
                async with client.stream("GET", path, headers=headers) as answer:
                    if answer.status_code != 200:
                        await asyncio.sleep(0.1)  # A proxy that has just lost a server.
                        continue
                    async for line in answer.aiter_lines():
                        if line.startswith("event: "):
                            name = line[7:]
                        elif line.startswith("data: "):
                            await self._take(name, json.loads(line[6:]))
            except httpx2.HTTPError:
                pass  # Its server was killed; a page comes again too.
            headers = {"Last-Event-ID": str(len(self.text))}

    async def _take(self, name: str, content: Any) -> None:
        async with self.grown:
            if name == "snapshot":
                self.text = content["content"]
            elif name == "text":
                self.text += content["text"]
            elif name == "done":
                self.message = content["message"]
            self.grown.notify_all()

    async def wait_for(self, wanted: str) -> None:
        """Until exactly so much has come."""
        async with asyncio.timeout(20), self.grown:
            await self.grown.wait_for(lambda: self.text == wanted)


async def start_following(house: House, reply_id: str, count: int) -> tuple[list[Follower], Any]:
    followers = [Follower() for _ in range(count)]
    tasks = [asyncio.create_task(one.follow(house.outside, reply_id)) for one in followers]
    return followers, asyncio.gather(*tasks)


async def find_writer(house: House) -> tuple[ServerProcess, ServerProcess]:
    """The server that writes the one reply there is, and the other one."""
    one, two = house.servers
    running = [await house.count(server, "ttrpg_answers_running") for server in (one, two)]
    assert sum(running) == 1, running
    return (one, two) if running[0] else (two, one)


@KINDS
async def test_two_servers_are_one_behind_the_proxy(
    kind: str, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    async with housed(kind, tmp_path, postgres_server) as house:
        pages = [await house.outside.get("/", headers={"Accept": "text/html"}) for _ in range(4)]
        assert {page.status_code for page in pages} == {200}
        assert len({page.text for page in pages}) == 1
        manifest = await house.outside.get("/icons/app.webmanifest")
        assert manifest.headers["content-type"] == "application/manifest+json"
        chat_id = (await house.ask("POST", "/api/chat-sessions/active"))["id"]
        campaign = await house.ask("POST", "/api/campaigns", {"name": "Keep"}, 201)
        for _ in range(8):  # Whichever is asked knows it.
            await house.ask("GET", f"/api/campaigns/{campaign['id']}")
        route = "/api/campaigns/{campaign_id}"
        for server in house.servers:
            assert await house.count(server, "ttrpg_http_requests_total", route=route) == 4

        # Four follow a reply, two of them at the server that does not write it.
        reply_id = await house.say(chat_id, "mill")
        followers, ends = await start_following(house, reply_id, 4)
        for number in range(WORDS):
            said = "".join(f"mill#{at} " for at in range(number + 1))
            for follower in followers:
                await follower.wait_for(said)
            if number == 0:
                _, other = await find_writer(house)
            house.model.release()
        await asyncio.wait_for(ends, 20)
        assert {one.message["status"] for one in followers} == {"complete"}
        assert {one.message["content"] for one in followers} == {"mill#0 mill#1 mill#2 "}
        assert await house.count(other, "ttrpg_http_requests_total", route=STREAM) == 2

        # Two pages listen, one at each server, and a write at either reaches both.
        async with (
            house.outside.stream("GET", "/api/changes") as first,
            house.outside.stream("GET", "/api/changes") as second,
        ):
            for server in house.servers:
                assert await house.count(server, "ttrpg_pages_open") == 1
            for name in ("Mira", "Odo"):
                path = f"/api/campaigns/{campaign['id']}/npcs"
                made = await house.ask("POST", path, {"name": name}, 201)
                assert made["name"] == name
            for hints in (first, second):
                lines = hints.aiter_lines()
                while "campaign" not in await asyncio.wait_for(anext(lines), 20):
                    pass


@KINDS
async def test_after_a_server_has_died_the_other_one_answers(
    kind: str, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    async with housed(kind, tmp_path, postgres_server) as house:
        chat_id = (await house.ask("POST", "/api/chat-sessions/active"))["id"]
        reply_id = await house.say(chat_id, "mill")
        followers, ends = await start_following(house, reply_id, 4)
        for follower in followers:
            await follower.wait_for("mill#0 ")
        writer, _ = await find_writer(house)
        path = f"/api/chat-sessions/{chat_id}/messages"
        async with asyncio.timeout(20):  # The word is said; it is stored within a second.
            while "mill#0" not in json.dumps(await house.ask("GET", path)):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await writer.kill()
        refused = 0
        for number in range(12):  # The proxy asks the other one.
            body = {"name": f"Keep {number}"}
            answer = await house.outside.post("/api/campaigns", json=body)
            if answer.status_code == 502:
                refused += 1
                answer = await house.outside.post("/api/campaigns", json=body)
            assert answer.status_code == 201, answer.text
            await house.ask("GET", "/api/campaigns")
        assert refused <= REFUSED[kind], refused
        await asyncio.wait_for(ends, RECOVERY_SECONDS)
        for follower in followers:
            assert follower.message["status"] == "interrupted"
            assert follower.message["content"].startswith("mill#0 ")
        assert len((await house.ask("GET", "/api/campaigns"))["campaigns"]) >= 12

        await writer.start()
        async with asyncio.timeout(RECOVERY_SECONDS):  # The proxy tries it again by itself.
            while not await house.count(writer, "ttrpg_http_requests_total", route="/api/models"):
                await house.ask("GET", "/api/models")
                await asyncio.sleep(0.2)


@pytest.mark.browser
@KINDS
async def test_a_browser_is_signed_in_at_both_and_could_install_the_page(
    kind: str, tmp_path: Path, chromium: Path, postgres_server: PostgresServer
) -> None:
    async with housed(kind, tmp_path, postgres_server) as house, async_playwright() as play:
        house.model.release(2 * WORDS)
        browser = await play.chromium.launch_persistent_context(
            tmp_path / "profile",
            executable_path=str(chromium),
            args=[
                *LAUNCH_ARGS,
                f"--ignore-certificate-errors-spki-list={house.certificates.key_hash}",
                f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
            ],
        )
        try:
            page = await browser.new_page()
            refused: list[str] = []
            page.on("response", lambda it: refused.append(it.url) if it.status >= 400 else None)
            await page.goto(f"{house.origin}/?token={house.servers[0].token}")
            box = page.get_by_role("textbox", name="Message")
            for question in ("mill", "heron"):
                await box.fill(question)
                await page.keyboard.press("Enter")
                await expect(page.get_by_text(f"{question}#0 {question}#1")).to_be_visible()
                await page.reload()
                await expect(page.get_by_text(f"{question}#0 {question}#1")).to_be_visible()
            asked = await browser.new_cdp_session(page)
            manifest = await asked.send("Page.getAppManifest")
            errors = await asked.send("Page.getInstallabilityErrors")
            assert (manifest["errors"], errors["installabilityErrors"]) == ([], [])
            assert refused == []
            for server in house.servers:
                assert await house.count(server, "ttrpg_http_requests_total", status="200") > 10
        finally:
            await browser.close()
