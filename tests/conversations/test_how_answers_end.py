"""How an answer ended, what was thought and what it cost: told, stored, and kept out of prompts."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.conversations.runner_table import PATIENCE_SECONDS, ServerTable
from tests.npc_table import all_of, make_campaign, make_npc, open_talk, read_talk, speak
from tests.running import Running, running
from ttrpg_assistant.conversations.store import conversations, paths
from ttrpg_assistant.conversations.store.spending import list_spent_in_conversation
from ttrpg_assistant.errors import BadKey, ContextTooLong, ModelRefused
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.reply_events import PhaseChanged, TextAdded, ThinkingAdded
from ttrpg_assistant.llm.prices import Price
from ttrpg_assistant.llm.scripted import Gate, ScriptedProvider
from ttrpg_assistant.llm.types import (
    Finished,
    ModelDescription,
    ThinkingDelta,
    Usage,
    Waiting,
)

CANARY = "zebrafinch"


async def test_what_is_thought_is_stored_beside_the_answer(server: ServerTable) -> None:
    server.model.enqueue([ThinkingDelta("Let me "), ThinkingDelta("see."), "A gate."])
    ended = await server.wait_for(await server.say(await server.open_chat(), "What is there?"))
    assert (ended.content, ended.reasoning, ended.status) == (
        "A gate.",
        "Let me see.",
        "complete",
    )
    assert ended.reasoning_seconds is not None


async def test_a_reply_stopped_while_it_thinks_keeps_what_was_thought(server: ServerTable) -> None:
    gate = Gate()
    server.model.enqueue([ThinkingDelta("Hm."), gate])
    posted = await server.say(await server.open_chat(), "What is there?")
    async with asyncio.timeout(PATIENCE_SECONDS):
        await gate.reached.wait()
    stopped = await server.runner.stop(posted.assistant_message.id)
    assert (stopped.content, stopped.status, stopped.reasoning) == ("", "stopped", "Hm.")


async def test_followers_are_told_what_the_model_does(server: ServerTable) -> None:
    gate, thought = Gate(), Gate()
    server.model.enqueue(
        [
            Waiting(30.0, "model_rate_limited", "Too many requests."),
            gate,
            ThinkingDelta("Hm."),
            thought,
            "A gate.",
        ]
    )
    posted = await server.say(await server.open_chat(), "What is there?")
    reply = server.live.find(posted.assistant_message.id)
    assert reply is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        await gate.reached.wait()
        waiting = reply.phase
        assert waiting is not None
        assert (waiting.phase, waiting.code) == ("waiting", "model_rate_limited")
        assert waiting.until_seconds is not None
        assert 0 < waiting.until_seconds <= 30
        gate.open()
        await thought.reached.wait()
        position = reply.position
        thought.open()
        later = [said async for said in reply.follow(position)]
    assert reply.reasoning == "Hm."
    told = [said.phase for said in later if isinstance(said, PhaseChanged)]
    assert told == ["writing"]
    assert not any(isinstance(said, ThinkingAdded) for said in later)
    assert [said.text for said in later if isinstance(said, TextAdded)] == ["A gate."]


async def test_a_wait_that_is_over_is_reading_again(server: ServerTable) -> None:
    gate = Gate()
    server.model.enqueue([Waiting(0.0, "model_overloaded", "Busy."), gate, "Aye."])
    posted = await server.say(await server.open_chat(), "Are you there?")
    reply = server.live.find(posted.assistant_message.id)
    assert reply is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        await gate.reached.wait()
        async for said in reply.follow(0):
            if isinstance(said, PhaseChanged) and said.phase == "reading":
                gate.open()
    assert reply.text == "Aye."


async def test_a_prompt_that_is_too_long_is_built_smaller_and_sent_once_more(
    server: ServerTable,
) -> None:
    too_long = ContextTooLong("Too long.", facts={"context_tokens": 2_048})
    server.model.enqueue([too_long])
    server.model.enqueue(["Aye."])
    chat_id = await server.open_chat()
    ended = await server.wait_for(await server.say(chat_id, "Hello? " * 300))
    assert (ended.content, ended.status) == ("Aye.", "complete")
    first, second = server.model.history
    assert (first.context_tokens, second.context_tokens) == (8_192, 2_048)
    assert (first.calls_made, second.calls_made) == (0, 1)
    server.model.enqueue([too_long])
    server.model.enqueue([too_long])
    failed = await server.wait_for(await server.say(chat_id, "Again?"))
    assert failed.error_code == "model_context_too_long"
    assert len(server.model.history) == 4
    server.model.enqueue([ContextTooLong("Too long.", facts={"calls": 5})])
    await server.wait_for(await server.say(chat_id, "Again?"))
    assert len(server.model.history) == 5


async def test_a_fault_is_told_in_the_same_words_after_a_reload(server: ServerTable) -> None:
    server.model.enqueue([BadKey("The key was not accepted.", cure="Check the key in Settings.")])
    failed = await server.wait_for(await server.say(await server.open_chat(), "Hello?"))
    stored = (await _page(server, failed.conversation_id))[-1]
    for seen in (failed, stored):
        assert seen.error is not None
        assert (seen.error.code, seen.error.detail, seen.error.cure) == (
            "model_bad_key",
            "The key was not accepted.",
            "Check the key in Settings.",
        )


async def test_a_refused_question_is_shown_and_left_out_until_it_is_answered(
    server: ServerTable,
) -> None:
    chat_id = await server.open_chat()
    server.model.enqueue([ModelRefused("No.")])
    refused = await server.say(chat_id, "Say the unsayable.")
    await server.wait_for(refused)
    server.model.enqueue(["Good evening."])
    await server.wait_for(await server.say(chat_id, "Hello again."))
    assert [m.content for m in server.model.history[1].messages] == ["Hello again."]
    assert [m.left_out for m in await _page(server, chat_id)] == [True, True, False, False]
    for before, expected in ((3, [True, True]), (2, [True])):
        assert [m.left_out for m in await _page(server, chat_id, before)] == expected
    server.model.enqueue(["I may, after all."])
    again = await server.runner.regenerate(refused.assistant_message.id)
    await server.wait_for(again)
    assert [m.left_out for m in await _page(server, chat_id)] == [False, False]


async def test_any_own_message_can_be_edited_and_what_followed_stays_reachable(
    server: ServerTable,
) -> None:
    chat_id = await server.open_chat()
    server.model.enqueue([ModelRefused("No.")])
    first = await server.say(chat_id, "Say the unsayable.")
    await server.wait_for(first)
    server.model.enqueue(["Good evening."])
    await server.wait_for(await server.say(chat_id, "Hello."))
    server.model.enqueue(["Of course."])
    edited = await server.runner.post(
        chat_id, message_id=new_id(), content="Say it kindly.", replaces=first.user_message.id
    )
    await server.wait_for(edited)
    assert [m.content for m in await _page(server, chat_id)] == ["Say it kindly.", "Of course."]
    assert [m.content for m in server.model.history[-1].messages] == ["Say it kindly."]


async def _page(server: ServerTable, chat_id: str, before: int | None = None) -> list[Any]:
    def work(tx: Any) -> list[Any]:
        chat = conversations.get_conversation(tx, chat_id)
        return paths.list_path(tx, chat, limit=50, before=before).messages

    return await server.database.read(work)


class Priced(ScriptedProvider):
    """A model whose price is known."""

    async def describe_model(self, model: str) -> ModelDescription:
        return ModelDescription("scripted", model, 8_192, "listed", price=Price(3.0, 0.3, 15.0))


async def test_costs_are_counted_summed_and_estimated(tmp_path: Path) -> None:
    model = Priced()
    model.enqueue(["Aye.", Usage(1_000, 100, 400)])
    model.enqueue(["Aye.", Usage(2_000, 100)])
    async with running(tmp_path, [model]) as app:
        chat_id = await app.open_chat()
        costs = []
        for content in ("One?", "Two?"):
            posted = await app.say(chat_id, content)
            costs.append((await app.read_reply(posted["assistant_message"]["id"]))["cost"])
        assert costs == [0.00342, 0.0075]
        spent = await app.get("/api/spending", conversation_id=chat_id)
        (month,) = spent["months"]
        assert (month["answers"], month["tokens_in"], month["cost"]) == (2, 3_000, 0.01092)
        assert month["models"][0]["model"] == "scripted:scripted"
        assert spent["conversation"]["tokens_cached"] == 400
        estimate = await app.get("/api/turn-estimate", conversation_id=chat_id, characters=400)
        assert 2_100 < estimate["tokens"] < 2_400
        assert estimate["cost"] > 0.0075 and estimate["fits"]
        giant = await app.get("/api/turn-estimate", conversation_id=chat_id, characters=60_000)
        assert giant["tokens"] < 8_192 and not giant["fits"]
        assert len(model.history) == 2


async def test_sums_of_a_conversation_are_the_same_on_both_databases(server: ServerTable) -> None:
    server.model.enqueue(["Aye.", Usage(7, 2)])
    posted = await server.say(await server.open_chat(), "One?")
    await server.wait_for(posted)
    (spent,) = await server.database.read(
        lambda tx: list_spent_in_conversation(tx, posted.user_message.conversation_id)
    )
    assert (spent.answers, spent.tokens_in, spent.cost_microcents, spent.unpriced) == (
        1,
        7,
        None,
        1,
    )


async def test_what_was_thought_reaches_no_prompt_no_search_and_no_export(tmp_path: Path) -> None:
    model = ScriptedProvider(default=[ThinkingDelta(CANARY), "The gate is shut."])
    async with running(tmp_path, [model]) as app:
        campaign = await make_campaign(app)
        npc = await make_npc(app, campaign, "Mira Vale")
        talk = await open_talk(app, npc)
        for mode in ("as", "as"):
            await speak(app, talk, "Is the gate shut?", mode)
        chat_id = await app.open_chat()
        await app.post(f"/api/chat-sessions/{chat_id}/link", {"campaign_id": campaign})
        for content in ("Is the gate shut?", "And now?", "And later?"):
            posted = await app.say(chat_id, content)
            ended = await app.read_reply(posted["assistant_message"]["id"])
            assert ended["reasoning"] == CANARY
        assert all(CANARY not in all_of(request) for request in model.history)
        assert CANARY in str(await read_talk(app, talk))
        await app.services.indexing.catch_up()
        found = await app.get("/api/search", q=CANARY)
        assert CANARY not in str({**found, "query": ""})
        for spelled in ("markdown", "jsonl"):
            answer = await app.client.get(
                f"/api/conversations/{chat_id}/export", params={"format": spelled}
            )
            assert answer.status_code == 200
            assert "The gate is shut." in answer.text
            assert CANARY not in answer.text


async def test_an_npc_says_only_its_own_part(tmp_path: Path) -> None:
    model = ScriptedProvider()
    model.enqueue(["Mira Vale: The gate ", "is shut.\nG", "M: And then?\nMira: Aye."])
    async with running(tmp_path, [model]) as app:
        talk = await open_talk(app, await make_npc(app, await make_campaign(app), "Mira Vale"))
        said = await speak(app, talk, "Is the gate shut?")
    assert (said["content"], said["status"], said["finish_reason"]) == (
        "The gate is shut.",
        "complete",
        "stop",
    )
    assert model.stopped == 1


async def test_a_stream_tells_the_phases_the_thinking_and_the_cure(tmp_path: Path) -> None:
    gate = Gate()
    model = ScriptedProvider()
    model.enqueue([gate, ThinkingDelta("Hm."), "A ", BadKey("Not accepted.", cure="Check it.")])
    async with running(tmp_path, [model]) as app:
        posted = await app.say(await app.open_chat(), "Hello?")
        told = await _follow(app, posted["assistant_message"]["id"], gate)
    assert told["snapshot"]["phase"]["phase"] == "reading"
    assert told["thinking"]["text"] == "Hm."
    assert told["phase"]["phase"] == "writing"
    assert told["status"] == {
        "status": "interrupted",
        "code": "model_bad_key",
        "detail": "Not accepted.",
        "cure": "Check it.",
    }
    assert told["done"]["message"]["error"]["cure"] == "Check it."


async def _follow(app: Running, message_id: str, gate: Gate) -> dict[str, Any]:
    """The last event of each name."""
    told: dict[str, Any] = {}
    async with asyncio.timeout(PATIENCE_SECONDS):
        await gate.reached.wait()
        async for name, content, *_ in app.follow(message_id):
            told[name] = content
            gate.open()
    return told


async def test_an_unsaved_answer_tells_how_it_ended(tmp_path: Path) -> None:
    model = ScriptedProvider()
    model.enqueue([ThinkingDelta("Hm."), "A well and", Finished("length")])
    async with running(tmp_path, [model]) as app:
        answer = await app.client.post("/api/unsaved-turns", json={"content": "What is there?"})
    assert "event: thinking\n" in answer.text
    assert '"content":"A well and","status":"complete","finish_reason":"length"' in answer.text
