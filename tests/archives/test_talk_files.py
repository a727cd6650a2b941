"""Who speaks to whom, in talk that is read out and in what is found around a hit."""

from __future__ import annotations

import re
from pathlib import Path

from tests.npc_table import let_time_pass, make_campaign, make_npc, open_talk, speak
from tests.running import Running, running
from ttrpg_assistant.ids import new_id


async def read_speakers(app: Running, conversation_id: str) -> tuple[str, list[str]]:
    told = await app.client.get(f"/api/conversations/{conversation_id}/export")
    assert told.status_code == 200, told.text
    return told.text.splitlines()[0], re.findall(r"^\*\*(.+?)\*\* ·", told.text, re.MULTILINE)


async def test_talk_about_an_npc_is_told_from_talk_with_it(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        mira = await make_npc(app, await make_campaign(app), "Mira Vale")
        talk = await open_talk(app, mira)
        await speak(app, talk, "Who is she?", "about")
        await let_time_pass(app)
        await speak(app, talk, "Who are you?", "as")
        title, speakers = await read_speakers(app, talk)
        assert re.fullmatch(r"# Mira Vale \d{4}-\d\d-\d\d", title)
        assert speakers == [
            "Game master, about Mira Vale",
            "Assistant, about Mira Vale",
            "Game master, to Mira Vale",
            "Mira Vale",
        ]


async def test_a_whisper_is_told_as_one_in_a_file_and_around_a_hit(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        campaign = await make_campaign(app)
        npc_ids = [await make_npc(app, campaign, name) for name in ("Mira Vale", "Tomas Reed")]
        scene = (await app.post("/api/scenes", {"npc_ids": npc_ids}, status=201))["id"]
        for said in (
            {"content": "Good evening, Mira."},
            {"content": "Trust nobody.", "whisper_to": npc_ids[0]},
        ):
            body = {"message_id": new_id(), **said}
            posted = await app.post(f"/api/scenes/{scene}/turns", body, status=202)
            for reply in posted["assistant_messages"]:
                await app.read_reply(reply["id"])
        _, speakers = await read_speakers(app, scene)
        assert speakers[0] == "Game master, to all"
        assert speakers[-2:] == [
            "Game master, to Mira Vale alone",
            "Mira Vale, to the game master alone",
        ]
        around = await app.get(f"/api/messages/{posted['user_message']['id']}/around")
        assert around["names"][npc_ids[0]] == "Mira Vale"
