"""Planning a game session over HTTP: what a reply proposes becomes the campaign by an accept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.running import Running, running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider


def block(value: object, label: str = "suggestion") -> str:
    return f"```{label}\n{json.dumps(value)}\n```\n"


REPLY = (
    "The bridge needs a keeper.\n\n"
    + block({"kind": "npc", "fields": {"name": "Mira", "role": "toll-keeper"}, "rationale": "x"})
    + block({"kind": "plot_point", "fields": {"title": "The bridge burns"}})
    + block({"field": "campaign.setting", "value": "Salt and fog"})
    + block({"source_name": "The Salt Road", "confidence": 0.9}, "citation")
    + "Shall I go on?"
)


async def plan(app: Running) -> tuple[str, str, Any]:
    """A campaign, its planning thread, and the reply as the thread shows it."""
    campaign = await app.post("/api/campaigns", {"name": "The Salt Road"}, status=201)
    wanted = {"purpose": "session_planning", "campaign_id": campaign["id"]}
    thread = await app.post("/api/threads", wanted, status=201)
    body = {"message_id": new_id(), "content": "Plan the next one."}
    turn = await app.post(f"/api/threads/{thread['id']}/turns", body, status=202)
    await app.read_reply(turn["assistant_message"]["id"])
    page = await app.get(f"/api/threads/{thread['id']}/messages")
    return campaign["id"], thread["id"], page["messages"][-1]


async def test_a_session_is_planned_and_its_proposals_become_the_campaign(tmp_path: Path) -> None:
    async with running(tmp_path, [ScriptedProvider(default=[REPLY])]) as app:
        campaign_id, thread_id, message = await plan(app)
        assert message["content"] == REPLY
        npc, plot_point, setting = message["suggestions"]
        assert [one["status"] for one in message["suggestions"]] == ["pending"] * 3
        begin = [at for at in range(len(REPLY)) if REPLY.startswith("```suggestion", at)]
        assert [one["place"] for one in message["suggestions"]] == begin
        assert message["notes_in_place"] == []
        (citation,) = message["citations"]
        assert (citation["entity_kind"], citation["entity_id"]) == ("campaign", campaign_id)

        path = f"/api/threads/{thread_id}/suggestions/pending"
        pending = await app.get(path)
        assert [one["id"] for one in pending["suggestions"]] == [
            npc["id"],
            plot_point["id"],
            setting["id"],
        ]
        assert pending["suggestions"][2]["difference"][0]["result"] == "Salt and fog"

        edits = {"role": "keeper of the toll"}
        accepted = await app.post(f"/api/suggestions/{npc['id']}/accept", {"edits": edits})
        made = await app.get(f"/api/npcs/{accepted['entity_id']}")
        assert (made["name"], made["role"]) == ("Mira", "keeper of the toll")
        sources = await app.get(f"/api/npcs/{made['id']}/sources")
        assert {one["message_id"] for one in sources["sources"]} == {message["id"]}

        bulk = {"suggestion_ids": [plot_point["id"], new_id()]}
        first, second = (await app.post("/api/suggestions/accept", bulk))["outcomes"]
        assert first["decision"]["suggestion"]["status"] == "accepted"
        assert second["fault"]["code"] == "suggestion_not_found"

        await app.post(f"/api/suggestions/{setting['id']}/reject", {"reason": "Too wet"})
        assert (await app.get(path))["suggestions"] == []
        decided = await app.get(f"/api/suggestions/{npc['id']}/decisions")
        assert [event["decision"] for event in decided["events"]] == ["modified"]

        undone = await app.post(f"/api/suggestions/{npc['id']}/undo")
        assert undone["suggestion"]["status"] == "undone"
        await app.get(f"/api/npcs/{made['id']}", status=404)


async def test_a_change_in_the_meantime_is_answered_with_the_difference(tmp_path: Path) -> None:
    async with running(tmp_path, [ScriptedProvider(default=[REPLY])]) as app:
        campaign_id, _, message = await plan(app)
        setting = message["suggestions"][2]
        change = {"revision": 1, "changes": {"setting": "A white desert"}}
        await app.client.patch(f"/api/campaigns/{campaign_id}", json=change)
        path = f"/api/suggestions/{setting['id']}"
        problem = await app.post(f"{path}/accept", status=409)
        assert problem["code"] == "suggestion_conflict" and problem["fields"] == ["setting"]
        assert problem["difference"][0]["current"] == "A white desert"
        seen = (await app.get(path))["target_revision"]
        await app.post(f"{path}/accept", {"seen_revision": seen})
        assert (await app.get(f"/api/campaigns/{campaign_id}"))["setting"] == "Salt and fog"


async def test_a_wizard_is_saved_resumed_and_finished(tmp_path: Path) -> None:
    own = new_id()
    async with running(tmp_path, [ScriptedProvider(default=["Aye."])]) as app:
        await app.post("/api/wizards", {"id": own}, status=201)
        path = f"/api/wizards/{own}"
        body = {"answers": {"basics.name": "The Salt Road"}, "step": "intent"}
        assert (await app.client.patch(path, json=body)).is_success
        refused = await app.client.patch(path, json={"answers": {"basics.nonsense": 1}})
        assert refused.status_code == 422
    async with running(tmp_path, [ScriptedProvider(default=["Aye."])]) as app:
        (wizard,) = (await app.get("/api/wizards"))["wizards"]
        assert (wizard["step"], wizard["answers"]) == (
            "intent",
            {"basics": {"name": "The Salt Road"}},
        )
        questions = (await app.get(f"{path}/questions", step="intent"))["questions"]
        assert {one["importance"] for one in questions} <= {"high", "medium", "low"}
        finished = await app.post(f"{path}/finish")
        again = await app.post(f"{path}/finish")
        assert again["already"] and again["campaign"]["id"] == finished["campaign"]["id"]
        (campaign,) = (await app.get("/api/campaigns"))["campaigns"]
        assert campaign["name"] == "The Salt Road"
