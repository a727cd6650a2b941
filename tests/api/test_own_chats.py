"""Each campaign's own chat and the quick chat, as scripts and other programs use them."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.running import Running, running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import Gate, ScriptedProvider


@dataclass
class Table:
    """A campaign with two game sessions that were planned."""

    campaign_id: str
    games: list[str]


async def make_table(app: Running, name: str) -> Table:
    campaign = await app.post("/api/campaigns", {"name": name}, status=201)
    path = f"/api/campaigns/{campaign['id']}/game-sessions"
    games = [(await app.post(path, {}, status=201))["id"] for _ in range(2)]
    return Table(campaign["id"], games)


async def open_own(app: Running, table: Table | None) -> Any:
    body = {} if table is None else {"campaign_id": table.campaign_id}
    return await app.post("/api/chat-sessions/active", body)


async def say(app: Running, chat: Any, content: str) -> None:
    posted = await app.say(chat["id"], content)
    await app.read_reply(posted["assistant_message"]["id"])


async def said_at(app: Running, game_session_id: str) -> list[str]:
    """What the game master said in the chats of a game session."""
    path = f"/api/game-sessions/{game_session_id}/chat-sessions"
    chats = (await app.get(path))["chat_sessions"]
    return [
        message["content"]
        for chat in chats
        for message in await app.history(chat["id"])
        if message["role"] == "user"
    ]


async def test_every_campaign_and_none_has_one_active_chat(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        here, there = await make_table(app, "Here"), await make_table(app, "There")
        chats = [await open_own(app, table) for table in (here, there, None, here, there, None)]
        assert len({chat["id"] for chat in chats}) == 3
        assert [chat["id"] for chat in chats[:3]] == [chat["id"] for chat in chats[3:]]
        assert [chat["linked_campaign_id"] for chat in chats[:3]] == [
            here.campaign_id,
            there.campaign_id,
            None,
        ]
        found = await app.get("/api/chat-sessions/active", campaign_id=there.campaign_id)
        assert found["id"] == chats[1]["id"]
        assert (await app.get("/api/chat-sessions/active"))["id"] == chats[2]["id"]
        assert await app.get(f"/api/chat-sessions/{found['id']}") == found
        listed = await app.get("/api/chat-sessions", campaign_id=here.campaign_id)
        assert [chat["id"] for chat in listed["chat_sessions"]] == [chats[0]["id"]]
        refused = await app.post("/api/chat-sessions/active", {"campaign_id": new_id()}, status=404)
        assert refused["code"] == "link_target_not_found"


async def test_each_game_session_keeps_its_part_of_the_talk(tmp_path: Path) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["Aye."])]) as app:
        table = await make_table(app, "Here")
        first, second = table.games
        chat = await open_own(app, table)
        await say(app, chat, "Before")
        await app.post(f"/api/game-sessions/{first}/start")
        assert (await open_own(app, table))["id"] == chat["id"], "starting takes nothing away"
        await say(app, chat, "First")
        await app.post(f"/api/game-sessions/{first}/end")
        assert (await open_own(app, table))["id"] == chat["id"], "nor does ending"
        await app.post(f"/api/game-sessions/{second}/start")
        other = await open_own(app, table)
        assert other["id"] != chat["id"]
        assert other["linked_game_session_id"] == second
        await say(app, other, "Second")
        assert await said_at(app, first) == ["Before", "First"]
        assert await said_at(app, second) == ["Second"]
        await app.post(f"/api/game-sessions/{second}/end")
        await app.post(f"/api/game-sessions/{first}/resume")
        assert (await open_own(app, table))["id"] == chat["id"], "it goes on in the chat it had"
        another = await app.post(f"/api/chat-sessions/{chat['id']}/end")
        assert another["linked_game_session_id"] == first


async def test_a_chat_that_is_linked_elsewhere_leaves_what_was_said_where_it_was(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["Aye."])]) as app:
        here, there = await make_table(app, "Here"), await make_table(app, "There")
        chat = await open_own(app, None)
        await say(app, chat, "At the desk")
        own = await open_own(app, there)
        for table, game in ((here, 0), (here, 1), (there, None)):
            link = {
                "campaign_id": table.campaign_id,
                "game_session_id": None if game is None else table.games[game],
            }
            linked = await app.post(f"/api/chat-sessions/{chat['id']}/link", link)
            assert linked["id"] == chat["id"]
            assert (linked["linked_campaign_id"], linked["linked_game_session_id"]) == (
                link["campaign_id"],
                link["game_session_id"],
            )
            assert await app.history(chat["id"]) == []
            await say(app, chat, f"At {table.campaign_id} {game}")
        assert await said_at(app, here.games[0]) == [f"At {here.campaign_id} 0"]
        assert await said_at(app, here.games[1]) == [f"At {here.campaign_id} 1"]
        chats = (await app.get("/api/chat-sessions"))["chat_sessions"]
        assert {one["id"] for one in chats if one["status"] == "active"} == {chat["id"]}
        assert own["id"] in {one["id"] for one in chats if one["status"] == "archived"}
        desk = [one for one in chats if one["linked_campaign_id"] is None]
        assert [m["content"] for m in await app.history(desk[0]["id"])] == ["At the desk", "Aye."]
        assert (desk[0]["message_count"], desk[0]["status"]) == (2, "archived")


async def test_what_was_cleared_before_a_link_comes_back_where_it_was_said(tmp_path: Path) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["Aye."])]) as app:
        table = await make_table(app, "Here")
        chat = await open_own(app, None)
        await say(app, chat, "At the desk")
        await app.client.delete(f"/api/chat-sessions/{chat['id']}/messages")
        link = {"campaign_id": table.campaign_id}
        await app.post(f"/api/chat-sessions/{chat['id']}/link", link)
        [removal] = (await app.get("/api/removals"))["removals"]
        assert (await app.post(f"/api/removals/{removal['id']}/undo"))["restored"] == 2
        assert await app.history(chat["id"]) == []
        assert len(await app.history(removal["subject_id"])) == 2


async def test_a_chat_is_not_moved_while_an_answer_is_being_written(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["Aye."])
    async with running(tmp_path, [model]) as app:
        table = await make_table(app, "Here")
        chat = await open_own(app, None)
        body = {"role": "user", "content": "Somebody?"}
        await app.post(f"/api/chat-sessions/{chat['id']}/messages", body)
        gate = Gate()
        model.enqueue([gate, "Aye."])
        posted = await app.say(chat["id"], "Anybody?")
        link = {"campaign_id": table.campaign_id}
        path = f"/api/chat-sessions/{chat['id']}/link"
        refused = await app.post(path, link, status=409)
        assert refused["code"] == "answer_under_way"
        assert (await app.get(f"/api/chat-sessions/{chat['id']}"))["campaign_id"] is None
        await app.post(f"/api/replies/{posted['assistant_message']['id']}/stop")
        await app.post(path, link)


async def test_exports_hold_what_was_said_at_the_campaigns_table_and_nothing_else(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["Aye."])]) as app:
        here, there = await make_table(app, "Here"), await make_table(app, "There")
        words = {"ours": here, "theirs": there, "nobodys": None}
        for word, table in words.items():
            await say(app, await open_own(app, table), f"The word is {word}")
        answer = await app.client.get(f"/api/campaigns/{here.campaign_id}/archive")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            whole = "".join(archive.read(name).decode() for name in archive.namelist())
        talk = await app.client.get(
            f"/api/campaigns/{here.campaign_id}/talk", params={"format": "markdown"}
        )
        for text in (whole, talk.text):
            assert "The word is ours" in text
            assert "theirs" not in text
            assert "nobodys" not in text
        copied = await app.client.post(
            "/api/archives",
            content=answer.content,
            headers={"Content-Type": "application/octet-stream"},
        )
        copy = Table(copied.json()["campaign_id"], [])
        own = await open_own(app, copy)
        assert [m["content"] for m in await app.history(own["id"])] == ["The word is ours", "Aye."]
        assert json.dumps(await open_own(app, here)) != json.dumps(own)
