"""Rows changed by hand or by a failing disk: shown as damaged, and no harm to anything else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.npc_table import (
    all_of,
    let_time_pass,
    make_campaign,
    make_npc,
    open_talk,
    post,
    read_talk,
    speak,
)
from tests.running import Running, running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import Gate, ScriptedProvider

PROPOSAL = """```suggestion
{"kind": "npc_trait", "target": "Mira", "field": "background", "value": "Salt."}
```"""


def edit_by_hand(app: Running, statement: str, *values: object) -> None:
    """What somebody with the database file and no care does."""
    with closing(sqlite3.connect(app.services.database.path)) as raw, raw:  # type: ignore[attr-defined]
        raw.execute("PRAGMA ignore_check_constraints = ON")
        raw.execute("PRAGMA foreign_keys = OFF")
        done = raw.execute(statement, values)
        assert done.rowcount >= 1


async def talk_of_two(app: Running) -> tuple[str, str, list[Any]]:
    """Two conversations with the same words; the messages of the first."""
    campaign = await make_campaign(app)
    talks = []
    for name in ("Mira", "Tomas"):
        talk = await open_talk(app, await make_npc(app, campaign, name))
        await speak(app, talk, "Who are you?")
        await speak(app, talk, "And who am I?")
        talks.append(talk)
    return talks[0], talks[1], await read_talk(app, talks[0])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("role", "wizard"),
        ("status", "half"),
        ("mode", "xray"),
        ("content", b"\x00\xff bytes"),
        ("created_at", "yesterday"),
        ("tokens_in", "many"),
    ],
)
async def test_a_damaged_message_is_shown_as_such_among_the_others(
    tmp_path: Path, column: str, value: object
) -> None:
    model = ScriptedProvider(default=["Nobody."])
    async with running(tmp_path, [model]) as app:
        talk, other, said = await talk_of_two(app)
        edit_by_hand(app, f"UPDATE messages SET {column} = ? WHERE id = ?", value, said[1]["id"])
        found = await read_talk(app, talk)
        assert [m["id"] for m in found] == [m["id"] for m in said]
        assert [m["content"] for m in found[2:]] == [m["content"] for m in said[2:]]
        if column not in ("created_at", "tokens_in"):
            assert found[1]["status"] == "unreadable"
        assert {m["status"] for m in await read_talk(app, other)} == {"complete"}
        answered = await speak(app, talk, "Still there?")
        assert answered["status"] == "complete"


async def test_a_text_that_is_no_text_is_shown_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["Nobody."])]) as app:
        talk, _, said = await talk_of_two(app)
        edit_by_hand(
            app,
            "UPDATE messages SET content = CAST(? AS TEXT) WHERE id = ?",
            b"I am \xff\xfe Mira",
            said[1]["id"],
        )
        found = await read_talk(app, talk)
        assert found[1]["status"] == "unreadable"
        assert found[1]["content"].startswith("I am ") and found[1]["content"].endswith(" Mira")
        assert [m["status"] for m in found if m is not found[1]] == ["complete"] * 3
        await speak(app, talk, "Still there?")


async def test_what_is_damaged_enters_no_prompt_and_is_not_answered(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["Nobody."])
    async with running(tmp_path, [model]) as app:
        npc = await make_npc(app, await make_campaign(app), "Mira", gm_notes="She lies.")
        talk = await open_talk(app, npc)
        first = await speak(app, talk, "Something said with care.")
        edit_by_hand(app, "UPDATE messages SET mode = 'xray' WHERE id = ?", first["parent_id"])
        await speak(app, talk, "What did I say?")
        assert "with care" not in all_of(model.history[-1])
        asked = len(model.history)
        again = await app.post(f"/api/replies/{first['id']}/regenerate", status=202)
        ended = await app.read_reply(again["assistant_message"]["id"])
        assert (ended["status"], ended["error_code"]) == ("failed", "unreadable")
        assert len(model.history) == asked, "a message of unknown mode is told nothing"


@pytest.mark.parametrize("tip", ["", "nothing", "00000000-0000-7000-8000-000000000000"])
async def test_a_lost_end_of_a_conversation_is_not_an_empty_conversation(
    tmp_path: Path, tip: str
) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["Nobody."])]) as app:
        talk, other, said = await talk_of_two(app)
        edit_by_hand(app, "UPDATE conversations SET tip_message_id = ? WHERE id = ?", tip, talk)
        assert [m["id"] for m in await read_talk(app, talk)] == [m["id"] for m in said]
        await speak(app, talk, "Still there?")
        assert len(await read_talk(app, talk)) == 6
        assert len(await read_talk(app, other)) == 4


async def test_a_link_to_a_message_that_is_gone_hides_nothing_before_it(tmp_path: Path) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["Nobody."])]) as app:
        talk, _, said = await talk_of_two(app)
        edit_by_hand(app, "DELETE FROM messages WHERE id = ?", said[1]["id"])
        kept = [m["id"] for m in said if m is not said[1]]
        assert [m["id"] for m in await read_talk(app, talk)] == kept
        page = await app.get(f"/api/npc-conversations/{talk}/messages", limit=2)
        assert [m["id"] for m in page["messages"]] == kept[1:] and page["has_more"]
        await speak(app, talk, "Still there?")


async def test_an_answer_whose_state_is_broken_while_it_is_written_keeps_its_text(
    tmp_path: Path,
) -> None:
    gate, model = Gate(), ScriptedProvider()
    model.enqueue(["I am ", gate, "nobody."])
    async with running(tmp_path, [model]) as app:
        talk = await open_talk(app, await make_npc(app, await make_campaign(app), "Mira"))
        place = (await post(app, talk, "Who are you?"))["assistant_message"]
        await gate.reached.wait()
        edit_by_hand(app, "UPDATE messages SET status = 'half' WHERE id = ?", place["id"])
        gate.open()
        ended = await app.read_reply(place["id"])
        assert (ended["status"], ended["content"]) == ("complete", "I am nobody.")
        assert (await read_talk(app, talk))[-1]["content"] == "I am nobody."


async def test_a_wrong_count_does_not_stop_the_talk(tmp_path: Path) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["Nobody."])]) as app:
        talk, _, said = await talk_of_two(app)
        edit_by_hand(app, "UPDATE conversations SET next_seq = 1 WHERE id = ?", talk)
        await speak(app, talk, "Still there?")
        seqs = [m["seq"] for m in await read_talk(app, talk)]
        assert len(seqs) == len(said) + 2 and seqs == sorted(set(seqs))


async def test_damaged_json_beside_a_message_harms_neither_it_nor_other_proposals(
    tmp_path: Path,
) -> None:
    model = ScriptedProvider()
    async with running(tmp_path, [model]) as app:
        talk = await open_talk(app, await make_npc(app, await make_campaign(app), "Mira"))
        replies = []
        for _ in range(2):
            model.enqueue([f"Like this:\n\n{PROPOSAL}\n"])
            replies.append(await speak(app, talk, "Who is she?", "about"))
        edit_by_hand(
            app,
            "UPDATE suggestions SET fields = '{\"background' WHERE message_id = ?",
            replies[0]["id"],
        )
        edit_by_hand(
            app,
            "UPDATE turns SET manifest = '{' WHERE assistant_message_id = ?",
            replies[0]["id"],
        )
        said = await read_talk(app, talk)
        [broken], [whole] = said[1]["suggestions"], said[3]["suggestions"]
        assert broken["fields"] == {} and "damaged" in broken["note"]
        assert whole["fields"] and whole["note"] != broken["note"]
        path = f"/api/replies/{replies[0]['id']}/manifest"
        missing = await app.client.get(path)
        assert missing.status_code == 404
        await let_time_pass(app)
        model.enqueue(["Aye."])
        await speak(app, talk, "Who are you?", "as")


async def test_a_thread_with_an_unknown_purpose_is_listed_with_the_others(tmp_path: Path) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["Aye."])]) as app:
        campaign = await make_campaign(app)
        body = {"purpose": "session_planning", "campaign_id": campaign}
        ids = [(await app.post("/api/threads", body, status=201))["id"] for _ in range(2)]
        edit_by_hand(app, "UPDATE conversations SET purpose = 'lunch' WHERE id = ?", ids[0])
        found = await app.get(f"/api/campaigns/{campaign}/conversations")
        listed = [thread["id"] for group in found["purposes"] for thread in group["threads"]]
        assert sorted(listed) == sorted(ids)
        turn = {"message_id": new_id(), "content": "Hello?"}
        posted = await app.post(f"/api/threads/{ids[0]}/turns", turn, status=202)
        assert (await app.read_reply(posted["assistant_message"]["id"]))["status"] == "complete"
