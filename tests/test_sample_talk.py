"""The sample campaign comes with talk, takes it along, and leaves a game master's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.running import Running, running
from ttrpg_assistant.campaigns.sample import SAMPLE_CAMPAIGN_ID, read_sample_talk
from ttrpg_assistant.ids import new_id

TALK = read_sample_talk()


async def thread_texts(app: Running) -> list[str]:
    page = await app.get(f"/api/threads/{TALK.thread.id}/messages", limit=500)
    return [message["content"] for message in page["messages"]]


async def operation(app: Running, name: str) -> Any:
    """Call an operation that needs no body, by its name."""
    paths = (await app.get("/openapi.json"))["paths"]
    for path, methods in paths.items():
        for method, described in methods.items():
            if described["operationId"] == name:
                answer = await app.client.request(method.upper(), path)
                assert answer.is_success, answer.text
                return answer.json()
    raise AssertionError(name)


async def test_loading_twice_brings_the_talk_once_and_leaves_the_chat_in_use(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as app:
        chat_id = await app.open_chat()
        for _ in range(2):
            await operation(app, "load_sample_campaign")
        assert await thread_texts(app) == [said.content for said in TALK.thread.messages]
        said = await app.history(TALK.chat.id)
        assert [m["content"] for m in said] == [said.content for said in TALK.chat.messages]
        assert (await app.get("/api/chat-sessions/active"))["id"] == chat_id


async def test_the_sample_shows_what_a_proposal_is(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        await operation(app, "load_sample_campaign")
        waiting = await app.get(f"/api/suggestions?conversation_id={TALK.thread.id}")
        kinds = [one["kind"] for one in waiting["suggestions"]]
        assert kinds == ["npc", "npc_trait", "plot_point"]
        assert all(one["status"] == "pending" for one in waiting["suggestions"])
        await operation(app, "remove_sample_campaign")
        await operation(app, "load_sample_campaign")
        again = await app.get(f"/api/suggestions?conversation_id={TALK.thread.id}")
        assert len(again["suggestions"]) == 3


async def test_removing_hides_the_talk_and_undo_brings_it_back(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        await operation(app, "load_sample_campaign")
        removed = await operation(app, "remove_sample_campaign")
        await app.get(f"/api/threads/{TALK.thread.id}", status=404)
        assert (await app.get("/api/chat-sessions"))["chat_sessions"] == []
        await app.post(f"/api/removals/{removed['removal_id']}/undo")
        assert await thread_texts(app) == [said.content for said in TALK.thread.messages]
        await app.get(f"/api/campaigns/{SAMPLE_CAMPAIGN_ID}")


async def test_talk_a_game_master_went_on_with_stays_when_the_sample_goes(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        await operation(app, "load_sample_campaign")
        body = {"id": new_id(), "role": "user", "content": "My own words"}
        await app.post(f"/api/threads/{TALK.thread.id}/messages", body, status=201)
        await operation(app, "remove_sample_campaign")
        assert (await thread_texts(app))[-1] == "My own words"
