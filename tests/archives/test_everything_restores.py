"""Whatever the application can make of a campaign, its archive restores."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from tests.archives.api_walk import Talkative, Walk
from tests.archives.test_campaign_archive import archives_of, read_all
from tests.archives.whole_campaign import DIFFERENT_AFTERWARDS
from tests.running import Running, running
from ttrpg_assistant.conversations.store.continuing import continue_answer
from ttrpg_assistant.conversations.store.conversations import update_conversation
from ttrpg_assistant.conversations.store.path_length import list_miscounted
from ttrpg_assistant.conversations.store.shown import get_shown_message
from ttrpg_assistant.conversations.store.turns import regenerate
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.verification.model import Problem
from ttrpg_assistant.verification.row_checks import ROW_CHECKS

STEPS = 60


def find_problems(tx: Connection) -> list[Problem]:
    """What is wrong. A client may store a message as one that is still being written; what it
    leaves so is ended by the next start, and by an archive."""
    found = [problem for check in ROW_CHECKS for problem in check.find(tx)]
    return [one for one in found if "and nobody writes it" not in one.sentence]


async def list_campaigns(app: Running) -> list[str]:
    answer = await app.get("/api/campaigns", archived="all", limit=500)
    return [campaign["id"] for campaign in answer["campaigns"]]


async def check_restored(
    there: Database, back: Database, campaign_id: str, folder: Path
) -> dict[str, Any]:
    """Archive a campaign, restore it elsewhere; every row is the same but for links outside."""
    file = folder / f"{new_id()}.zip"
    await archives_of(there).write(campaign_id, file)
    restored = await archives_of(back).restore(file)
    before = await read_all(there, campaign_id)
    after = await read_all(back, restored.campaign_id)
    assert {name: len(rows) for name, rows in after.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    assert restored.is_copy is False
    dropped = 0
    for table, rows in before.items():
        for old, new in zip(rows, after[table], strict=True):
            changed = {name for name in old if old[name] != new[name]}
            changed -= {name for shown, name in DIFFERENT_AFTERWARDS if shown == table}
            if table == "campaigns" and "name" in changed:  # there is one of that name already
                assert new["name"] == restored.name and "(imported " in restored.name
                changed -= {"name", "search_names"}
            # A branch of talk outside the file shows less than before; it is counted below.
            changed -= {"message_count"} if table == "conversations" else set()
            if table == "messages" and old["status"] == "streaming":
                assert new["status"] == "interrupted"
                changed -= {"content", "status", "error_code", "updated_at"}
            assert all(new[name] is None for name in changed), (table, changed, old, new)
            dropped += len(changed)
    assert dropped == restored.dropped_links
    assert await back.read(list_miscounted) == []
    return after


async def walk_and_restore(folder: Path, back: Database, seed: int, steps: int) -> Walk:
    chance = random.Random(seed)
    async with running(folder, providers=[Talkative(chance)]) as app:
        walk = Walk(app, chance)
        await walk.begin()
        await walk.go(steps)
        there = app.services.database
        assert await there.read(find_problems) == []
        for campaign_id in await list_campaigns(app):
            await check_restored(there, back, campaign_id, folder)
            answer = await app.client.get(f"/api/campaigns/{campaign_id}/archive")
            copied = await app.client.post(
                "/api/archives",
                content=answer.content,
                headers={"Content-Type": "application/octet-stream"},
            )
            assert copied.status_code == 201, copied.text
        assert await there.read(find_problems) == []
        assert await back.read(find_problems) == []
    return walk


async def test_what_a_walk_through_the_api_made_is_restored(
    database: Database, tmp_path: Path
) -> None:
    walk = await walk_and_restore(tmp_path, database, seed=3, steps=STEPS)
    print(walk.figures, sorted(walk.accepted))
    assert sum(count for status, count in walk.figures.items() if status < 300) > STEPS / 3


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(20))
async def test_what_long_walks_through_the_api_made_is_restored(
    database: Database, tmp_path: Path, seed: int
) -> None:
    walk = await walk_and_restore(tmp_path, database, seed, steps=1_500)
    print(walk.figures)


async def test_a_campaign_that_a_wizard_made_comes_back(database: Database, tmp_path: Path) -> None:
    answers = {
        "basics.name": "Marsh",
        "intent.themes": ["debt", "tide"],
        "initial_content.npcs": [{"name": "Mira", "role": "ferrywoman"}],
        "initial_content.house_rules.Flanking": {"is_on": True, "bonus": -(2**70)},
    }
    async with running(tmp_path) as app:
        wizard = await app.post("/api/wizards")
        saved = await app.client.patch(f"/api/wizards/{wizard['id']}", json={"answers": answers})
        assert saved.is_success, saved.text
        made = await app.post(f"/api/wizards/{wizard['id']}/finish")
        after = await check_restored(
            app.services.database, database, made["campaign"]["id"], tmp_path
        )
        assert after["wizards"][0]["answers"]["basics"] == {"name": "Marsh"}
        assert after["campaigns"][0]["house_rules"]["Flanking"]["bonus"] == -(2**70)


async def test_an_answer_to_a_question_in_other_talk_comes_back_without_the_question(
    database: Database, tmp_path: Path
) -> None:
    async with running(tmp_path, providers=[ScriptedProvider(default=["Aye."])]) as app:
        campaign_id = (await app.post("/api/campaigns", {"name": "Marsh"}))["id"]
        chat = await app.open_chat()
        said = await app.say(chat, "What is there?")
        await app.read_reply(said["assistant_message"]["id"])
        asked = said["user_message"]["id"]
        thread = await branch_into(app, chat, asked, campaign_id)
        body = {"id": new_id(), "role": "assistant", "content": "A gate."}
        first = await app.post(f"/api/threads/{thread['id']}/messages", body)
        assert first["parent_id"] == asked
        again = await app.post(f"/api/replies/{first['id']}/regenerate", status=202)
        answer = await app.read_reply(again["assistant_message"]["id"])

        after = await check_restored(app.services.database, database, campaign_id, tmp_path)
        [turn] = [row for row in after["turns"] if row["assistant_message_id"] == answer["id"]]
        assert (turn["user_message_id"], turn["state"]) == (None, "complete")
        shown = await database.read(lambda tx: get_shown_message(tx, answer["id"]))
        assert (shown.content, shown.finish_reason, shown.parent_id) == ("Aye.", "stop", None)
        with pytest.raises(InvalidInput):
            await database.write(
                lambda tx: regenerate(tx, answer["id"], answer_id=new_id(), owner="me")
            )
        with pytest.raises(InvalidInput):
            await database.write(
                lambda tx: continue_answer(tx, answer["id"], turn_id=new_id(), owner="me")
            )


async def test_a_summary_that_begins_in_other_talk_comes_back(
    database: Database, tmp_path: Path
) -> None:
    async with running(tmp_path, providers=[ScriptedProvider(default=["Aye."])]) as app:
        campaign_id = (await app.post("/api/campaigns", {"name": "Marsh"}))["id"]
        chat = await app.open_chat()
        tip = await say_much(app, f"/api/chat-sessions/{chat}/messages", 3)
        thread = await branch_into(app, chat, tip, campaign_id)
        await say_much(app, f"/api/threads/{thread['id']}/messages", 60)
        path = f"/api/conversations/{thread['id']}/summaries"
        await app.post(f"{path}/remake")
        found = await app.get(path)
        while found["is_at_work"] or not found["summaries"]:
            await asyncio.sleep(0.01)
            found = await app.get(path)

        after = await check_restored(app.services.database, database, campaign_id, tmp_path)
        said = {row["id"] for row in after["messages"]}
        spanning = [row for row in after["summaries"] if row["first_message_id"] not in said]
        assert spanning and all(row["last_message_id"] in said for row in spanning)


async def branch_into(app: Running, chat: str, message_id: str, campaign_id: str) -> Any:
    """A thread of the campaign that goes on from what was said outside of it."""
    thread = await app.post(f"/api/threads/{chat}/branch", {"message_id": message_id})
    await app.services.database.write(
        lambda tx: update_conversation(tx, thread["id"], campaign_id=campaign_id)
    )
    return thread


async def say_much(app: Running, path: str, count: int) -> str:
    """Store long messages; the id of the last."""
    id = ""
    for number in range(count):
        id = new_id()
        await app.post(path, {"id": id, "role": "user", "content": f"{number}: " + "salt " * 400})
    return id
