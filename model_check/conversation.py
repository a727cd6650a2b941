"""Talk with the application over its API, as the page does."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2

from ttrpg_assistant.ids import new_id


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its stored answer. `first` is when the first of it came, in seconds."""

    message: dict[str, Any]
    first: float | None
    seconds: float
    events: list[tuple[str, dict[str, Any]]]


class Application:
    """A running server."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Call an operation; fails on anything but success."""
        answer = await self._client.request(method, path, json=body)
        assert answer.status_code < 300, (method, path, answer.status_code, answer.text[:400])
        return answer.json()

    async def load_sample(self) -> str:
        """Load the sample campaign; its id."""
        return str((await self.ask("POST", "/api/sample-campaign", {}))["id"])

    async def find_npc(self, campaign_id: str, name: str) -> str:
        """The id of an NPC by its name."""
        found = await self.ask("GET", f"/api/campaigns/{campaign_id}/npcs?search={name}")
        return str(found["npcs"][0]["id"])

    async def open_chat(self, campaign_id: str | None) -> str:
        """The campaign's own chat, or the quick chat; the path of its turns."""
        chat = await self.ask("POST", "/api/chat-sessions/active", {"campaign_id": campaign_id})
        return f"/api/chat-sessions/{chat['id']}/turns"

    async def open_thread(self, campaign_id: str, purpose: str) -> str:
        """A new thread; the path of its turns."""
        body = {"purpose": purpose, "campaign_id": campaign_id}
        return f"/api/threads/{(await self.ask('POST', '/api/threads', body))['id']}/turns"

    async def open_npc(self, npc_id: str) -> str:
        """A new conversation with an NPC; the path of its turns."""
        talk = await self.ask("POST", f"/api/npcs/{npc_id}/conversations", {})
        return f"/api/npc-conversations/{talk['id']}/turns"

    async def start_turn(self, path: str, content: str, mode: str | None = None) -> str:
        """Send a question; the id of the message that is being written."""
        body = {"message_id": new_id(), "content": content} | ({"mode": mode} if mode else {})
        return str((await self.ask("POST", path, body))["assistant_message"]["id"])

    async def take_turn(self, path: str, content: str, mode: str | None = None) -> Turn:
        """Send a question and follow its answer to the end."""
        began = time.perf_counter()
        reply = await self.start_turn(path, content, mode)
        first, events = None, []
        async for name, value in self.follow(reply):
            events.append((name, value))
            said = value.get("text") or value.get("content")
            if first is None and name in ("text", "snapshot", "thinking") and said:
                first = time.perf_counter() - began
        message = next(value["message"] for name, value in reversed(events) if name == "done")
        return Turn(message, first, time.perf_counter() - began, events)

    async def follow(self, reply: str) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """The events of a reply's stream, name and value."""
        async with self._client.stream("GET", f"/api/replies/{reply}/stream") as answer:
            assert answer.status_code == 200, answer.status_code
            name = ""
            async for line in answer.aiter_lines():
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    yield name, json.loads(line[6:])

    async def stop(self, reply: str) -> dict[str, Any]:
        """Stop a reply; the message."""
        return dict(await self.ask("POST", f"/api/replies/{reply}/stop"))
