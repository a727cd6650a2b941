"""Two servers on one PostgreSQL: what one does is seen at the other, as it happens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.running import Running, running
from ttrpg_assistant.llm.scripted import Gate, ScriptedProvider
from ttrpg_assistant.llm.types import ThinkingDelta
from ttrpg_assistant.other_servers import ASKED_BY
from ttrpg_assistant.storage.server_rows import list_servers

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"])


async def listen(app: Running) -> AsyncIterator[tuple[str, Any]]:
    """The hints that a page of this server gets."""
    async with app.client.stream("GET", "/api/changes", timeout=30) as answer:
        name = ""
        async for line in answer.aiter_lines():
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                yield name, json.loads(line[6:])


async def until(hints: AsyncIterator[tuple[str, Any]], name: str, **content: Any) -> None:
    async for told, found in hints:
        if told == name and content.items() <= found.items():
            return
    raise AssertionError(f"no hint {name}")


async def test_a_reply_is_followed_word_by_word_at_another_server(
    tmp_path: Path, database_address: str
) -> None:
    """No checkpoint is needed: each word is held until the page of the other server has it."""
    gates = [Gate() for _ in range(3)]
    model = ScriptedProvider()
    model.enqueue([ThinkingDelta("Hm. "), gates[0], "One ", gates[1], "two ", gates[2], "three."])
    async with (
        running(tmp_path / "a", [model], database_url=database_address) as a,
        running(tmp_path / "b", [ScriptedProvider()], database_url=database_address) as b,
    ):
        posted = await a.say(await a.open_chat(), "Count")
        message_id = posted["assistant_message"]["id"]
        await gates[0].reached.wait()
        text, thought, opened = "", "", 0
        async for name, content, offset in b.follow(message_id):
            if name == "snapshot":
                text, thought = content["content"], content.get("reasoning", "")
            elif name == "text":
                text += content["text"]
                assert offset == len(text)
            elif name == "thinking":
                thought += content["text"]
            elif name == "done":
                assert content["message"]["content"] == "One two three."
                break
            if opened < 3 and thought and text == "One two three."[: 4 * opened]:
                gates[opened].open()
                opened += 1
        assert (text, opened) == ("One two three.", 3)


async def test_changes_of_one_server_are_seen_at_the_other(
    tmp_path: Path, database_address: str
) -> None:
    async with (
        running(tmp_path / "a", [ScriptedProvider()], database_url=database_address) as a,
        running(tmp_path / "b", [ScriptedProvider()], database_url=database_address) as b,
    ):
        hints = listen(b)
        assert (await anext(hints))[0] == "persistence"
        campaign = await a.post("/api/campaigns", {"name": "Ash"})
        await until(hints, "campaign", id=campaign["id"])
        npc = await a.post(f"/api/campaigns/{campaign['id']}/npcs", {"name": "Mira"})
        await until(hints, "campaign", id=campaign["id"])
        removed = await a.client.delete(f"/api/npcs/{npc['id']}")
        await until(hints, "removal", id=removed.json()["removal_id"])
        await a.client.put("/api/models/current", json={"model": "offline"})
        await until(hints, "models")
        async with asyncio.timeout(20):
            while (await b.get("/api/models"))["current"] != "offline":
                await until(hints, "models")  # The second one is told when it is in force.
        await hints.aclose()  # type: ignore[attr-defined]

        archive = await a.client.get(f"/api/campaigns/{campaign['id']}/archive")
        begun = await a.client.post(
            "/api/archives?wait=false",
            content=archive.content,
            headers={"content-type": "application/octet-stream"},
        )
        known = await b.get(f"/api/imports/{begun.json()['id']}")
        assert known["kind"] == "archive"
        await b.get(f"/api/imports/{campaign['id']}", status=404)

        [server] = await b.services.database.read(lambda tx: list_servers(tx, but=b.services.owner))
        assert server.id == a.services.owner
        path, named = f"/api/imports/{begun.json()['id']}", {ASKED_BY: server.id}
        for headers, status in (
            ({**named, "authorization": f"Bearer {server.secret}"}, 200),
            ({**named, "authorization": "Bearer guessed"}, 401),
            ({ASKED_BY: b.services.owner, "authorization": f"Bearer {server.secret}"}, 421),
        ):
            assert (await a.client.get(path, headers=headers)).status_code == status, status
        secret = {**named, "authorization": f"Bearer {server.secret}"}
        assert (await a.client.get("/api/campaigns", headers=secret)).status_code == 403
    # Both have ended, and nobody asks them any more.
