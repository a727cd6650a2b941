"""Campaigns and what is in them, as a page or a script uses them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.running import Running, running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider

KINDS = [
    ("npcs", "npcs", "name"),
    ("locations", "locations", "name"),
    ("plot-points", "plot_points", "title"),
    ("game-sessions", "game_sessions", "title"),
]


async def patch(app: Running, path: str, revision: int, /, **changes: Any) -> Any:
    return await app.client.patch(path, json={"revision": revision, "changes": changes})


async def make_campaign(app: Running) -> str:
    made = await app.post("/api/campaigns", {"name": "The Salt Road"}, status=201)
    campaign_id: str = made["id"]
    return campaign_id


@pytest.mark.parametrize(("path", "plural", "name"), KINDS)
async def test_each_kind_is_made_read_edited_put_away_deleted_and_brought_back(
    tmp_path: Path, path: str, plural: str, name: str
) -> None:
    async with running(tmp_path) as app:
        campaign_id = await make_campaign(app)
        inside = f"/api/campaigns/{campaign_id}/{path}"
        made = await app.post(inside, {name: "First"}, status=201)
        one = f"/api/{path}/{made['id']}"
        assert await app.get(one) == made

        edited = (await patch(app, one, 1, **{name: "Second"})).json()
        assert (edited[name], edited["revision"]) == ("Second", 2)
        stale = await patch(app, one, 1, **{name: "Third"})
        assert stale.status_code == 409
        assert stale.json()["mine"] == {name: "Third"}
        assert stale.json()["theirs"] == {name: "Second"}
        assert stale.json()["base"] == {name: "First"}

        await app.post(f"{one}/archive")
        assert (await app.get(inside))[plural] == []
        assert len((await app.get(inside, archived="only"))[plural]) == 1
        await app.post(f"{one}/restore")
        assert len((await app.get(inside, search="SECOND"))[plural]) == 1

        deleted = (await app.client.delete(one)).json()
        assert deleted["count"] == 1
        await app.get(one, status=404)
        assert (await app.post(f"/api/removals/{deleted['removal_id']}/undo"))["restored"] == 1
        assert await app.get(one) == edited


async def test_a_campaign_tells_how_much_it_holds(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        campaign_id = await make_campaign(app)
        await app.post(f"/api/campaigns/{campaign_id}/npcs", {"name": "Mira"})
        counts = (await app.get(f"/api/campaigns/{campaign_id}"))["counts"]
        assert counts == {**dict.fromkeys(counts, 0), "npc": 1}
        assert {"game_session", "location", "plot_point", "faction"} <= counts.keys()


async def test_a_next_step_is_dismissed_for_good_and_for_its_campaign_alone(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as app:
        campaign_id, other = await make_campaign(app), await make_campaign(app)
        path = f"/api/campaigns/{campaign_id}/dismissed-steps"
        for step in ("model", "npc", "model"):
            answer = await app.post(path, {"step": step})
        assert answer == {"dismissed_steps": ["model", "npc"]}
        await app.post(path, {"step": "everything"}, status=422)
        await app.post(f"/api/campaigns/{new_id()}/dismissed-steps", {"step": "npc"}, status=404)
    async with running(tmp_path) as app:
        campaign = await app.get(f"/api/campaigns/{campaign_id}")
        assert campaign["dismissed_steps"] == ["model", "npc"]
        assert (await app.get(f"/api/campaigns/{other}"))["dismissed_steps"] == []


async def test_a_create_that_is_sent_again_makes_one(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        campaign_id = await make_campaign(app)
        body = {"id": new_id(), "name": "Mira"}
        inside = f"/api/campaigns/{campaign_id}/npcs"
        assert await app.post(inside, body) == await app.post(inside, body)
        assert len((await app.get(inside))["npcs"]) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"name": None}, 422),
        ({"name": ""}, 422),
        ({"named": "x"}, 422),
        ({"revision": 9}, 422),
        ({"name": "x" * 201}, 413),
        ({"secrets": [{"text": "x", "hint": True}]}, 422),
        ({"location_id": "x"}, 422),
        ({"voice_card": ["a", "b", "c", "d"]}, 413),
    ],
)
async def test_a_change_that_makes_no_sense_is_refused(
    tmp_path: Path, changes: dict[str, Any], status: int
) -> None:
    async with running(tmp_path) as app:
        campaign_id = await make_campaign(app)
        npc = await app.post(f"/api/campaigns/{campaign_id}/npcs", {"name": "Mira"})
        answer = await patch(app, f"/api/npcs/{npc['id']}", 1, **changes)
        assert answer.status_code == status, answer.text
        assert answer.json()["code"]
        assert await app.get(f"/api/npcs/{npc['id']}") == npc


async def test_world_state_is_kept_as_it_was_sent(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        campaign_id = await make_campaign(app)
        state = {"Month": "Rain", "Guilds": {"Glass": -1, "Lamps": [True, None, 2.5]}}
        path = f"/api/campaigns/{campaign_id}"
        assert (await patch(app, path, 1, world_state=state)).json()["world_state"] == state
        assert (await app.get(path))["world_state"] == state


async def test_a_game_session_runs_and_takes_notes_and_events(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        campaign_id = await make_campaign(app)
        inside = f"/api/campaigns/{campaign_id}/game-sessions"
        first, second = await app.post(inside, {}), await app.post(inside, {})
        one, other = (f"/api/game-sessions/{game['id']}" for game in (first, second))
        assert (first["session_number"], second["session_number"]) == (1, 2)
        assert (await app.post(f"{one}/start"))["status"] == "running"
        refused = await app.post(f"{other}/start", status=409)
        assert (refused["code"], refused["running_id"]) == ("game_session_running", first["id"])
        running_ones = (await app.client.get(f"{inside}?status=running")).json()["game_sessions"]
        assert [game["id"] for game in running_ones] == [first["id"]]

        note = await app.post(f"{one}/notes", {"text": "The bell rang."}, status=201)
        assert note["gm_only"] is True
        edited = await patch(app, f"/api/session-notes/{note['id']}", 1, gm_only=False)
        assert edited.json()["gm_only"] is False
        await app.client.delete(f"/api/session-notes/{note['id']}")
        assert (await app.get(f"{one}/notes"))["notes"] == []
        await app.post(f"/api/session-notes/{note['id']}/restore")
        assert (await app.get(f"{one}/notes"))["notes"] == [edited.json()]

        event = await app.post(f"{one}/events", {"kind": "rang", "text": "Bell."}, status=201)
        assert (await app.get(f"{one}/events"))["events"] == [event]

        await app.post(f"{one}/pause")
        ended = await app.post(f"{one}/end")
        assert (ended["status"], ended["running_since"]) == ("ended", None)
        assert (await app.post(f"{one}/resume"))["status"] == "running"


async def test_knowledge_is_told_listed_and_taken_back(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        campaign_id = await make_campaign(app)
        npcs = f"/api/campaigns/{campaign_id}/npcs"
        mira, tomas = [await app.post(npcs, {"name": name}) for name in ("Mira", "Tomas")]
        facts = f"/api/campaigns/{campaign_id}/facts"
        fact = await app.post(facts, {"text": "The vault is open."}, status=201)
        assert fact["audience"] == "gm"
        knows = f"/api/npcs/{tomas['id']}/knowledge"
        assert (await app.get(knows))["knowledge"] == []
        await app.post(knows, {"fact_id": fact["id"], "told_by_npc_id": mira["id"]})
        (known,) = (await app.get(knows))["knowledge"]
        assert (known["because"], known["fact"]["text"]) == ("told", "The vault is open.")
        (found,) = (await app.get(facts, search="vault"))["facts"]
        assert [one["npc_name"] for one in found["listeners"]] == ["Tomas"]
        left = (await app.client.delete(f"{knows}/{fact['id']}")).json()
        assert (known["fact"]["revision"], left["revision"]) == (2, 3)
        assert (await app.get(knows))["knowledge"] == []
        listened = {"npc_ids": [tomas["id"]], "groups": []}
        stale = await patch(app, f"/api/facts/{fact['id']}", 2, **listened)
        assert stale.status_code == 409
        conflict = stale.json()
        assert (conflict["code"], conflict["revision"]) == ("stale_revision", 3)
        assert conflict["mine"] == listened
        theirs = conflict["theirs"]
        assert (theirs["npc_ids"], theirs["groups"], theirs["listeners"]) == ([], [], [])
        assert (await app.get(knows))["knowledge"] == []
        changed = await patch(app, f"/api/facts/{fact['id']}", 3, audience="public")
        assert changed.json()["audience"] == "public"
        (known,) = (await app.get(knows))["knowledge"]
        assert known["because"] == "public"
        deleted = (await app.client.delete(f"/api/facts/{fact['id']}")).json()
        assert (await app.get(facts))["facts"] == []
        await app.post(f"/api/removals/{deleted['removal_id']}/undo")
        assert len((await app.get(facts))["facts"]) == 1


async def test_the_sample_loads_answers_and_leaves(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["Nine of them."])
    async with running(tmp_path, [model]) as app:
        sample = await app.post("/api/sample-campaign")
        assert await app.post("/api/sample-campaign") == sample
        npcs = (await app.get(f"/api/campaigns/{sample['id']}/npcs"))["npcs"]
        chat_id = await app.open_chat()
        await app.post(f"/api/chat-sessions/{chat_id}/link", {"campaign_id": sample["id"]})
        said = await app.say(chat_id, "Who are the NPCs in this campaign?")
        await app.read_reply(said["assistant_message"]["id"])
        prompt = model.history[-1].system
        assert [npc["name"] for npc in npcs if npc["name"] not in prompt] == []

        removed = (await app.client.delete("/api/sample-campaign")).json()
        assert removed["count"] > 25
        assert (await app.get("/api/campaigns"))["campaigns"] == []
        assert len(await app.history(chat_id)) == 2, "deleting a campaign loses no talk"
        await app.post(f"/api/removals/{removed['removal_id']}/undo")
        assert (await app.get("/api/campaigns"))["campaigns"] == [sample]
