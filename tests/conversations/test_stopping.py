"""Stopping replies that start at that moment, or that a dead server was writing."""

from __future__ import annotations

import asyncio

from tests.conversations.runner_table import PATIENCE_SECONDS, ServerTable
from ttrpg_assistant.conversations.store import turns
from ttrpg_assistant.llm.scripted import Gate
from ttrpg_assistant.storage.database import Database


async def test_a_reply_that_is_stopped_while_it_starts_is_stopped(server: ServerTable) -> None:
    server.model.enqueue(["As far as this", Gate(), " and no further"])
    chat_id = await server.open_chat()
    dead = await server.post_elsewhere(chat_id, "First")
    posted = await server.say(chat_id, "Second")
    assert posted.turn.state == "queued"
    await server.database.write(lambda tx: turns.end_turn(tx, dead.turn, "interrupted"))
    async with asyncio.timeout(PATIENCE_SECONDS):
        _, stopped = await asyncio.gather(
            server.runner.resume_queue(chat_id),
            server.runner.stop(posted.assistant_message.id),
        )
    assert stopped.status == "stopped"
    assert await server.stored(posted) == stopped
    assert len(server.live) == 0


async def test_what_waits_behind_a_dead_servers_reply_starts_when_that_is_stopped(
    server: ServerTable,
    database: Database,
) -> None:
    gate = Gate()
    server.model.enqueue([gate, "Here I am."])
    chat_id = await server.open_chat()
    dead = await server.post_elsewhere(chat_id, "First")
    posted = await server.say(chat_id, "Second")
    assert posted.turn.state == "queued"
    stopped = await server.runner.stop(dead.assistant_message.id)
    assert (stopped.id, stopped.status) == (dead.assistant_message.id, "stopped")
    async with asyncio.timeout(PATIENCE_SECONDS):
        await gate.reached.wait()
    gate.open()
    assert (await server.wait_for(posted)).content == "Here I am."


async def test_stopping_what_waits_in_talk_that_was_removed_meanwhile_ends_it(
    server: ServerTable,
) -> None:
    chat_id = await server.open_chat()
    dead = await server.post_elsewhere(chat_id, "First")
    hide = "UPDATE conversations SET removed_at = '2026-11-22T09:30:00.000000Z'"
    await server.database.write(lambda tx: tx.exec_driver_sql(hide).rowcount)
    assert (await server.runner.stop(dead.assistant_message.id)).status == "stopped"
    await server.runner.resume_queue(chat_id)
    assert server.model.history == []
