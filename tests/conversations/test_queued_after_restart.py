"""Questions that waited behind a reply when the server died are answered by the next one."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.conversations.runner_table import ServerTable
from tests.running import running
from ttrpg_assistant.conversations.answerer import Answerer
from ttrpg_assistant.conversations.built_prompt import BuiltPrompt
from ttrpg_assistant.conversations.context import ConversationContext
from ttrpg_assistant.conversations.endings import end_unwritten
from ttrpg_assistant.conversations.gathered import Gathered
from ttrpg_assistant.conversations.model import Turn
from ttrpg_assistant.conversations.recovery import recover_orphans
from ttrpg_assistant.conversations.store import turns
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import Gate, ScriptedProvider
from ttrpg_assistant.storage.database import Database


async def test_what_waited_is_answered_in_order_and_what_ran_is_interrupted(
    database: Database,
) -> None:
    server = ServerTable(database)
    chat_id = await server.open_chat()
    running_one = await server.post_elsewhere(chat_id, "First")
    waiting = [await server.post_elsewhere(chat_id, text) for text in ("Second", "Third")]
    assert [one.turn.state for one in (running_one, *waiting)] == ["running", "queued", "queued"]
    server.model.enqueue(["Two."])
    server.model.enqueue(["Three."])
    touched = await database.write(lambda tx: recover_orphans(tx, server.owner, only_expired=False))
    assert set(touched) == {chat_id}
    await server.runner.resume_queue(chat_id)
    answers = [await server.wait_for(one) for one in waiting]
    assert [(one.content, one.status) for one in answers] == [
        ("Two.", "complete"),
        ("Three.", "complete"),
    ]
    assert (await server.stored(running_one)).status == "interrupted"
    asked = [request.messages[-1].content for request in server.model.history]
    assert [text.endswith(end) for text, end in zip(asked, ("Second", "Third"), strict=True)]


async def test_two_servers_that_recover_at_once_answer_each_question_once(
    database: Database,
) -> None:
    servers = [ServerTable(database), ServerTable(database)]
    chat_id = await servers[0].open_chat()
    await servers[0].post_elsewhere(chat_id, "First")
    waiting = await servers[0].post_elsewhere(chat_id, "Second")
    for server in servers:
        server.model.enqueue(["Once."])
        owner = server.owner
        await database.write(
            lambda tx, owner=owner: recover_orphans(tx, owner, only_expired=False)  # type: ignore[misc]
        )
    for server in servers:
        await server.runner.resume_queue(chat_id)
    assert (await servers[0].wait_for(waiting)).content == "Once."
    assert sum(len(server.model.history) for server in servers) == 1


async def test_a_restarted_application_answers_with_the_model_that_was_chosen(
    tmp_path: Path,
) -> None:
    gate = Gate()
    first = ScriptedProvider()
    first.enqueue([gate, "never"])
    async with running(tmp_path, [first], model=None) as app:
        await app.client.put("/api/models/current", json={"model": "scripted:scripted"})
        chat_id = await app.open_chat()
        await app.say(chat_id, "First")
        second = await app.say(chat_id, "Second")
        await gate.reached.wait()
    later = ScriptedProvider(default=["After the restart."])
    async with running(tmp_path, [later], model=None) as app:
        answer = await app.read_reply(second["assistant_message"]["id"])
        assert (answer["content"], answer["status"]) == ("After the restart.", "complete")


async def test_a_question_whose_turn_had_come_but_that_was_never_sent_is_answered(
    database: Database,
) -> None:
    server = ServerTable(database)
    chat_id = await server.open_chat()
    first = await server.post_elsewhere(chat_id, "First")
    second = await server.post_elsewhere(chat_id, "Second")
    third = await server.post_elsewhere(chat_id, "Third")
    await database.write(lambda tx: end_unwritten(tx, first.turn, "complete"))
    came = await database.write(lambda tx: turns.claim_next_turn(tx, chat_id, new_id()))
    assert came is not None and came.id == second.turn.id
    server.model.enqueue(["Two."])
    server.model.enqueue(["Three."])
    await database.write(lambda tx: recover_orphans(tx, server.owner, only_expired=False))
    assert not await database.write(lambda tx: turns.note_asked(tx, came)), "it only seemed dead"
    await server.runner.resume_queue(chat_id)
    answers = [await server.wait_for(one) for one in (second, third)]
    assert [one.content for one in answers] == ["Two.", "Three."]


async def test_a_question_that_waited_and_was_sent_is_not_sent_again(database: Database) -> None:
    server = ServerTable(database)
    chat_id = await server.open_chat()
    first = await server.post_elsewhere(chat_id, "First")
    second = await server.post_elsewhere(chat_id, "Second")
    await database.write(lambda tx: end_unwritten(tx, first.turn, "complete"))
    gate = Gate()
    server.model.enqueue([gate, "never"])
    await database.write(lambda tx: recover_orphans(tx, server.owner, only_expired=False))
    await server.runner.resume_queue(chat_id)
    await gate.reached.wait()
    later = ServerTable(database)
    await database.write(lambda tx: recover_orphans(tx, later.owner, only_expired=False))
    await later.runner.resume_queue(chat_id)
    assert (await later.stored(second)).status == "interrupted"
    assert not later.model.history
    await server.runner.close()


class NeverReady(ConversationContext):
    """Builds prompts for ever."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.reached = asyncio.Event()

    async def build(
        self, turn: Turn, answerer: Answerer, ahead: Gathered | None = None
    ) -> BuiltPrompt:
        self.reached.set()
        await asyncio.Event().wait()
        raise AssertionError("never")


async def test_a_server_told_to_stop_leaves_a_question_that_was_never_sent_waiting(
    database: Database,
) -> None:
    context = NeverReady(database)
    server = ServerTable(database, context=context)
    chat_id = await server.open_chat()
    first = await server.post_elsewhere(chat_id, "First")
    second = await server.post_elsewhere(chat_id, "Second")
    await database.write(lambda tx: end_unwritten(tx, first.turn, "complete"))
    await server.runner.resume_queue(chat_id)
    await context.reached.wait()
    await server.runner.close()
    later = ServerTable(database)
    later.model.enqueue(["Two."])
    await database.write(lambda tx: recover_orphans(tx, later.owner, only_expired=False))
    await later.runner.resume_queue(chat_id)
    assert (await later.wait_for(second)).content == "Two."
