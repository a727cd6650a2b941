"""A roll on a random table that is asked for in talk is the server's, whatever model answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.running import Running, running
from ttrpg_assistant.builtin.offline import OfflineModel
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.llm.types import BUILT_IN

ASKED = "Please roll on Beasts"
BEAST = "a marsh cat with one eye"


async def ask(app: Running, content: str, **campaign: Any) -> Any:
    made = await app.post("/api/campaigns", {"name": "The Marsh"})
    tables = f"/api/campaigns/{made['id']}/things/random_table"
    await app.post(tables, {"fields": {"name": "Beasts", "dice": "1d1", "entries": f"1 {BEAST}"}})
    chat = await app.post("/api/chat-sessions/active", {"campaign_id": made["id"]})
    posted = await app.say(chat["id"], content)
    return await app.read_reply(posted["assistant_message"]["id"])


async def test_the_built_in_model_tells_the_roll_that_the_server_made(tmp_path: Path) -> None:
    async with running(tmp_path, [OfflineModel(pace=0)], model=BUILT_IN) as app:
        reply = await ask(app, ASKED)
    assert reply["status"] == "complete", reply
    assert BEAST in reply["content"] and "1d1: 1" in reply["content"]


async def test_another_model_is_given_the_roll_before_the_question(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["It is there."])
    async with running(tmp_path, [model]) as app:
        await ask(app, ASKED)
        said, other = model.history[-1], "What lives on the quay?"
        await ask(app, other)
        unasked = model.history[-1]
    prompt = said.messages[-1].content
    assert f"Result, told as it is: {BEAST}" in prompt and "Beasts 1d1: 1" in prompt
    assert prompt.index(BEAST) < prompt.index(ASKED)
    assert BEAST not in unasked.messages[-1].content


async def test_the_built_in_model_answers_in_a_campaign_with_things_of_every_kind(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, [OfflineModel(pace=0)], model=BUILT_IN) as app:
        made = await app.post("/api/campaigns", {"name": "The Marsh"})
        for kind in list_things():
            fields = {kind.name_field: f"Grey {kind.noun}", "gm_notes": "Hides under the quay."}
            await app.post(
                f"/api/campaigns/{made['id']}/things/{kind.name}", {"fields": fields}, status=201
            )
        chat = await app.post("/api/chat-sessions/active", {"campaign_id": made["id"]})
        for kind in list_things():
            posted = await app.say(chat["id"], f"What do you know about the Grey {kind.noun}?")
            reply = await app.read_reply(posted["assistant_message"]["id"])
            assert reply["status"] == "complete" and "Grey" in reply["content"], kind.name
