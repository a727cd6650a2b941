"""Two servers on one PostgreSQL: one order, one answer at a time, and nothing left behind."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.running import running
from ttrpg_assistant.conversations.store import leases, turns
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import Gate, ScriptedProvider

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"])


async def test_a_message_sent_to_another_server_waits_for_the_answer_under_way(
    tmp_path: Path, database_address: str
) -> None:
    gate = Gate()
    one, two = ScriptedProvider(), ScriptedProvider(default=["Second answer."])
    one.enqueue([gate, "First answer."])
    one.enqueue(["Second answer."])
    async with (
        running(tmp_path / "a", [one], database_url=database_address) as a,
        running(tmp_path / "b", [two], database_url=database_address) as b,
    ):
        chat_id = await a.open_chat()
        assert await b.open_chat() == chat_id
        first = await a.say(chat_id, "First")
        await gate.reached.wait()
        second = await b.say(chat_id, "Second")
        assert second["user_message"]["seq"] > first["assistant_message"]["seq"]
        gate.open()
        reply = await b.read_reply(second["assistant_message"]["id"])
        assert reply["content"] == "Second answer."
        assert len(one.history) + len(two.history) == 2
        said = [m["content"] for m in await b.history(chat_id)]
        assert said == ["First", "First answer.", "Second", "Second answer."]


async def test_a_reply_written_by_one_server_is_followed_and_stopped_through_the_other(
    tmp_path: Path, database_address: str
) -> None:
    gate = Gate()
    model = ScriptedProvider()
    model.enqueue(["x" * 600, gate, "never"])
    async with (
        running(tmp_path / "a", [model], database_url=database_address) as a,
        running(tmp_path / "b", [ScriptedProvider()], database_url=database_address) as b,
    ):
        chat_id = await a.open_chat()
        posted = await a.say(chat_id, "Go on")
        message_id = posted["assistant_message"]["id"]
        await gate.reached.wait()
        async for name, content, _ in b.follow(message_id):
            if name == "text" or (name == "snapshot" and content["content"]):
                break
        stopped = await b.post(f"/api/replies/{message_id}/stop")
        assert (stopped["status"], stopped["content"]) == ("stopped", "x" * 600)
        reply = await a.read_reply(message_id)
        assert (reply["status"], reply["content"]) == ("stopped", "x" * 600)


async def test_the_same_turn_sent_to_both_servers_at_once_is_answered_once(
    tmp_path: Path, database_address: str
) -> None:
    one, two = ScriptedProvider(default=["Once."]), ScriptedProvider(default=["Once."])
    async with (
        running(tmp_path / "a", [one], database_url=database_address) as a,
        running(tmp_path / "b", [two], database_url=database_address) as b,
    ):
        chat_id, sent = await a.open_chat(), new_id()
        posted = await asyncio.gather(*(app.say(chat_id, "Again?", sent) for app in (a, b, a, b)))
        assert len({p["assistant_message"]["id"] for p in posted}) == 1
        await a.read_reply(posted[0]["assistant_message"]["id"])
        assert len(one.history) + len(two.history) == 1


async def test_a_dead_servers_reply_is_ended_by_the_other_when_its_lease_runs_out(
    tmp_path: Path, database_address: str
) -> None:
    async with running(tmp_path, [ScriptedProvider()], database_url=database_address) as app:
        chat_id = await app.open_chat()
        database = app.services.database
        posted = await database.write(
            lambda tx: turns.post_turn(
                tx, chat_id, message_id=new_id(), content="Hello?", owner=new_id()
            )
        )
        living = await database.read(
            lambda tx: leases.list_orphans(tx, owner=app.services.owner, only_expired=True)
        )
        assert living == [], "a live lease is believed"
        await database.write(
            lambda tx: tx.exec_driver_sql("UPDATE turns SET lease_expires_at = 0").rowcount
        )
        reply = await app.read_reply(posted.assistant_message.id)
        assert (reply["status"], reply["content"]) == ("interrupted", "[Stream interrupted]")


async def test_a_page_at_one_server_hears_what_was_said_at_the_other(
    tmp_path: Path, database_address: str
) -> None:
    model = ScriptedProvider(default=["Aye."])
    async with (
        running(tmp_path / "a", [model], database_url=database_address) as a,
        running(tmp_path / "b", [model], database_url=database_address) as b,
        b.client.stream("GET", "/api/changes", timeout=20) as stream,
    ):
        lines = stream.aiter_lines()
        await anext(lines)
        chat_id = await a.open_chat()
        posted = await a.say(chat_id, "Hello")
        async for line in lines:
            if posted["assistant_message"]["id"] in line:
                break
