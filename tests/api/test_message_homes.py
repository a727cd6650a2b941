"""Where messages were said, so that what was accepted leads back to its proposal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.npc_table import make_campaign, make_npc, open_talk
from tests.running import Running, running
from ttrpg_assistant.ids import new_id


async def add(app: Running, path: str, **more: Any) -> str:
    body = {"role": "user", "content": "Well?", **more}
    return str((await app.post(f"{path}/messages", body, status=201))["id"])


async def test_each_message_names_its_own_conversation(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        campaign_id = await make_campaign(app)
        wanted = {"purpose": "general", "campaign_id": campaign_id, "title": "Prep"}
        thread = (await app.post("/api/threads", wanted, status=201))["id"]
        npc_id = await make_npc(app, campaign_id, "Mira")
        talk = await open_talk(app, npc_id)
        chat = await app.open_chat()
        said = {
            thread: await add(app, f"/api/threads/{thread}"),
            talk: await add(app, f"/api/npc-conversations/{talk}", mode="about"),
            chat: await add(app, f"/api/chat-sessions/{chat}"),
        }
        ids = [*said.values(), new_id()]
        homes = (await app.get("/api/message-homes", message_id=ids))["homes"]
        assert {home["id"]: home["message_id"] for home in homes} == said
        by_kind = {home["kind"]: home for home in homes}
        assert by_kind["thread"]["title"] == "Prep"
        assert by_kind["thread"]["campaign_id"] == campaign_id
        assert by_kind["npc"]["npc_id"] == npc_id

        await app.client.delete(f"/api/chat-sessions/{chat}/messages")
        homes = (await app.get("/api/message-homes", message_id=ids))["homes"]
        assert {home["kind"] for home in homes} == {"thread", "npc"}


async def test_it_is_asked_with_ids_and_not_too_many(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        await app.get("/api/message-homes", status=422)
        await app.get("/api/message-homes", status=422, message_id=["x"])
        await app.get("/api/message-homes", status=422, message_id=[new_id() for _ in range(51)])
