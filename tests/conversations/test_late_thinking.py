"""Text that turns out to have been thinking leaves the reply, wherever it already stands."""

from __future__ import annotations

from tests.conversations.runner_table import ServerTable
from ttrpg_assistant.conversations.checkpoints import store_checkpoint
from ttrpg_assistant.conversations.store import turns
from ttrpg_assistant.llm.scripted import Gate
from ttrpg_assistant.llm.types import Finished, Reclassified, ThinkingDelta


async def test_text_that_was_thinking_is_kept_beside_the_reply(server: ServerTable) -> None:
    gate = Gate()
    server.model.enqueue(
        ["She is ", "the thief.", gate, Reclassified("thinking"), ThinkingDelta("\n"), "Aye."]
    )
    posted = await server.say(await server.open_chat(), "Who goes there?")
    await gate.reached.wait()
    turn = await server.database.read(lambda tx: turns.find_turn(tx, posted.assistant_message.id))
    assert turn is not None
    await server.database.write(lambda tx: store_checkpoint(tx, turn=turn, text="She is the"))
    gate.open()
    ended = await server.wait_for(posted)
    assert (ended.content, ended.reasoning) == ("Aye.", "She is the thief.\n")
    assert (ended.status, ended.finish_reason) == ("complete", "stop")


async def test_thinking_that_was_the_answer_is_the_reply(server: ServerTable) -> None:
    server.model.enqueue([ThinkingDelta("Aye, come in."), Reclassified("text"), Finished("stop")])
    posted = await server.say(await server.open_chat(), "Who goes there?")
    ended = await server.wait_for(posted)
    assert (ended.content, ended.reasoning, ended.status) == ("Aye, come in.", None, "complete")
