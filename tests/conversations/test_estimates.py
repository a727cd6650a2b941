"""What is said before a question is sent is what it then takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.npc_table import make_npc, open_talk
from tests.running import Running, running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider

ENGLISH = "The ferryman takes no coin for the crossing, only a name that nobody else may use. "
LENGTHS = (40, 4_000, 40_000, 90_000, 110_000, 200_000)
SCRIPTS = (ENGLISH, "Паромщик берёт не монету, а имя. ", "渡し守は金貨ではなく名前を取る。")


async def estimate(app: Running, conversation_id: str, text: str) -> Any:
    size = {"characters": len(text), "bytes": len(text.encode())}
    return await app.get("/api/turn-estimate", conversation_id=conversation_id, **size)


async def check(app: Running, path: str, conversation_id: str, text: str, **more: Any) -> Any:
    """Ask, and compare with what was said before; returns the record of what was sent."""
    about = await estimate(app, conversation_id, text)
    body = {"message_id": new_id(), "content": text, **more}
    posted = await app.post(f"{path}/turns", body, status=202)
    reply = await app.read_reply(posted["assistant_message"]["id"])
    seen = await app.get(f"/api/replies/{reply['id']}/manifest")
    assert about["fits"] is not seen["is_new_message_cut"], len(text)
    assert 0.75 < about["tokens"] / seen["total_tokens"] < 1.25, (len(text), about, seen)
    assert about["tokens"] <= seen["prompt_tokens"]
    return seen


async def open_thread(app: Running, campaign_id: str | None) -> str:
    body = {"purpose": "general", "campaign_id": campaign_id}
    return str((await app.post("/api/threads", body))["id"])


async def test_the_first_question_is_measured_with_its_campaign_in_every_script(
    tmp_path: Path,
) -> None:
    model = ScriptedProvider(default=["Aye."], context_tokens=32_768)
    async with running(tmp_path, [model]) as app:
        campaign_id = (await app.post("/api/sample-campaign"))["id"]
        totals = []
        for campaign in (None, campaign_id):
            for script in SCRIPTS:
                thread = await open_thread(app, campaign)
                text = (script * 300)[:9_000]
                seen = await check(app, f"/api/threads/{thread}", thread, text)
                totals.append(seen["total_tokens"])
        without, with_campaign = totals[:3], totals[3:]
        assert all(b > a + 500 for a, b in zip(without, with_campaign, strict=True)), totals
        npc = await make_npc(app, campaign_id, "Odo")
        talk = await open_talk(app, npc)
        await check(app, f"/api/npc-conversations/{talk}", talk, "Who is Odo?", mode="about")


async def test_a_question_that_cannot_be_read_whole_is_said_to_be_too_long(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["Aye."], context_tokens=32_768)
    cut = []
    async with running(tmp_path, [model]) as app:
        for length in LENGTHS:
            thread = await open_thread(app, None)
            text = (ENGLISH * (length // len(ENGLISH) + 1))[:length]
            seen = await check(app, f"/api/threads/{thread}", thread, text)
            cut.append(seen["is_new_message_cut"])
    assert cut == [False, False, False, False, True, True]
