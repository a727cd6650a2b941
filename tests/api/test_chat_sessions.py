"""The operations of the quick chat, as a page or a script uses them."""

from __future__ import annotations

from pathlib import Path

from tests.running import running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider


async def test_there_is_one_active_chat_and_ending_it_opens_another(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        assert await app.get("/api/chat-sessions/active") is None
        first = await app.post("/api/chat-sessions/active")
        assert (await app.get("/api/chat-sessions/active"))["id"] == first["id"]
        second = await app.post(f"/api/chat-sessions/{first['id']}/end")
        assert second["id"] != first["id"]
        again = await app.post(f"/api/chat-sessions/{first['id']}/end")
        assert again["id"] == second["id"], "ending twice ends once"
        listed = (await app.get("/api/chat-sessions"))["chat_sessions"]
        assert {chat["id"]: chat["status"] for chat in listed} == {
            first["id"]: "archived",
            second["id"]: "active",
        }
        await app.post(f"/api/chat-sessions/{first['id']}/resume")
        listed = (await app.get("/api/chat-sessions"))["chat_sessions"]
        assert {chat["id"]: chat["status"] for chat in listed} == {
            first["id"]: "active",
            second["id"]: "archived",
        }


async def test_an_ended_chat_refuses_new_messages_with_a_cure(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        chat_id = await app.open_chat()
        await app.post(f"/api/chat-sessions/{chat_id}/end")
        refused = await app.post(
            f"/api/chat-sessions/{chat_id}/turns",
            {"message_id": new_id(), "content": "Too late"},
            status=409,
        )
        assert refused["code"] == "conversation_archived"
        assert refused["cure"]


async def test_a_page_holds_a_hundred_messages_unless_asked_otherwise(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        chat_id = await app.open_chat()
        for number in range(105):
            body = {"role": "user", "content": str(number)}
            await app.post(f"/api/chat-sessions/{chat_id}/messages", body, status=201)
        path = f"/api/chat-sessions/{chat_id}/messages"
        newest = await app.get(path)
        assert [m["content"] for m in newest["messages"]] == [str(n) for n in range(5, 105)]
        assert newest["has_more"]
        older = await app.get(path, before=newest["next_cursor"])
        assert [m["content"] for m in older["messages"]] == [str(n) for n in range(5)]
        assert not older["has_more"]
        later = await app.get(path, after=103)
        assert [m["content"] for m in later["messages"]] == ["103", "104"]


async def test_adding_a_message_twice_stores_it_once(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        chat_id = await app.open_chat()
        body = {"id": new_id(), "role": "assistant", "content": "Hello", "tokens": [3, 4]}
        path = f"/api/chat-sessions/{chat_id}/messages"
        first = await app.post(path, body, status=201)
        again = await app.post(path, body, status=200)
        assert first == again
        assert (first["tokens_in"], first["tokens_out"]) == (3, 4)


async def test_updating_writes_an_unfinished_message_in_place_and_a_finished_one_beside(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as app:
        chat_id = await app.open_chat()
        path = f"/api/chat-sessions/{chat_id}/messages"
        body = {"role": "assistant", "content": "", "status": "streaming"}
        placeholder = await app.post(path, body)
        message_path = f"/api/chat-messages/{placeholder['id']}"
        half = await app.client.patch(message_path, json={"content": "Ha", "is_streaming": True})
        assert half.json()["id"] == placeholder["id"]
        done = await app.client.patch(message_path, json={"content": "Hail", "tokens": [1, 2]})
        assert (done.json()["id"], done.json()["status"]) == (placeholder["id"], "complete")
        changed = await app.client.patch(message_path, json={"content": "Hail, traveller"})
        assert changed.json()["id"] != placeholder["id"]
        page = await app.get(path)
        assert [m["content"] for m in page["messages"]] == ["Hail, traveller"]
        assert page["siblings"] == {changed.json()["id"]: [placeholder["id"], changed.json()["id"]]}


async def test_clearing_hides_everything_and_undo_brings_it_back_in_order(tmp_path: Path) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["Aye."])]) as app:
        chat_id = await app.open_chat()
        posted = await app.say(chat_id, "Before")
        await app.read_reply(posted["assistant_message"]["id"])
        cleared = (await app.client.delete(f"/api/chat-sessions/{chat_id}/messages")).json()
        assert cleared["cleared"] == 2
        assert await app.history(chat_id) == []
        posted = await app.say(chat_id, "After")
        await app.read_reply(posted["assistant_message"]["id"])
        removals = (await app.get("/api/removals"))["removals"]
        assert [removal["id"] for removal in removals] == [cleared["removal_id"]]
        undone = await app.post(f"/api/removals/{cleared['removal_id']}/undo")
        assert undone == {"restored": 2}
        assert [m["content"] for m in await app.history(chat_id)] == [
            "Before",
            "Aye.",
            "After",
            "Aye.",
        ]
        again = await app.post(f"/api/removals/{cleared['removal_id']}/undo", status=409)
        assert again["code"] == "removal_already_undone"
        assert (await app.get("/api/removals"))["removals"] == []


async def test_linking_to_what_does_not_exist_is_refused_and_changes_nothing(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as app:
        chat_id = await app.open_chat()
        refused = await app.post(
            f"/api/chat-sessions/{chat_id}/link", {"campaign_id": new_id()}, status=404
        )
        assert refused["code"] == "link_target_not_found"
        assert (await app.get("/api/chat-sessions/active"))["campaign_id"] is None


async def test_a_hint_of_every_change_reaches_who_follows(tmp_path: Path) -> None:
    async with (
        running(tmp_path, [ScriptedProvider(default=["Aye."])]) as app,
        app.client.stream("GET", "/api/changes", timeout=20) as stream,
    ):
        lines = stream.aiter_lines()
        assert await anext(lines) == "event: persistence"
        chat_id = await app.open_chat()
        posted = await app.say(chat_id, "Hello")
        seen = ""
        async for line in lines:
            seen += line
            if posted["assistant_message"]["id"] in line and '"complete"' in line:
                break
        assert chat_id in seen
        assert "Aye." not in seen, "a hint carries no content"
