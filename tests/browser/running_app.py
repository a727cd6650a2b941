"""The running application: the real server as a process, four loopback providers, a real Chromium.

    async with run_app(folder, browser, chromium) as app:
        tab = await app.open_tab()
        await tab.send("Hello")
        await app.server.restart()        # SIGKILL, then the same folder and port again

One app serves many tests: `make_ready` gives each a new conversation and the built-in model.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser_contexts import UsedContexts
from tests.faults.browser import Tab
from tests.faults.server import LAUNCHER, ServerProcess, open_chat
from tests.providers import SERVERS, ProviderServer, Script

KEY = "sk-loopback-only-0123456789"
"""The key that the loopback providers want."""

MODELS = {name: f"{name}:test-model" for name in SERVERS}
"""How the model of each loopback provider is chosen."""

ADDRESSES = {
    "openai": "OPENAI_BASE_URL",
    "anthropic": "ANTHROPIC_BASE_URL",
    "google": "GOOGLE_GEMINI_BASE_URL",
    "ollama": "OLLAMA_HOST",
}
KEYS = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google": "GEMINI_API_KEY",
}
KEYLESS = "ollama"

ANSWER = re.compile(r"\bmessage--assistant\b")

VIEWPORT = {"width": 1280, "height": 800}


class Sheet(Tab):
    """A page of the assistant as its reader sees it."""

    @property
    def answer(self) -> Any:
        """The text of the newest answer."""
        return self.page.locator("article.message--assistant").last.locator(".message__body")

    @property
    def newest(self) -> Any:
        """The newest answer with everything around it."""
        return self.page.locator("article.message--assistant").last

    async def wait_phase(self, phase: str) -> None:
        """Until the talk is loading, failed, ready or streaming."""
        await expect(self.page.locator(f".talk[data-phase={phase}]")).to_be_visible()

    async def wait_last(self, sign: str) -> None:
        """Until the newest answer carries this sign and nothing was said or is being written after
        it."""
        last = self.page.locator("article.message").last
        await expect(last.and_(self.page.locator(f"[data-sign={sign}]"))).to_have_class(ANSWER)
        await self.wait_phase("ready")

    async def wait_text(self, text: str) -> None:
        """Until the newest answer contains this."""
        await expect(self.answer).to_contain_text(text)

    async def contents(self) -> list[str]:
        """What is said on the page, in order, where nothing changes any more: else wait for it."""
        return [line.text for line in await self.lines()]

    async def ask_again(self) -> None:
        """Another answer, by the button of the newest one."""
        await self.newest.hover()
        await self.newest.get_by_role("button", name="Answer again", exact=True).click()

    async def choose_from_menu(self, item: str) -> None:
        await self.page.get_by_role("button", name="More", exact=True).click()
        await self.page.get_by_role("menuitem", name=item, exact=True).click()

    def button(self, name: str, *, exact: bool = True) -> Any:
        return self.page.get_by_role("button", name=name, exact=exact)


@dataclass
class App:
    """What a game master has on the table."""

    server: ServerProcess
    providers: dict[str, ProviderServer]
    browser: Browser
    executable: Path
    package_index: socket.socket
    """All that the server's pip knows: it takes connections and never answers them."""
    chat_id: str = ""
    contexts: list[BrowserContext] = field(default_factory=list)
    lent: list[BrowserContext] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.used = UsedContexts(self.browser, self.server.address)

    async def make_ready(self) -> None:
        """A running server, a new conversation, the built-in model, talkative providers."""
        if not self.server.is_running:
            await self.server.start()
        for provider in self.providers.values():
            provider.hold()
            provider.enqueue(Script())
            provider.requests.clear()
        async with self.server.client() as client:
            await client.put("/api/models/current", json={"model": "offline"})
            # Providers are asked what a test asks them, and nothing beside it.
            await client.put("/api/summaries/made-by", json={"made_by": "offline"})
            await open_chat(client)
            listed = (await client.get("/api/chat-sessions?limit=500")).json()["chat_sessions"]
            for chat in listed:
                if chat["status"] == "active":
                    answer = await client.post(f"/api/chat-sessions/{chat['id']}/end")
                    assert answer.is_success, answer.text
            self.chat_id = await open_chat(client)

    async def clean_up(self) -> None:
        """Close every page and let go of what is held."""
        for provider in self.providers.values():
            provider.release(20)
        for context in self.contexts:
            await context.close()
        self.contexts.clear()
        for context in self.lent:
            await self.used.give_back(context)
        self.lent.clear()

    async def choose(self, model: str) -> None:
        """Let this model answer from now on."""
        async with self.server.client() as client:
            answer = await client.put("/api/models/current", json={"model": model})
            assert answer.is_success, answer.text

    async def provide(self, name: str, *scripts: Script) -> ProviderServer:
        """Let a loopback provider answer, in this way."""
        self.providers[name].enqueue(*scripts)
        await self.choose(MODELS[name])
        return self.providers[name]

    async def new_context(self, **options: Any) -> BrowserContext:
        """A browser that has never been here."""
        context = await self.browser.new_context(**{"viewport": VIEWPORT, **options})
        self.contexts.append(context)
        return context

    async def lend_context(self, **options: Any) -> BrowserContext:
        """A browser in which nothing is stored."""
        context = await self.used.lend(**{"viewport": VIEWPORT, **options})
        self.lent.append(context)
        return context

    async def open_tab(
        self,
        path: str = "/chat",
        *,
        context: BrowserContext | None = None,
        wait: bool = True,
        **options: Any,
    ) -> Sheet:
        """Open the assistant with the start link in a new tab, of another browser if need be."""
        context = context or await self.lend_context(**options)
        page = await context.new_page()
        joined = "&" if "?" in path else "?"
        await page.goto(f"{self.server.address}{path}{joined}token={self.server.token}")
        sheet = Sheet(page)
        if wait:
            await sheet.wait_ready()
        return sheet

    async def turn_to(self, campaign_id: str) -> None:
        """What is said, and the history, are those of this campaign's own chat from now on."""
        chat = await self.post("/api/chat-sessions/active", {"campaign_id": campaign_id})
        self.chat_id = chat["id"]

    async def say(self, role: str, content: str, **more: Any) -> Any:
        """Put a message into the open conversation without asking for an answer."""
        return await self.post(
            f"/api/chat-sessions/{self.chat_id}/messages",
            {"role": role, "content": content, **more},
        )

    async def fill(self, count: int) -> None:
        """Put so many lines into the open conversation: "Line 0", "Line 1", …"""
        path = f"/api/chat-sessions/{self.chat_id}/messages"
        async with self.server.client() as client:
            for number in range(count):
                body = {"role": "user", "content": f"Line {number}"}
                assert (await client.post(path, json=body)).is_success

    async def post(self, path: str, body: Any = None) -> Any:
        async with self.server.client() as client:
            answer = await client.post(path, json=body or {})
            assert answer.is_success, answer.text
            return answer.json()

    async def history(self, chat_id: str | None = None) -> list[Any]:
        """What is stored of the open conversation, in order."""
        async with self.server.client() as client:
            path = f"/api/chat-sessions/{chat_id or self.chat_id}/messages?limit=500"
            answer = await client.get(path)
            assert answer.is_success, answer.text
            found: list[Any] = answer.json()["messages"]
            return found


@asynccontextmanager
async def run_app(
    folder: Path,
    browser: Browser,
    executable: Path,
    *,
    launcher: Sequence[str] = LAUNCHER,
) -> AsyncIterator[App]:
    """A running server on a fresh data folder, with four providers it can ask."""
    async with AsyncExitStack() as stack:
        providers = {
            name: await stack.enter_async_context(server_type(key=None if name == KEYLESS else KEY))
            for name, server_type in SERVERS.items()
        }
        index = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        environment = {
            "PIP_INDEX_URL": f"http://127.0.0.1:{index.getsockname()[1]}/simple/",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_FIND_LINKS": "",
            "NO_PROXY": "127.0.0.1",
            **{ADDRESSES[name]: provider.base_url for name, provider in providers.items()},
            **dict.fromkeys(KEYS.values(), KEY),
        }
        server = ServerProcess(folder / "data", environment=environment, launcher=launcher)
        stack.push_async_callback(server.kill)
        await server.start()
        app = App(server, providers, browser, executable, index)
        stack.push_async_callback(app.used.close)
        yield app


async def wait_gone(page: Page, selector: str) -> None:
    """Until nothing on the page matches."""
    await expect(page.locator(selector)).to_have_count(0)
