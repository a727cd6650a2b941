"""An answer that was cut off goes on in the same message, and never becomes less."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection

from tests.conversations.runner_table import PATIENCE_SECONDS, ServerTable
from ttrpg_assistant.conversations.checkpoints import store_checkpoint
from ttrpg_assistant.conversations.model import INTERRUPTED_MARK, Message, PostedTurn
from ttrpg_assistant.conversations.recovery import recover_orphans
from ttrpg_assistant.conversations.store import continuing, turns
from ttrpg_assistant.conversations.store.shown import get_shown_message
from ttrpg_assistant.errors import Conflict, Overloaded
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.reply_events import StatusSaid
from ttrpg_assistant.llm.scripted import Gate, Step
from ttrpg_assistant.llm.types import Finished, Prefilled, Usage
from ttrpg_assistant.storage.database import Database

CUT: list[Step] = ["The lantern swings over the", Usage(10, 5, 2), Finished("length")]


async def cut_answer(server: ServerTable, *script: Step) -> PostedTurn:
    server.model.enqueue(script or CUT)
    posted = await server.say(await server.open_chat(), "What does Mira see?")
    await server.wait_for(posted)
    return posted


async def go_on(server: ServerTable, posted: PostedTurn, *script: Step) -> Message:
    server.model.enqueue(script)
    return await server.wait_for(await server.runner.continue_reply(posted.assistant_message.id))


async def test_a_cut_answer_goes_on_in_the_same_message(server: ServerTable) -> None:
    posted = await cut_answer(server)
    cut = await server.stored(posted)
    assert (cut.status, cut.finish_reason) == ("complete", "length")
    ended = await go_on(server, posted, " door and creaks.", Usage(20, 4, 8))
    assert ended.id == posted.assistant_message.id
    assert ended.content == "The lantern swings over the door and creaks."
    assert (ended.status, ended.finish_reason, ended.error) == ("complete", "stop", None)
    assert (ended.tokens_in, ended.tokens_out, ended.tokens_cached) == (30, 9, 10)
    asked = server.model.history[1]
    assert asked.continues
    assert [(m.role, m.content) for m in asked.messages] == [
        ("user", "What does Mira see?"),
        ("assistant", "The lantern swings over the"),
    ]


async def test_an_answer_can_be_continued_again_and_again(server: ServerTable) -> None:
    posted = await cut_answer(server)
    again = await go_on(server, posted, " door,", Usage(20, 4), Finished("length"))
    assert (again.status, again.finish_reason) == ("complete", "length")
    ended = await go_on(server, posted, "the stairs and the well.")
    assert ended.content == "The lantern swings over the door, the stairs and the well."
    assert ended.tokens_out == 9


async def test_a_word_that_was_cut_in_two_goes_on_without_a_space(server: ServerTable) -> None:
    posted = await cut_answer(server, "She calls the fer", Finished("length"))
    ended = await go_on(server, posted, "ryman, and the ferry", Finished("length"))
    assert ended.content == "She calls the ferryman, and the ferry"
    ended = await go_on(server, posted, Prefilled(), "man comes.")
    assert ended.content == "She calls the ferryman, and the ferryman comes."
    posted = await cut_answer(server, "What does the bell", Finished("length"))
    ended = await go_on(server, posted, "say to Mira?")
    assert ended.content == "What does the bell say to Mira?"


async def test_a_continuation_that_fails_at_once_leaves_the_answer_as_it_was(
    server: ServerTable,
) -> None:
    posted = await cut_answer(server)
    before = await server.stored(posted)
    fault = Overloaded("The server has too much to do.", cure="Try again in a moment.")
    after = await go_on(server, posted, fault)
    assert (after.content, after.status, after.finish_reason) == (
        before.content,
        "complete",
        "length",
    )
    assert after.error is not None
    assert (after.error.code, after.error.detail, after.error.cure) == (
        "model_overloaded",
        "The server has too much to do.",
        "Try again in a moment.",
    )
    assert (await go_on(server, posted, " door.")).content.endswith("over the door.")


async def test_a_continuation_that_breaks_keeps_both_texts(server: ServerTable) -> None:
    posted = await cut_answer(server)
    after = await go_on(server, posted, " door and", Overloaded("Too much to do."))
    assert after.content == "The lantern swings over the door and"
    assert (after.status, after.finish_reason) == ("interrupted", None)
    ended = await go_on(server, posted, " creaks.")
    assert (ended.content, ended.status) == (
        "The lantern swings over the door and creaks.",
        "complete",
    )
    assert ended.error is None


async def test_a_stopped_continuation_keeps_what_it_added_or_what_there_was(
    server: ServerTable,
) -> None:
    posted = await cut_answer(server)
    for script, content, status in (
        ((first := Gate(),), "The lantern swings over the", "complete"),
        ((" door", second := Gate()), "The lantern swings over the door", "stopped"),
    ):
        gate = second if len(script) > 1 else first
        server.model.enqueue(script)
        await server.runner.continue_reply(posted.assistant_message.id)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await gate.reached.wait()
        stopped = await server.runner.stop(posted.assistant_message.id)
        assert (stopped.content, stopped.status) == (content, status)


async def test_followers_of_a_continuation_hold_the_earlier_text_and_get_only_what_is_new(
    server: ServerTable,
) -> None:
    posted = await cut_answer(server)
    gate = Gate()
    server.model.enqueue([gate, "over the door.", Overloaded("Too much to do.", cure="Wait.")])
    again = await server.runner.continue_reply(posted.assistant_message.id)
    assert again.assistant_message.status == "streaming"
    reply = server.live.find(posted.assistant_message.id)
    assert reply is not None
    assert reply.text == "The lantern swings over the"
    following = asyncio.create_task(_collect(server, reply.text))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await gate.reached.wait()
        gate.open()
        text, said = await following
    assert text == "The lantern swings over the door."
    assert StatusSaid("interrupted", "model_overloaded", "Too much to do.", "Wait.") in said


async def _collect(server: ServerTable, text: str) -> tuple[str, list[object]]:
    reply = next(iter(server.live._replies.values()))  # the only one
    said: list[object] = []
    async for event in reply.follow(len(text)):
        said.append(event)
        text += getattr(event, "text", "")
    return text, said


async def test_pressing_twice_continues_once(server: ServerTable) -> None:
    posted = await cut_answer(server)
    gate = Gate()
    server.model.enqueue([gate, " door."])
    turn_id, answer_id = new_id(), posted.assistant_message.id
    first = await server.runner.continue_reply(answer_id, turn_id)
    twice = await server.runner.continue_reply(answer_id, turn_id)
    other = await server.runner.continue_reply(answer_id)
    assert (first.created, twice.created, other.created) == (True, False, False)
    gate.open()
    await server.wait_for(first)
    late = await server.runner.continue_reply(answer_id, turn_id)
    assert not late.created
    assert len(server.model.history) == 2


async def test_only_the_newest_answer_that_was_cut_can_be_continued(server: ServerTable) -> None:
    posted = await cut_answer(server)
    chat_id = posted.user_message.conversation_id
    server.model.enqueue(["Nothing else."])
    later = await server.say(chat_id, "And then?")
    await server.wait_for(later)
    for message_id, code in (
        (posted.assistant_message.id, "not_newest"),
        (later.assistant_message.id, "nothing_to_continue"),
    ):
        with pytest.raises(Conflict) as refused:
            await server.runner.continue_reply(message_id)
        assert refused.value.code == code
    assert (await server.stored(posted)).status == "complete"


async def test_an_answer_that_is_being_written_is_not_continued(server: ServerTable) -> None:
    gate = Gate()
    server.model.enqueue(["One", gate])
    posted = await server.say(await server.open_chat(), "Count.")
    with pytest.raises(Conflict) as refused:
        await server.runner.continue_reply(posted.assistant_message.id)
    assert refused.value.code == "turn_already_running"
    gate.open()


@pytest.mark.parametrize("added", ["", " door"])
async def test_a_server_that_dies_while_continuing_leaves_the_text_and_an_honest_end(
    server: ServerTable, database: Database, added: str
) -> None:
    posted = await cut_answer(server)
    answer_id = posted.assistant_message.id

    def die(tx: Connection) -> None:
        turn = continuing.continue_answer(tx, answer_id, turn_id=new_id(), owner=new_id()).turn
        if added:
            assert store_checkpoint(tx, turn, "The lantern swings over the" + added)

    await database.write(die)
    await database.write(lambda tx: recover_orphans(tx, server.owner, only_expired=False))
    left = await database.read(lambda tx: get_shown_message(tx, answer_id))
    if added:
        assert left.content == f"The lantern swings over the door\n\n{INTERRUPTED_MARK}"
        assert (left.status, left.finish_reason) == ("interrupted", None)
    else:
        assert left.content == "The lantern swings over the"
        assert (left.status, left.finish_reason) == ("complete", "length")
    assert left.error is not None
    assert left.error.code == "server_stopped"
    assert left.error.detail
    ended = await go_on(server, posted, "." if added else " door.")
    assert ended.content == "The lantern swings over the door."
    assert INTERRUPTED_MARK not in ended.content


async def test_an_interrupted_answer_gets_its_mark_back_when_continuing_it_fails(
    server: ServerTable, database: Database
) -> None:
    chat_id = await server.open_chat()
    posted = await server.post_elsewhere(chat_id, "What is there?")

    def half(tx: Connection) -> None:
        assert store_checkpoint(tx, posted.turn, "A well and")
        recover_orphans(tx, server.owner, only_expired=False)

    await database.write(half)
    before = await server.stored(posted)
    after = await go_on(server, posted, Overloaded("Too much to do."))
    assert after.content == before.content == f"A well and\n\n{INTERRUPTED_MARK}"
    assert after.status == before.status == "interrupted"
    ended = await go_on(server, posted, " a bucket.")
    assert (ended.content, ended.status) == ("A well and a bucket.", "complete")


async def test_a_continued_answer_counts_as_unread_once(server: ServerTable) -> None:
    posted = await cut_answer(server)
    await go_on(server, posted, " door.")
    chat = await server.chats.get_or_create()
    assert chat.unread_count == 1


async def test_the_next_message_waits_while_an_answer_is_continued(server: ServerTable) -> None:
    posted = await cut_answer(server)
    gate = Gate()
    server.model.enqueue([gate, " door."])
    server.model.enqueue(["Rain."])
    again = await server.runner.continue_reply(posted.assistant_message.id)
    following = await server.say(posted.user_message.conversation_id, "And outside?")
    assert following.turn.state == "queued"
    gate.open()
    await server.wait_for(again)
    assert (await server.wait_for(following)).content == "Rain."
    running = await server.database.read(
        lambda tx: turns.list_active_turns(tx, posted.user_message.conversation_id)
    )
    assert running == []
