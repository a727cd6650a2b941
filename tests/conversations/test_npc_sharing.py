"""Three sends at once to one NPC: all stored, answered one after the other, in order."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.faults.server import ServerProcess
from tests.npc_table import make_campaign, make_npc, open_talk, post, read_talk
from tests.running import Running, running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider


class Witness(ScriptedProvider):
    """Notes whether two answers were ever being written at the same time."""

    def __init__(self, under_way: list[int]) -> None:
        super().__init__()
        self.under_way = under_way

    async def stream(self, request: Any) -> Any:
        self.under_way[0] += 1
        self.under_way[1] = max(self.under_way)
        self.enqueue([f"To {request.messages[-1].content}"])
        try:
            async for event in super().stream(request):
                await asyncio.sleep(0)
                yield event
        finally:
            self.under_way[0] -= 1


async def check_three_at_once(apps: list[Running], under_way: list[int]) -> None:
    talk = await open_talk(apps[0], await make_npc(apps[0], await make_campaign(apps[0]), "Mira"))
    texts = ["first", "second", "third"]
    posted = await asyncio.gather(
        *(post(app, talk, text) for app, text in zip(apps, texts, strict=True))
    )
    for app, one in zip(apps, posted, strict=True):
        reply = await app.read_reply(one["assistant_message"]["id"])
        assert (reply["status"], reply["mode"]) == ("complete", "as")
    said = await read_talk(apps[-1], talk)
    by_seq = sorted(posted, key=lambda one: one["user_message"]["seq"])
    expected = []
    for one in by_seq:
        text = one["user_message"]["content"]
        expected += [text, f"To {text}"]
    assert [message["content"] for message in said] == expected
    assert sorted(expected[::2]) == sorted(texts)
    assert under_way == [0, 1], "one answer at a time"


async def test_from_two_tabs_at_one_server(tmp_path: Path) -> None:
    under_way = [0, 0]
    async with running(tmp_path, [Witness(under_way)]) as app:
        await check_three_at_once([app, app, app], under_way)


@pytest.mark.parametrize("engine_name", ["postgresql"])
async def test_from_two_servers_on_one_database(tmp_path: Path, database_address: str) -> None:
    under_way = [0, 0]
    async with (
        running(tmp_path / "a", [Witness(under_way)], database_url=database_address) as a,
        running(tmp_path / "b", [Witness(under_way)], database_url=database_address) as b,
    ):
        await check_three_at_once([a, b, a], under_way)


@pytest.mark.parametrize("engine_name", ["postgresql"])
async def test_from_two_processes_of_the_real_server_on_one_database(
    tmp_path: Path, database_address: str
) -> None:
    environment = {"TTRPG_DATABASE_URL": database_address, "TTRPG_MODEL": "offline"}
    servers = [ServerProcess(tmp_path / name, environment=environment) for name in "ab"]
    async with AsyncExitStack() as stack:
        for server in servers:
            stack.push_async_callback(server.kill)
        await asyncio.gather(*(server.start() for server in servers))
        assert servers[0].pid != servers[1].pid
        one, other = [await stack.enter_async_context(server.client()) for server in servers]
        campaign = (await one.post("/api/campaigns", json={"name": "The Salt Road"})).json()
        npc = await one.post(f"/api/campaigns/{campaign['id']}/npcs", json={"name": "Mira"})
        talk = (await one.post(f"/api/npcs/{npc.json()['id']}/conversation")).json()["id"]
        path = f"/api/npc-conversations/{talk}/turns"
        texts = ["Who are you?", "And who am I?", "Who is that?"]
        posted = await asyncio.gather(
            *(
                client.post(path, json={"message_id": new_id(), "content": text, "mode": "as"})
                for client, text in zip((one, other, one), texts, strict=True)
            )
        )
        assert [answer.status_code for answer in posted] == [202] * 3
        # Each reply is followed at the server that did not take the message.
        for client, answer in zip((other, one, other), posted, strict=True):
            reply = answer.json()["assistant_message"]["id"]
            stream = await client.get(f"/api/replies/{reply}/stream", timeout=30)
            assert "event: done" in stream.text
        page = await other.get(f"/api/npc-conversations/{talk}/messages", params={"limit": 50})
        said = page.json()["messages"]
    assert [m["role"] for m in said] == ["user", "assistant"] * 3
    assert {m["status"] for m in said} == {"complete"}
    assert sorted(m["content"] for m in said[::2]) == sorted(texts), "each once"
    assert [m["parent_id"] for m in said[1::2]] == [m["id"] for m in said[::2]]
    under_way = await fetch_turns(database_address, talk)
    assert [turn["user_message_id"] for turn in under_way] == [m["id"] for m in said[::2]]
    for before, after in pairwise(under_way):
        assert before["ended_at"] <= after["started_at"], "one after the other"


async def fetch_turns(address: str, conversation_id: str) -> list[Any]:
    """The turns of a conversation in the order in which they were begun."""
    connection = await asyncpg.connect(address)
    try:
        return list(
            await connection.fetch(
                "SELECT user_message_id, started_at, ended_at FROM turns"
                " WHERE conversation_id = $1 ORDER BY started_at",
                conversation_id,
            )
        )
    finally:
        await connection.close()
