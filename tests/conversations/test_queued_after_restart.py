"""Questions that waited behind a reply when the server died are answered by the next one."""

from __future__ import annotations

from pathlib import Path

from tests.conversations.runner_table import ServerTable
from tests.running import running
from ttrpg_assistant.conversations.recovery import recover_orphans
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
