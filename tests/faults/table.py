"""Everything at once: a model, a server, a proxy, and a browser where one is wanted."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
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
    chat_id: str = ""
    plain: dict[str, str] = field(default_factory=dict)

    async def make_ready(self) -> None:
        """Put right what an earlier test has left, and begin a new conversation."""
        self.proxy.clear()
        self.proxy.log.clear()
        self.provider.reset()
        if not self.server.is_running or self.server.extra or self.server.environment != self.plain:
            self.server.environment = dict(self.plain)
            await self.server.restart()
        await self.begin_anew()

    async def begin_anew(self) -> None:
        """End the open chat; the next one is this table's."""
        async with self.server.client() as client:
            # The model is asked what the test asks: no title is proposed meanwhile.
            answer = await client.put("/api/summaries/made-by", json={"made_by": "offline"})
            assert answer.is_success, answer.text
            open_now = await open_chat(client)
            answer = await client.post(f"/api/chat-sessions/{open_now}/end")
            assert answer.is_success, answer.text
            self.chat_id = answer.json()["id"]

    @asynccontextmanager
    async def browser(
        self,
        folder: Path | None = None,
        prepare: Callable[[BrowserContext], Awaitable[None]] | None = None,
    ) -> AsyncIterator[Profile]:
        """A browser that reaches the server through the proxy."""
        folder = folder or self.folder / "profile"
        async with Profile(folder, self.proxy.address, prepare=prepare) as profile:
            profile.token = self.server.token
            yield profile

    def client(self, timeout: float = 20.0) -> httpx2.AsyncClient:
        """A caller that reaches the server through the proxy."""
        return self.server.client(self.proxy.address, timeout)

    async def history(self) -> list[Any]:
        """Every message of the active path, asked for past the proxy."""
        async with self.server.client() as client:
            page = await client.get(f"/api/chat-sessions/{self.chat_id}/messages?limit=500")
            assert page.is_success, page.text
            found: list[Any] = page.json()["messages"]
            return found

    async def wait_settled(self) -> list[Any]:
        """The active path once no reply is being written."""
        async with asyncio.timeout(120):
            while True:
                said = await self.history()
                if all(message["status"] != "streaming" for message in said):
                    return said
                await asyncio.sleep(0.05)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the database file, read beside the server."""
        with closing(sqlite3.connect(f"file:{self.server.database}?mode=ro", uri=True)) as raw:
            return raw.execute(sql, values).fetchall()

    def said(self) -> list[str]:
        """What the game master has said in this conversation, as stored."""
        sql = (
            "SELECT content FROM messages WHERE role = 'user' AND conversation_id = ? ORDER BY seq"
        )
        return [content for (content,) in self.rows(sql, self.chat_id)]

    def check_once(self, *contents: str) -> None:
        """Just these are stored, in this order, and each was answered by one call."""
        assert self.said() == list(contents)
        calls = {content: self.provider.calls[content] for content in contents}
        assert calls == dict.fromkeys(contents, 1)

    def answer(self, content: str) -> str:
        """What the model says to a message when nothing comes between."""
        return answer_to(content, self.provider.words)


@asynccontextmanager
async def laid_table(
    folder: Path,
    *,
    environment: dict[str, str] | None = None,
    **answer: Any,
) -> AsyncIterator[Table]:
    """A running server on a fresh data folder, behind a proxy, with a model."""
    async with EchoProvider(**answer) as provider:
        server = ServerProcess(
            folder / "data", environment={**provider.environment, **(environment or {})}
        )
        try:
            await server.start()
            async with FaultyProxy(server.port) as proxy:
                table = Table(provider, server, proxy, folder, plain=dict(server.environment))
                await table.begin_anew()
                yield table
        finally:
            await server.kill()


async def until(met: Callable[[], Any], seconds: float = 60.0) -> Any:
    """What `met` gives as soon as it gives anything true."""
    async with asyncio.timeout(seconds):
        while True:
            found = met()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(0.02)
