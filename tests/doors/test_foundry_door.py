"""A Foundry world pulls the documents of the export, and proposes what was changed in them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import httpx2

from tests.doors.planted import CANARY, plant
from tests.doors.test_tokens import asking
from tests.running import Running, running
from ttrpg_assistant.ids import new_id

DOCUMENTS = "/api/doors/foundry"
PROPOSALS = "/api/doors/foundry/proposals"


async def make_token(app: Running, campaign_id: str, *scopes: str) -> str:
    body = {"campaign_id": campaign_id, "name": new_id(), "scopes": list(scopes)}
    return str((await app.post("/api/tokens", body))["secret"])


async def propose(who: httpx2.AsyncClient, document: Any, **more: Any) -> Any:
    said = await who.post(PROPOSALS, json={"document": document, **more})
    assert said.status_code == 200, said.text
    return said.json()["suggestion"]


async def test_a_document_that_was_pulled_proposes_what_was_changed_in_it(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        campaign = (await app.post("/api/campaigns", {"name": "Vale"}))["id"]
        mira = {"name": "Mira Vale", "role": "ferrywoman", "gm_notes": "Owes the duke."}
        npc = await app.post(f"/api/campaigns/{campaign}/npcs", mira)
        secret = await make_token(app, campaign, "read:gm", "propose")
        async with asking(app, secret) as world:
            pulled = (await world.get(DOCUMENTS)).json()
            (journal,) = [one for one in pulled["journal"] if one["name"] == "Mira Vale"]
            (actor,) = pulled["actors"]
            assert "ferrywoman" in json.dumps(journal) and "ferrywoman" in json.dumps(actor)
            assert {one["type"] for one in pulled["folders"]} == {"JournalEntry", "Actor"}
            assert await propose(world, journal) is None, "nothing was changed in it"
            changed = json.loads(json.dumps(journal).replace("ferrywoman", "harbour master"))
            made = await propose(world, changed, why="She was promoted.")
            assert (made["kind"], made["target_id"]) == ("npc_trait", npc["id"])
            assert await propose(world, changed, why="She was promoted.") == made, "made once"
            (waiting,) = (await app.get("/api/suggestions", campaign_id=campaign))["suggestions"]
            assert waiting["source"].endswith("(Foundry)") and "harbour master" in str(waiting)
            assert "Owes the duke" not in str(waiting["fields"]), "only what was changed"
            new = {"name": "Tomas", "pages": [], "_id": "a"}
            new["pages"] = [{"name": "Tomas", "text": {"content": "<p>A smith.</p>"}}]
            made = await propose(world, new, kind="npc")
            assert (made["kind"], made["title"]) == ("npc", "New NPC: Tomas")
            assert (await app.get(f"/api/npcs/{npc['id']}"))["role"] == "ferrywoman"


async def test_what_is_pulled_is_for_the_game_masters_program_alone(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        planted = await plant(app.services.database)
        for scopes in (("read:players", "talk", "propose"), ("propose",), ("read:gm",)):
            async with asking(app, await make_token(app, planted.campaign_id, *scopes)) as world:
                pulled = await world.get(DOCUMENTS)
                asked = {"document": {"name": "x", "pages": [], "_id": "a"}}
                proposed = await world.post(PROPOSALS, json=asked)
            assert pulled.status_code == (200 if "read:gm" in scopes else 403)
            assert (CANARY in pulled.text) is ("read:gm" in scopes)
            assert proposed.status_code == 403 and CANARY not in proposed.text


async def test_a_document_of_another_campaign_becomes_a_new_thing_and_none_is_refused(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as app:
        other = (await app.post("/api/campaigns", {"name": "Elsewhere"}))["id"]
        campaign = (await app.post("/api/campaigns", {"name": "Vale"}))["id"]
        await app.post(f"/api/campaigns/{other}/npcs", {"name": "Canary", "role": "spy"})
        async with asking(app, await make_token(app, other, "read:gm", "propose")) as world:
            (journal,) = [
                one
                for one in (await world.get(DOCUMENTS)).json()["journal"]
                if one["name"] == "Canary"
            ]
        async with asking(app, await make_token(app, campaign, "read:gm", "propose")) as world:
            bodies: list[Any] = [{}, {"name": 5}, {"name": "x"}, {"pages": "x", "name": "y"}]
            deep: Any = {"name": "x", "pages": []}
            for _ in range(40):
                deep = {"name": "x", "pages": [deep]}
            for document in (*bodies, {"name": "S", "scenes": [], "folders": []}):
                refused = await world.post(PROPOSALS, json={"document": document})
                assert refused.status_code == 422, (document, refused.text)
            refused = await world.post(PROPOSALS, json={"document": journal, "kind": "nonsense"})
            assert (refused.status_code, refused.json()["code"]) == (422, "unknown_kind")
            assert (await world.post(PROPOSALS, json={"document": deep})).status_code < 500
            stranger = copy.deepcopy(journal)
            made = await propose(world, stranger)
            assert made["target_id"] is None and made["kind"] == "npc", (
                "a new one, of this campaign"
            )
