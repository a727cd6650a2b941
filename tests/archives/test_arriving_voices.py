"""A voice in an archive is used by nobody before a game master has accepted it."""

from __future__ import annotations

from pathlib import Path

from tests.running import running
from ttrpg_assistant.conversations.store.voices import find_spoken

FILE = {"Content-Type": "application/octet-stream"}


async def test_a_voice_from_a_file_waits_to_be_accepted(tmp_path: Path) -> None:
    async with running(tmp_path / "a") as app:
        campaign = await app.post("/api/campaigns", {"name": "Marsh"})
        voice = await app.post("/api/voices", {"name": "Salt", "instruction": "Talk of the sea."})
        assert voice["is_waiting"] is False
        values = {"purpose": "general", "campaign_id": campaign["id"], "personality": voice["id"]}
        await app.post("/api/threads", values)
        file = (await app.client.get(f"/api/campaigns/{campaign['id']}/archive")).content
    async with running(tmp_path / "b") as app:
        restored = await app.client.post("/api/archives", content=file, headers=FILE)
        assert restored.json()["voices_to_review"] == [voice["id"]]

        async def is_spoken() -> bool:
            read = app.services.database.read
            return await read(lambda tx: find_spoken(tx, voice["id"])) is not None

        listed = (await app.get("/api/voices"))["voices"]
        assert [one["is_waiting"] for one in listed if one["id"] == voice["id"]] == [True]
        assert not await is_spoken()
        accepted = await app.post(f"/api/voices/{voice['id']}/accept")
        assert accepted["is_waiting"] is False
        assert await is_spoken()
        again = await app.client.post("/api/archives", content=file, headers=FILE)
        assert again.json()["voices_to_review"] == []
