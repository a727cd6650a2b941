"""An import is there once and whole, or not at all, whatever ends the server."""

from __future__ import annotations

import asyncio
import io
import zipfile
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from tests.faults.server import ServerProcess
from tests.imports.import_table import FILE
from tests.running import running

NOTES = 90
"""Several slices of them."""


def make_vault() -> bytes:
    """A vault of NPCs, each of whom names the next."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as vault:
        for number in range(NOTES):
            text = f"---\ntags: [npc]\n---\nOwes [[NPC {(number + 1) % NOTES}]] a crown."
            vault.writestr(f"NPCs/NPC {number}.md", text)
    return made.getvalue()


async def send(client: httpx.AsyncClient, campaign: str) -> str:
    said = {"filename": "vault.zip", "campaign_id": campaign}
    answer = await client.post("/api/imports", params=said, content=make_vault(), headers=FILE)
    assert answer.status_code == 201, answer.text
    preview: dict[str, Any] = answer.json()
    assert {one["action"] for one in preview["things"]} == {"new"}
    return str(preview["import_id"])


async def count_npcs(client: httpx.AsyncClient, campaign: str) -> int:
    answer = await client.get(f"/api/campaigns/{campaign}/things/npc", params={"limit": 500})
    return len(answer.json()["things"])


async def wait_for_end(client: httpx.AsyncClient, import_id: str) -> str:
    """How an import that runs ends."""
    for _ in range(1200):
        state = str((await client.get(f"/api/imports/{import_id}")).json()["state"])
        if state != "running":
            return state
        await asyncio.sleep(0.05)
    raise AssertionError("The import does not end.")


@pytest.mark.fault
async def test_killed_between_two_slices_nothing_of_it_is_left_and_it_can_be_sent_again(
    tmp_path: Path,
) -> None:
    server = ServerProcess(tmp_path)
    await server.start(TTRPG_FAILPOINT="import_between_slices:2")
    try:
        async with server.client() as client:
            campaign = (await client.post("/api/campaigns", json={"name": "Marsh"})).json()["id"]
            begun = await send(client, campaign)
            await client.post(f"/api/imports/{begun}/accept", json={})
            await server.wait_killed()
        await server.start()
        async with server.client() as client:
            assert await wait_for_end(client, begun) == "failed"
            assert await count_npcs(client, campaign) == 0
            again = await send(client, campaign)
            assert (await client.post(f"/api/imports/{again}/accept", json={})).status_code == 202
            assert await wait_for_end(client, again) == "done"
            assert await count_npcs(client, campaign) == NOTES
    finally:
        await server.kill()


async def test_accepted_several_times_at_once_it_is_imported_once(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        campaign = (await app.post("/api/campaigns", {"name": "Marsh"}))["id"]
        begun = await send(app.client, campaign)
        path = f"/api/imports/{begun}/accept"
        answers = await asyncio.gather(*(app.client.post(path, json={}) for _ in range(4)))
        codes = sorted(answer.status_code for answer in answers)
        assert codes == [202, 409, 409, 409]
        assert await wait_for_end(app.client, begun) == "done"
        assert await count_npcs(app.client, campaign) == NOTES
