"""What the model had in front of it, asked for over HTTP."""

from __future__ import annotations

from pathlib import Path

from tests.running import running
from ttrpg_assistant.ids import new_id


async def test_a_game_master_can_see_what_an_answer_was_made_from(tmp_path: Path) -> None:
    async with running(tmp_path, model="offline") as app:
        campaign = await app.post("/api/sample-campaign")
        chat_id = await app.open_chat()
        await app.post(f"/api/chat-sessions/{chat_id}/link", {"campaign_id": campaign["id"]})
        said = await app.say(chat_id, "What is Mira Vale up to?")
        reply_id = said["assistant_message"]["id"]
        await app.read_reply(reply_id)

        manifest = await app.get(f"/api/replies/{reply_id}/manifest")
        used = {entity["name"] for part in manifest["sections"] for entity in part["entities"]}
        assert "Mira Vale" in used
        assert manifest["total_tokens"] <= manifest["context_tokens"]
        assert "prices" not in str(manifest), "names and counts, never the text of a sheet"


async def test_what_no_model_was_asked_for_has_no_manifest(tmp_path: Path) -> None:
    async with running(tmp_path, model="offline") as app:
        chat_id = await app.open_chat()
        said = await app.say(chat_id, "Hello")
        await app.read_reply(said["assistant_message"]["id"])

        asked = f"/api/replies/{said['user_message']['id']}/manifest"
        assert (await app.get(asked, status=404))["code"] == "no_manifest"
        await app.get(f"/api/replies/{new_id()}/manifest", status=404)
