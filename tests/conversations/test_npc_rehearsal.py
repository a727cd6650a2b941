"""Rehearsing an NPC: questions to practise with, hints, samples kept, traits proposed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.npc_table import all_of, make_campaign, make_npc, read_talk, speak
from tests.running import Running, running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider

SECRET = "She sold the spare for the great sluice gate to pay a surgeon."

TRAITS = """She counts her passengers when she is afraid.

```suggestion
{"kind": "npc_trait", "target": "Mira", "field": "mannerisms",
 "value": ["counts heads when afraid"], "rationale": "*counts heads*"}
```
"""


async def start(app: Running) -> tuple[str, str]:
    """An NPC with a secret, and a rehearsal of it."""
    npc = await make_npc(
        app,
        await make_campaign(app),
        "Mira",
        background="Born on a barge.",
        sample_lines=["I don't do favours. I do fares."],
        never_says=["please"],
        secrets=[{"text": SECRET}],
        gm_notes="Her guilt is the lever.",
    )
    rehearsal = await app.post(f"/api/npcs/{npc}/rehearsals", status=201)
    assert (rehearsal["kind"], rehearsal["npc_id"]) == ("npc", npc)
    assert rehearsal["title"] == "Rehearsal"
    return npc, rehearsal["id"]


async def test_a_players_question_is_proposed_from_what_players_may_know(tmp_path: Path) -> None:
    model = ScriptedProvider()
    async with running(tmp_path, [model]) as app:
        _, talk = await start(app)
        model.enqueue(["*counts heads* Who asks?"])
        await speak(app, talk, "Are you the ferrywoman?")
        model.enqueue(['Players: "Why do you look at the sluice?"\n\nThis presses her.'])
        path = f"/api/npc-conversations/{talk}/player-question"
        assert await app.post(path) == {"question": "Why do you look at the sluice?"}
        asked = all_of(model.history[-1])
        assert "Born on a barge." in asked and "Who asks?" in asked
        assert SECRET not in asked and "guilt" not in asked
        assert len(await read_talk(app, talk)) == 2, "a proposed question is not stored"


async def test_the_built_in_model_has_questions_too(tmp_path: Path) -> None:
    async with running(tmp_path, model="offline") as app:
        _, talk = await start(app)
        asked = await app.post(f"/api/npc-conversations/{talk}/player-question")
        assert len(asked["question"]) > 5


async def test_traits_that_showed_are_proposed_and_accepted_through_the_gate(
    tmp_path: Path,
) -> None:
    model = ScriptedProvider()
    async with running(tmp_path, [model]) as app:
        npc, talk = await start(app)
        path = f"/api/npc-conversations/{talk}/finish-rehearsal"
        early = await app.post(path, {"message_id": new_id()}, status=422)
        assert early["code"] == "nothing_rehearsed"
        model.enqueue(["*counts heads* Who asks?"])
        await speak(app, talk, "Are you the ferrywoman?")
        model.enqueue([TRAITS])
        body = {"message_id": new_id()}
        found = (await app.post(path, body, status=201))["message"]
        assert (found["id"], found["mode"]) == (body["message_id"], "about")
        [trait] = found["suggestions"]
        assert (trait["kind"], trait["target_id"], trait["status"]) == ("npc_trait", npc, "pending")
        assert SECRET not in all_of(model.history[-1])
        again = (await app.post(path, body, status=201))["message"]
        assert len(model.history) == 2 and again["suggestions"] == [trait]
        assert (await app.get(f"/api/npcs/{npc}"))["mannerisms"] == [], "nothing by itself"
        await app.post(f"/api/suggestions/{trait['id']}/accept")
        assert (await app.get(f"/api/npcs/{npc}"))["mannerisms"] == ["counts heads when afraid"]


async def test_hints_tell_where_the_voice_was_lost(tmp_path: Path) -> None:
    model = ScriptedProvider()
    async with running(tmp_path, [model]) as app:
        _, talk = await start(app)
        path = f"/api/npc-conversations/{talk}/voice-hints"
        assert await app.get(path) == {"answers": 0, "hints": []}
        model.enqueue(["Fares first."])
        await speak(app, talk, "Row us over.")
        model.enqueue(["As an AI I cannot row. Please ask again."])
        lost = await speak(app, talk, "Row us over!")
        checked = await app.get(path)
        assert checked["answers"] == 2
        assert [(h["kind"], h["message_id"]) for h in checked["hints"]] == [
            ("machine", lost["id"]),
            ("forbidden", lost["id"]),
        ]
        assert checked["hints"][0]["quote"] in lost["content"]


async def test_a_line_that_was_said_is_kept_as_a_sample_once(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["*spits* Talk quicker,\nor swim slower. Two pence."])
    async with running(tmp_path, [model]) as app:
        npc, talk = await start(app)
        reply = await speak(app, talk, "Wait for us!")
        path = f"/api/replies/{reply['id']}/sample-line"
        line = {"line": "Talk quicker, or swim slower."}
        kept = await app.post(path, line)
        assert kept["sample_lines"][1:] == ["Talk quicker, or swim slower."]
        assert (await app.post(path, line))["revision"] == kept["revision"]
        refused = await app.post(path, {"line": "I promise."}, status=422)
        assert refused["code"] == "not_spoken"
        await app.post(f"/api/replies/{reply['parent_id']}/sample-line", line, status=422)
        sources = await app.get(f"/api/npcs/{npc}/sources")
        assert reply["id"] in str(sources)
        await speak(app, talk, "Fine.")
        assert "Talk quicker, or swim slower." in model.history[-1].system


async def test_lines_kept_at_the_same_moment_are_all_kept(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["One. Two. Three."])
    async with running(tmp_path, [model]) as app:
        npc, talk = await start(app)
        reply = await speak(app, talk, "Count!")
        path = f"/api/replies/{reply['id']}/sample-line"
        await asyncio.gather(*(app.post(path, {"line": n}) for n in ("One.", "Two.", "Three.")))
        kept = (await app.get(f"/api/npcs/{npc}"))["sample_lines"]
        assert sorted(kept[1:]) == ["One.", "Three.", "Two."]


@pytest.mark.parametrize("what", ["player-question", "finish-rehearsal", "voice-hints"])
async def test_only_talk_with_an_npc_can_be_rehearsed(tmp_path: Path, what: str) -> None:
    async with running(tmp_path, [ScriptedProvider()]) as app:
        path = f"/api/npc-conversations/{await app.open_chat()}/{what}"
        if what == "voice-hints":
            await app.get(path, status=404)
        else:
            await app.post(path, {"message_id": new_id()}, status=404)
