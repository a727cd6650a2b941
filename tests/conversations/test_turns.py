"""Turns on the real application: the server owns the reply, and keeps it whatever happens."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.running import Running, running
from ttrpg_assistant.conversations.model import INTERRUPTED_MARK
from ttrpg_assistant.conversations.store import messages
from ttrpg_assistant.errors import BadKey, CutOff, Overloaded, RateLimited, Stalled
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import Gate, ScriptedProvider
from ttrpg_assistant.llm.types import Finished, Usage


async def say(app: Running, content: str) -> tuple[str, Any]:
    chat_id = await app.open_chat()
    posted = await app.say(chat_id, content)
    return chat_id, posted


async def test_an_answer_is_stored_with_its_model_and_token_counts(tmp_path: Path) -> None:
    model = ScriptedProvider()
    model.enqueue(["The gate ", "is shut.", Usage(12, 5)])
    async with running(tmp_path, [model]) as app:
        chat_id, posted = await say(app, "Is the gate open?")
        reply = await app.read_reply(posted["assistant_message"]["id"])
        assert (reply["content"], reply["status"]) == ("The gate is shut.", "complete")
        assert (reply["tokens_in"], reply["tokens_out"]) == (12, 5)
        assert reply["model"] == "scripted:scripted"
        said = await app.history(chat_id)
    assert [(m["role"], m["content"]) for m in said] == [
        ("user", "Is the gate open?"),
        ("assistant", "The gate is shut."),
    ]


async def test_the_model_is_told_what_was_said_before_and_the_new_message_last(
    tmp_path: Path,
) -> None:
    model = ScriptedProvider(default=["Aye."])
    async with running(tmp_path, [model]) as app:
        chat_id = await app.open_chat()
        for content in ("First", "Second"):
            posted = await app.say(chat_id, content)
            await app.read_reply(posted["assistant_message"]["id"])
    sent = [(message.role, message.content) for message in model.history[1].messages]
    assert sent == [("user", "First"), ("assistant", "Aye."), ("user", "Second")]


async def test_a_reply_goes_on_when_nobody_follows_it(tmp_path: Path) -> None:
    gate = Gate()
    model = ScriptedProvider()
    model.enqueue(["Nobody ", gate, "listens."])
    async with running(tmp_path, [model]) as app:
        _, posted = await say(app, "Hello?")
        following = app.follow(posted["assistant_message"]["id"])
        assert (await anext(following))[0] == "snapshot"
        await following.aclose()  # type: ignore[attr-defined]
        await gate.reached.wait()
        gate.open()
        reply = await app.services.runner.wait_for_end(posted["assistant_message"]["id"])
        assert (reply.content, reply.status) == ("Nobody listens.", "complete")
        assert model.stopped == 0


async def test_two_followers_and_a_late_one_read_the_same_text(tmp_path: Path) -> None:
    gate = Gate()
    model = ScriptedProvider()
    model.enqueue(["Once ", "upon ", gate, "a time."])

    async def text_of(
        app: Running,
        message_id: str,
        offset: int | None = None,
        begun: asyncio.Barrier | None = None,
    ) -> str:
        text = ""
        async for name, content, _ in app.follow(message_id, offset):
            if begun is not None:
                await begun.wait()
                begun = None
            if name == "snapshot":
                text = content["content"]
            elif name == "text":
                text += content["text"]
        return text

    async with running(tmp_path, [model]) as app:
        _, posted = await say(app, "A tale, please")
        message_id = posted["assistant_message"]["id"]
        early = asyncio.create_task(text_of(app, message_id))
        await gate.reached.wait()
        begun = asyncio.Barrier(4)
        late, resumed, unknown = (
            asyncio.create_task(text_of(app, message_id, offset, begun))
            for offset in (None, 5, 9999)
        )
        await begun.wait()
        gate.open()
        whole = "Once upon a time."
        assert await asyncio.gather(early, late, unknown) == [whole] * 3
        assert await resumed == whole[5:]
        assert await text_of(app, message_id) == whole, "after its end it is read as stored"


async def test_starting_the_same_turn_many_times_at_once_calls_the_model_once(
    tmp_path: Path,
) -> None:
    model = ScriptedProvider(default=["Once."])
    async with running(tmp_path, [model]) as app:
        chat_id, sent = await app.open_chat(), new_id()
        posted = await asyncio.gather(*(app.say(chat_id, "Again?", sent) for _ in range(8)))
        assert len({p["assistant_message"]["id"] for p in posted}) == 1
        await app.read_reply(posted[0]["assistant_message"]["id"])
        again = await app.say(chat_id, "Again?", sent)
        assert again["assistant_message"]["content"] == "Once."
        assert len(model.history) == 1
        assert len(await app.history(chat_id)) == 2


async def test_the_same_id_with_other_content_is_a_conflict(tmp_path: Path) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["Aye."])]) as app:
        chat_id, sent = await app.open_chat(), new_id()
        posted = await app.say(chat_id, "One thing", sent)
        await app.read_reply(posted["assistant_message"]["id"])
        body = {"message_id": sent, "content": "Another thing"}
        refused = await app.post(f"/api/chat-sessions/{chat_id}/turns", body, status=409)
        assert refused["code"] == "message_id_reused"
        assert [m["content"] for m in await app.history(chat_id)] == ["One thing", "Aye."]


async def test_a_second_message_waits_for_the_first_answer_and_sees_it(tmp_path: Path) -> None:
    gate = Gate()
    model = ScriptedProvider()
    model.enqueue([gate, "First answer."])
    model.enqueue(["Second answer."])
    async with running(tmp_path, [model]) as app:
        chat_id = await app.open_chat()
        first = await app.say(chat_id, "First")
        second = await app.say(chat_id, "Second")
        await gate.reached.wait()
        assert len(model.history) == 1
        gate.open()
        reply = await app.read_reply(second["assistant_message"]["id"])
        assert reply["content"] == "Second answer."
        assert model.history[1].messages[1].content == "First answer."
        said = [m["id"] for m in await app.history(chat_id)]
        assert said == [
            first["user_message"]["id"],
            first["assistant_message"]["id"],
            second["user_message"]["id"],
            second["assistant_message"]["id"],
        ]


async def test_stop_keeps_what_was_said_and_ends_the_call(tmp_path: Path) -> None:
    gate = Gate()
    model = ScriptedProvider()
    model.enqueue(["As far as this", gate, " and no further"])
    async with running(tmp_path, [model]) as app:
        _, posted = await say(app, "Go on")
        message_id = posted["assistant_message"]["id"]
        await gate.reached.wait()
        stopped = await app.post(f"/api/replies/{message_id}/stop")
        assert (stopped["content"], stopped["status"]) == ("As far as this", "stopped")
        assert model.stopped == 1
        again = await app.post(f"/api/replies/{message_id}/stop")
        assert again == stopped, "stopping what has ended changes nothing"


async def test_stopping_a_reply_that_waits_its_turn_never_calls_the_model(tmp_path: Path) -> None:
    gate = Gate()
    model = ScriptedProvider()
    model.enqueue([gate, "First answer."])
    async with running(tmp_path, [model]) as app:
        chat_id = await app.open_chat()
        first = await app.say(chat_id, "First")
        second = await app.say(chat_id, "Second")
        await gate.reached.wait()
        stopped = await app.post(f"/api/replies/{second['assistant_message']['id']}/stop")
        assert (stopped["content"], stopped["status"]) == ("", "stopped")
        gate.open()
        await app.read_reply(first["assistant_message"]["id"])
        third = await app.say(chat_id, "Third")
        model.enqueue(["never"])
        await app.read_reply(third["assistant_message"]["id"])
        assert len(model.history) == 2


async def test_regenerating_adds_a_sibling_and_the_old_answer_stays_reachable(
    tmp_path: Path,
) -> None:
    model = ScriptedProvider()
    model.enqueue(["Old."])
    model.enqueue(["New."])
    async with running(tmp_path, [model]) as app:
        chat_id, posted = await say(app, "Question")
        old_id = posted["assistant_message"]["id"]
        await app.read_reply(old_id)
        new_id_ = new_id()
        again = [
            await app.post(
                f"/api/replies/{old_id}/regenerate", {"new_message_id": new_id_}, status=202
            )
            for _ in range(2)
        ]
        assert again[0]["assistant_message"]["id"] == again[1]["assistant_message"]["id"] == new_id_
        await app.read_reply(new_id_)
        page = await app.get(f"/api/chat-sessions/{chat_id}/messages")
        assert [m["content"] for m in page["messages"]] == ["Question", "New."]
        assert page["siblings"] == {new_id_: [old_id, new_id_]}
        await app.post(f"/api/messages/{old_id}/select")
        assert [m["content"] for m in await app.history(chat_id)] == ["Question", "Old."]
        assert len(model.history) == 2


async def test_an_edited_message_becomes_a_sibling_and_is_answered_anew(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["Aye."])
    async with running(tmp_path, [model]) as app:
        chat_id, posted = await say(app, "The drangon")
        await app.read_reply(posted["assistant_message"]["id"])
        edited = await app.post(
            f"/api/chat-sessions/{chat_id}/turns",
            {
                "message_id": new_id(),
                "content": "The dragon",
                "replaces": posted["user_message"]["id"],
            },
        )
        await app.read_reply(edited["assistant_message"]["id"])
        page = await app.get(f"/api/chat-sessions/{chat_id}/messages")
        assert [m["content"] for m in page["messages"]] == ["The dragon", "Aye."]
        ids = [posted["user_message"]["id"], edited["user_message"]["id"]]
        assert page["siblings"][ids[1]] == ids


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (BadKey("The key is not accepted."), "model_bad_key"),
        (RateLimited("Too many requests.", retry_after=7), "model_rate_limited"),
        (Overloaded("The provider is overloaded."), "model_overloaded"),
    ],
)
async def test_a_provider_that_refuses_leaves_the_question_and_says_why(
    tmp_path: Path, fault: Any, code: str
) -> None:
    model = ScriptedProvider()
    model.enqueue([fault])
    model.enqueue(["Now it works."])
    async with running(tmp_path, [model]) as app:
        chat_id, posted = await say(app, "Question")
        message_id = posted["assistant_message"]["id"]
        events = [event async for event in app.follow(message_id)]
        said = {name: content for name, content, _ in events}
        assert said["done"]["message"]["status"] == "failed"
        assert said["done"]["message"]["error_code"] == code
        again = await app.post(f"/api/replies/{message_id}/regenerate")
        await app.read_reply(again["assistant_message"]["id"])
        said_now = await app.history(chat_id)
        assert [m["content"] for m in said_now] == ["Question", "Now it works."]


@pytest.mark.parametrize("fault", [CutOff("It was cut off."), Stalled("It went silent.")])
async def test_a_stream_that_breaks_keeps_its_part_and_is_never_complete(
    tmp_path: Path, fault: Any
) -> None:
    model = ScriptedProvider()
    model.enqueue(["Half an ans", fault])
    async with running(tmp_path, [model]) as app:
        _, posted = await say(app, "Question")
        reply = await app.read_reply(posted["assistant_message"]["id"])
        assert (reply["content"], reply["status"]) == ("Half an ans", "interrupted")
        assert reply["error_code"] == fault.code


async def test_a_placeholder_that_vanished_is_made_again_under_the_same_id(tmp_path: Path) -> None:
    gate = Gate()
    model = ScriptedProvider()
    model.enqueue(["Still ", gate, "here."])
    async with running(tmp_path, [model]) as app:
        chat_id, posted = await say(app, "Question")
        message_id = posted["assistant_message"]["id"]
        await gate.reached.wait()
        await app.services.database.write(
            lambda tx: (
                tx.exec_driver_sql("DELETE FROM messages WHERE id = ?", (message_id,)).rowcount
            )
        )
        gate.open()
        reply = await app.read_reply(message_id)
        assert (reply["id"], reply["content"]) == (message_id, "Still here.")
        assert [m["id"] for m in await app.history(chat_id)].count(message_id) == 1


async def test_what_no_database_keeps_is_left_out_of_a_reply(tmp_path: Path) -> None:
    model = ScriptedProvider()
    model.enqueue(["nul\x00l ", "half \ud83d ", "dragon 🐉"])
    async with running(tmp_path, [model]) as app:
        _, posted = await say(app, "Question")
        reply = await app.read_reply(posted["assistant_message"]["id"])
        assert reply["content"] == "null half � dragon 🐉"
        assert reply["status"] == "complete"


async def test_a_server_that_goes_down_keeps_the_text_and_marks_it_once(tmp_path: Path) -> None:
    gate = Gate()
    model = ScriptedProvider()
    model.enqueue(["Half an answer", gate, " more"])
    async with running(tmp_path, [model]) as app:
        chat_id, _ = await say(app, "Question")
        await gate.reached.wait()
    async with running(tmp_path, [model]) as app:
        said = await app.history(chat_id)
        assert said[1]["content"] == f"Half an answer\n\n{INTERRUPTED_MARK}"
        assert said[1]["status"] == "interrupted"


async def test_replies_of_a_dead_server_are_ended_once_and_their_mark_is_not_sent_on(
    tmp_path: Path,
) -> None:
    model = ScriptedProvider(default=["Aye."])
    async with running(tmp_path, [model]) as app:
        chat_id = await app.open_chat()

        def orphan(tx: Any) -> None:
            for role, content, status in (
                ("user", "Question", "complete"),
                ("assistant", "Half an answer", "streaming"),
            ):
                messages.post_message(
                    tx, chat_id, message_id=new_id(), role=role, content=content, status=status
                )

        await app.services.database.write(orphan)
    for _ in range(2):
        async with running(tmp_path, [model]) as app:
            said = await app.history(chat_id)
            assert said[1]["content"] == f"Half an answer\n\n{INTERRUPTED_MARK}"
            assert said[1]["status"] == "interrupted"
    async with running(tmp_path, [model]) as app:
        posted = await app.say(chat_id, "Go on")
        await app.read_reply(posted["assistant_message"]["id"])
    assert model.history[0].messages[1].content == "Half an answer"


async def test_a_running_reply_is_checkpointed_before_its_end(tmp_path: Path) -> None:
    gate = Gate()
    model = ScriptedProvider()
    model.enqueue(["a" * 600, gate, "b", Finished("stop")])
    async with running(tmp_path, [model]) as app:
        _, posted = await say(app, "Question")
        message_id = posted["assistant_message"]["id"]
        await gate.reached.wait()
        async with asyncio.timeout(60):
            while True:
                stored = await app.services.database.read(
                    lambda tx: messages.get_message(tx, message_id)
                )
                if stored.content:
                    break
                await asyncio.sleep(0.02)
        assert (stored.content, stored.status) == ("a" * 600, "streaming")
        gate.open()
        assert (await app.read_reply(message_id))["content"] == "a" * 600 + "b"
