"""Everything at once: a model, a server, a proxy, and a browser where one is wanted."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from playwright.async_api import BrowserContext

from tests.faults.browser import Profile
from tests.faults.provider import EchoProvider, answer_to
from tests.faults.proxy import FaultyProxy
from tests.faults.server import ServerProcess, open_chat


@dataclass
class Table:
    """What sits between a game master and their words."""

    provider: EchoProvider
    server: ServerProcess
    proxy: FaultyProxy
    folder: Path

    @asynccontextmanager
    async def browser(
        self,
        name: str = "profile",
        prepare: Callable[[BrowserContext], Awaitable[None]] | None = None,
    ) -> AsyncIterator[Profile]:
        """A browser that reaches the server through the proxy."""
        async with Profile(self.folder / name, self.proxy.address, prepare=prepare) as profile:
            profile.token = self.server.token
            yield profile

    def client(self, timeout: float = 20.0) -> httpx2.AsyncClient:
        """A caller that reaches the server through the proxy."""
        return self.server.client(self.proxy.address, timeout)

    async def history(self, chat_id: str | None = None) -> list[Any]:
        """Every message of the active path, asked for past the proxy."""
        async with self.server.client() as client:
            chat_id = chat_id or await open_chat(client)
            page = await client.get(f"/api/chat-sessions/{chat_id}/messages?limit=500")
            assert page.is_success, page.text
            found: list[Any] = page.json()["messages"]
            return found

    async def wait_settled(self, chat_id: str | None = None) -> list[Any]:
        """The active path once no reply is being written."""
        async with asyncio.timeout(60):
            while True:
                said = await self.history(chat_id)
                if all(message["status"] != "streaming" for message in said):
                    return said
                await asyncio.sleep(0.05)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the database file, read beside the server."""
        with closing(sqlite3.connect(f"file:{self.server.database}?mode=ro", uri=True)) as raw:
            return raw.execute(sql, values).fetchall()

    def count(self, content: str) -> int:
        """How many times a text is stored as the game master's."""
        sql = "SELECT count(*) FROM messages WHERE role = 'user' AND content = ?"
        return int(self.rows(sql, content)[0][0])

    def check_once(self, *contents: str) -> None:
        """Each of these is stored once, in this order, and was answered by one call."""
        sql = "SELECT content FROM messages WHERE role = 'user' ORDER BY seq"
        said = [content for (content,) in self.rows(sql)]
        assert said == list(contents)
        calls = {content: self.provider.calls[content] for content in contents}
        assert calls == dict.fromkeys(contents, 1)

    def answer(self, content: str) -> str:
        """What the model says to a message when nothing comes between."""
        return answer_to(content, self.provider.words)


@asynccontextmanager
async def laid_table(
    folder: Path,
    *,
    words: int = 6,
    pace: float = 0.0,
    environment: dict[str, str] | None = None,
    **script: Any,
) -> AsyncIterator[Table]:
    """A running server on a fresh data folder, behind a proxy, with a model."""
    async with EchoProvider(words, pace, **script) as provider:
        server = ServerProcess(
            folder / "data", environment={**provider.environment, **(environment or {})}
        )
        try:
            await server.start()
            async with FaultyProxy(server.port) as proxy:
                yield Table(provider, server, proxy, folder)
        finally:
            await server.kill()


async def until(met: Callable[[], Any], seconds: float = 30.0) -> Any:
    """What `met` gives as soon as it gives anything true."""
    async with asyncio.timeout(seconds):
        while True:
            found = met()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(0.02)
