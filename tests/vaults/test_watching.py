"""While the server runs, a note that is saved changes its thing, and the other way round."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.running import Running, running


async def _until(look: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(1_200):
        if await look():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("It does not happen.")


async def _link(app: Running, folder: Path) -> tuple[str, Any]:
    campaign = (await app.post("/api/campaigns", {"name": "Marsh"}))["id"]
    npc = await app.post(f"/api/campaigns/{campaign}/npcs", {"name": "Mira", "background": "One."})
    answer = await app.client.put(f"/api/campaigns/{campaign}/vault", json={"folder": str(folder)})
    assert answer.status_code == 200, answer.text
    return campaign, npc


async def test_what_is_saved_on_one_side_is_on_the_other_soon(tmp_path: Path) -> None:
    folder = tmp_path / "Notes"
    folder.mkdir()
    note = folder / "NPCs/Mira.md"
    async with running(tmp_path / "data") as app:
        campaign, npc = await _link(app, folder)

        async def is_written() -> bool:
            return note.exists()

        await _until(is_written)
        note.write_text(note.read_text().replace("One.", "Two."))
        path = f"/api/campaigns/{campaign}/things/npc/{npc['id']}"

        async def is_taken() -> bool:
            return bool((await app.get(path))["background"] == "Two.")

        await _until(is_taken)
        thing = await app.get(path)
        body = {"revision": thing["revision"], "changes": {"role": "smith"}}
        assert (await app.client.patch(path, json=body)).status_code == 200

        async def is_in_note() -> bool:
            return "role: smith" in note.read_text()

        await _until(is_in_note)
    note.write_text(note.read_text().replace("Two.", "Three."))
    async with running(tmp_path / "data") as app:

        async def is_taken_at_start() -> bool:
            return bool((await app.get(path))["background"] == "Three.")

        await _until(is_taken_at_start)
        told = (await app.get(f"/api/campaigns/{campaign}/vault"))["vault"]
        assert (told["folder"], told["questions"], told["faults"]) == (str(folder), [], [])


async def test_a_folder_is_named_at_this_computer_only(tmp_path: Path) -> None:
    async with running(tmp_path / "data", public_url="https://table.example") as app:
        campaign = (await app.post("/api/campaigns", {"name": "Marsh"}))["id"]
        refused = await app.client.put(
            f"/api/campaigns/{campaign}/vault",
            json={"folder": str(tmp_path)},
            headers={"X-Forwarded-For": "192.0.2.7"},
        )
        assert (refused.status_code, refused.json()["code"]) == (403, "vault_not_here")
        # A proxy on this computer that names no client, and what its visitor opened.
        for headers in (
            {"Host": "table.example"},
            {"Host": "table.example", "Origin": "https://table.example"},
            {"Origin": "https://table.example"},
        ):
            refused = await app.client.put(
                f"/api/campaigns/{campaign}/vault", json={"folder": str(tmp_path)}, headers=headers
            )
            assert (refused.status_code, refused.json()["code"]) == (403, "vault_not_here"), headers
        assert await app.get(f"/api/campaigns/{campaign}/vault") == {"vault": None}
        missing = await app.client.post(f"/api/campaigns/{campaign}/vault/sync", json={})
        assert (missing.status_code, missing.json()["code"]) == (404, "vault_not_linked")


async def test_answers_are_given_over_http_and_only_about_what_was_shown(tmp_path: Path) -> None:
    folder = tmp_path / "Notes"
    folder.mkdir()
    async with running(tmp_path / "data") as app:
        campaign, npc = await _link(app, folder)
        place = f"/api/campaigns/{campaign}/vault"
        await app.post(f"{place}/sync")
        (folder / "NPCs/Mira.md").unlink()

        async def is_asked() -> bool:
            told = await app.post(f"{place}/sync")
            return bool([one for one in told["questions"] if one["question"] == "note_gone"])

        await _until(is_asked)
        body = {"gone": {npc["id"]: "archive"}}
        told = await app.post(f"{place}/answers", body)
        assert told["questions"] == []
        thing = await app.get(f"/api/campaigns/{campaign}/things/npc/{npc['id']}")
        assert thing["archived_at"] is not None
        seen = {npc["id"]: {"revision": 1, "sha256": "0"}}
        body = {"sides": {npc["id"]: {"background": "file"}}, "seen": seen}
        answer = await app.client.post(f"{place}/answers", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "vault_question_changed")
        assert (await app.client.delete(place)).status_code == 200
        assert await app.get(place) == {"vault": None}
