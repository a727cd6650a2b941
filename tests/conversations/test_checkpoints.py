"""Replies that grow are stored together, and none costs another its checkpoint."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from tests.conversations.runner_table import PATIENCE_SECONDS, ServerTable
from ttrpg_assistant.conversations.checkpoints import (
    CHECKPOINT_CHARACTERS,
    Checkpoints,
)
from ttrpg_assistant.conversations.model import Message, Turn
from ttrpg_assistant.conversations.store import messages
from ttrpg_assistant.live.replies import LiveReply
from ttrpg_assistant.storage.database import Database, Work


class Counted:
    """A database that counts what is written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.writes = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def write(self, work: Work[Any]) -> Any:
        self.writes += 1
        return await self._database.write(work)


async def begin_turns(server: ServerTable, count: int) -> list[Turn]:
    """Running turns, each in a chat of its own."""
    begun = []
    chat_id = await server.open_chat()
    for _ in range(count):
        begun.append((await server.post_elsewhere(chat_id, "Well?")).turn)
        chat_id = (await server.chats.end_and_spawn_new(chat_id)).id
    return begun


@asynccontextmanager
async def kept(
    checkpoints: Checkpoints, running: Sequence[Turn]
) -> AsyncIterator[dict[str, LiveReply]]:
    """The replies of these turns, being kept."""
    with ExitStack() as until_end:
        replies = {turn.assistant_message_id: LiveReply(turn.id) for turn in running}
        for turn in running:
            until_end.enter_context(checkpoints.keep(turn, replies[turn.assistant_message_id]))
        yield replies


async def read_message(server: ServerTable, message_id: str) -> Message:
    return await server.database.read(lambda tx: messages.get_message(tx, message_id))


async def wait_stored(server: ServerTable, texts: dict[str, str]) -> None:
    """Until these messages are stored with these texts."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        for message_id, text in texts.items():
            while True:
                found = await read_message(server, message_id)
                if found.content == text:
                    assert found.status == "streaming"
                    break
                await asyncio.sleep(0.02)


async def test_replies_that_are_due_at_the_same_time_are_stored_by_one_transaction(
    server: ServerTable,
) -> None:
    counted = Counted(server.database)
    running = await begin_turns(server, 6)
    async with kept(Checkpoints(counted), running) as replies:
        for part in ("a", "b"):
            counted.writes = 0
            for number, reply in enumerate(replies.values()):
                # One has much to be stored, the others little: they go with it when they are due.
                reply.append(part * (CHECKPOINT_CHARACTERS if number == 3 else 1))
            await wait_stored(server, {known: reply.text for known, reply in replies.items()})
            assert counted.writes <= 2, "the one that grew much may be stored before the others"
        assert not any(reply.stop_requested.is_set() for reply in replies.values())


async def test_a_reply_that_cannot_be_stored_costs_no_other_its_checkpoint(
    server: ServerTable,
) -> None:
    running = await begin_turns(server, 3)
    async with kept(Checkpoints(server.database), running) as replies:
        first, broken, last = replies.values()
        broken.append("\ud800" * CHECKPOINT_CHARACTERS)  # No database takes half a character.
        first.append("The gate " * CHECKPOINT_CHARACTERS)
        last.append("is shut. " * CHECKPOINT_CHARACTERS)
        texts = {known: reply.text for known, reply in replies.items() if reply is not broken}
        await wait_stored(server, texts)


async def test_a_reply_whose_turn_another_server_took_over_is_asked_to_stop_and_no_other(
    server: ServerTable,
) -> None:
    ours, taken = await begin_turns(server, 2)
    taken = replace(taken, epoch=taken.epoch - 1)
    async with kept(Checkpoints(server.database), [ours, taken]) as replies:
        mine, theirs = replies.values()
        mine.append("Ours. " * CHECKPOINT_CHARACTERS)
        theirs.append("Theirs. " * CHECKPOINT_CHARACTERS)
        await wait_stored(server, {ours.assistant_message_id: mine.text})
        async with asyncio.timeout(PATIENCE_SECONDS):
            await theirs.stop_requested.wait()
        assert not mine.stop_requested.is_set()
        assert (await read_message(server, taken.assistant_message_id)).content == ""


async def test_thinking_is_kept_with_the_text_of_its_reply(
    server: ServerTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ttrpg_assistant.conversations.checkpoints.THOUGHT_SECONDS", 0.0)
    [turn] = await begin_turns(server, 1)
    async with kept(Checkpoints(server.database), [turn]) as replies:
        [reply] = replies.values()
        reply.think("Who is at the gate?")
        reply.append("The warden. " * CHECKPOINT_CHARACTERS)
        await wait_stored(server, {turn.assistant_message_id: reply.text})
        thought = await server.database.read(
            lambda tx: tx.exec_driver_sql("SELECT content FROM reasonings").scalar()
        )
        assert thought == "Who is at the gate?"
