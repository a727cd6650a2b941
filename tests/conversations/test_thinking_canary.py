"""What a model thinks is in no prompt of any kind, however it came and whatever is asked next."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.conversations.test_recaps import SEEN, play, say
from tests.npc_table import all_of, let_time_pass, make_npc, open_talk, speak
from tests.running import running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.llm.types import Finished, Reclassified, ThinkingDelta

CANARY = "zebrafinch"
SAID = "The gate is shut. " * 40
APART = [ThinkingDelta(f"So {CANARY}."), SAID]
LATE = [f"Then {CANARY}", Reclassified("thinking"), SAID]
"""Thinking whose opening was missing: it was taken for text until its closing came."""


async def test_thinking_reaches_no_prompt_of_any_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = ScriptedProvider(default=APART, context_tokens=2_400)
    async with running(tmp_path, [model]) as app:
        # Unasked, its calls would take what is scripted for the talk.
        monkeypatch.setattr(app.services.summary_maker, "ask_for", lambda *_, **__: None)
        evening = await play(app)
        await evening.note(SEEN, gm_only=False)
        await say(evening, "What burned?")
        npcs = [await make_npc(app, evening.campaign_id, name) for name in ("Mira", "Bren")]
        talk = await open_talk(app, npcs[0])
        for mode in ("as", "about"):
            for script in (APART, LATE):
                model.enqueue(script)
                assert CANARY not in (await speak(app, talk, "Is it shut?", mode))["content"]
            await let_time_pass(app)
        scene = (await app.post("/api/scenes", {"npc_ids": npcs}, status=201))["id"]
        model.enqueue(APART)
        for content in ("Is it shut?", "And you?"):
            body = {"message_id": new_id(), "content": content}
            posted = await app.post(f"/api/scenes/{scene}/turns", body, status=202)
            for reply in posted["assistant_messages"]:
                await app.read_reply(reply["id"])
        body = {"purpose": "general", "campaign_id": evening.campaign_id}
        thread = (await app.post("/api/threads", body, status=201))["id"]
        turn = f"/api/threads/{thread}/turns"
        for number in range(30):
            model.enqueue(LATE if number % 2 else APART)
            body = {"message_id": new_id(), "content": f"Is it shut on day {number}?"}
            posted = await app.post(turn, body, status=202)
            await app.read_reply(posted["assistant_message"]["id"])
        model.enqueue([ThinkingDelta(CANARY), "The gate is", Finished("length")])
        body = {"message_id": new_id(), "content": "And at last?"}
        posted = await app.post(turn, body, status=202)
        reply = posted["assistant_message"]["id"]
        await app.read_reply(reply)
        model.enqueue([ThinkingDelta(CANARY), " open."])
        await app.post(f"/api/replies/{reply}/continue", status=202)
        assert (await app.read_reply(reply))["content"] == "The gate is open."
        model.enqueue(APART)
        before = len(model.history)
        await asyncio.wait_for(app.services.summary_maker.catch_up(thread), 60)
        assert len(model.history) > before, "no summary was asked for"
        for reader in ("gm", "players"):
            assert CANARY not in (await evening.draft(reader))["text"]
        await app.post(f"/api/threads/{thread}/questions", {"context": "Tonight"})
        await app.client.post("/api/unsaved-turns", json={"content": "What is there?"})
        body = {"message_id": new_id(), "content": "And now?"}
        posted = await app.post(turn, body, status=202)
        await app.read_reply(posted["assistant_message"]["id"])
        assert len(model.history) > 40
        assert [one for one in model.history if CANARY in all_of(one)] == []
        await app.services.indexing.catch_up()
        found = await app.get("/api/search", q=CANARY)
        assert CANARY not in str({**found, "query": ""})
        listed = await app.get(f"/api/conversations/{thread}/summaries")
        assert listed["summaries"] and CANARY not in str(listed)
        path = f"/api/campaigns/{evening.campaign_id}/talk"
        exported = await app.client.get(path, params={"format": "markdown"})
        assert "gate is shut" in exported.text and CANARY not in exported.text
