"""The real application on a real socket, in the test's own event loop.

async with running(tmp_path, providers=[model]) as app:
    answer = await app.client.post("/api/chat-sessions/active")
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import uvicorn

from tests.quick_routes import share_routes
from ttrpg_assistant import serving
from ttrpg_assistant.api.start_codes import StartCodes
from ttrpg_assistant.app import create_app
from ttrpg_assistant.connection_limits import Limits
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.ports import Provider
from ttrpg_assistant.services import Services
from ttrpg_assistant.settings import ProviderAccess, Settings

TOKEN = "a-launch-token-for-tests"

share_routes()


class _ShortSleeps:
    """`asyncio` as uvicorn sees it here. It looks ten times a second whether it shall leave, and
    once there waits a tenth of a second more: longer than most tests take."""

    LONGEST = 0.01

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, self.LONGEST))


uvicorn.server.asyncio = _ShortSleeps()  # type: ignore[assignment]


@dataclass(frozen=True)
class Running:
    """A server that runs, and a client that has been let in."""

    address: str
    client: httpx2.AsyncClient
    services: Services
    codes: StartCodes
    command_key: str = ""

    async def post(self, path: str, body: Any = None, *, status: int | None = None) -> Any:
        """POST JSON; the decoded answer. `status` is what is expected, if not any success."""
        answer = await self.client.post(path, json=body if body is not None else {})
        return _checked(answer, status)

    async def get(self, path: str, *, status: int | None = None, **params: Any) -> Any:
        """GET; the decoded answer."""
        return _checked(await self.client.get(path, params=params), status)

    async def open_chat(self) -> str:
        """The id of the active chat session."""
        answer = await self.client.post("/api/chat-sessions/active")
        chat_id: str = answer.json()["id"]
        return chat_id

    async def say(self, chat_id: str, content: str, message_id: str | None = None) -> Any:
        """Post a turn; its two messages."""
        body = {"message_id": message_id or new_id(), "content": content}
        return await self.post(f"/api/chat-sessions/{chat_id}/turns", body, status=202)

    async def follow(
        self, message_id: str, last_event_id: int | None = None
    ) -> AsyncIterator[tuple[str, Any, int | None]]:
        """The events of a reply: name, content, id."""
        headers = {} if last_event_id is None else {"Last-Event-ID": str(last_event_id)}
        path = f"/api/replies/{message_id}/stream"
        async with self.client.stream("GET", path, headers=headers, timeout=30) as answer:
            assert answer.status_code == 200, await answer.aread()
            name, content, event_id = "", None, None
            async for line in answer.aiter_lines():
                if line.startswith("id: "):
                    event_id = int(line[4:])
                elif line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    content = json.loads(line[6:])
                elif line == "" and name:
                    yield name, content, event_id
                    name, content, event_id = "", None, None

    async def read_reply(self, message_id: str) -> Any:
        """The message as said by `done`."""
        async for name, content, _ in self.follow(message_id):
            if name == "done":
                return content["message"]
        raise AssertionError("the stream ended without `done`")

    async def history(self, chat_id: str) -> list[Any]:
        """Every message of the active path."""
        page = await self.get(f"/api/chat-sessions/{chat_id}/messages", limit=500)
        found: list[Any] = page["messages"]
        return found


def _checked(answer: httpx2.Response, status: int | None) -> Any:
    if status is None:
        assert answer.is_success, answer.text
    else:
        assert answer.status_code == status, answer.text
    return answer.json()


@asynccontextmanager
async def running(
    data_dir: Path,
    providers: Sequence[Provider] = (),
    limits: Limits | None = None,
    access: Mapping[str, ProviderAccess] | None = None,
    **settings: Any,
) -> AsyncIterator[Running]:
    """Serve the application from a data folder until the block ends."""
    if providers:
        settings.setdefault("model", "scripted:scripted")
    if access is not None:
        settings["providers"] = access
    made = Settings(data_dir=data_dir, token=TOKEN, token_is_fixed=True, **settings)
    listener = serving.bind("127.0.0.1", 0)
    made = dataclasses.replace(made, port=listener.getsockname()[1])
    app = create_app(made, extra_providers=providers)
    server = uvicorn.Server(
        serving.make_config(app, limits or Limits(proxies=made.trusted_proxies))
    )
    server.capture_signals = _no_signals  # type: ignore[method-assign, assignment]
    address = f"http://127.0.0.1:{made.port}"
    with listener:
        async with app.router.lifespan_context(app):
            listening = asyncio.create_task(server.serve(sockets=[listener]))
            try:
                async with httpx2.AsyncClient(
                    base_url=address,
                    headers={"Authorization": f"Bearer {TOKEN}"},
                    timeout=60,  # a busy machine is no fault
                    verify=False,  # plain HTTP needs no certificates, and reading them is slow
                ) as client:
                    while not server.started:  # noqa: ASYNC110
                        await asyncio.sleep(0.005)
                    state = app.state
                    yield Running(
                        address, client, state.services, state.start_codes, state.command_key
                    )
            finally:
                app.state.stop_streams()
                server.should_exit = True
                await listening


class _no_signals:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None
