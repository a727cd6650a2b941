"""A folder is linked on the page, and what waits is answered there, with the keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.running_app import App
from tests.vaults.conftest import tmp_path
from tests.vaults.vault_table import settle

__all__ = ["tmp_path"]

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_folder_is_linked_and_a_conflict_is_answered_on_the_page(
    app: App, tmp_path: Path
) -> None:
    folder = tmp_path / "Notes"
    folder.mkdir()
    campaign = await app.post("/api/campaigns", {"name": "Marsh"})
    path = f"/api/campaigns/{campaign['id']}"
    npc = await app.post(f"{path}/npcs", {"name": "Mira", "background": "One."})
    tab = await app.open_tab(f"/campaigns/{campaign['id']}", wait=False)
    page = tab.page
    await expect(page.get_by_role("heading", name="Marsh", exact=True)).to_be_visible()
    await page.goto(f"{page.url.split('/campaigns')[0]}/import")
    await page.get_by_text("Synced folder", exact=True).click()
    await page.get_by_label("Folder on this computer", exact=True).fill(str(folder))
    await page.keyboard.press("Enter")
    state = page.locator(".vault__state")
    await expect(state).to_contain_text("Synced 1 note")
    await tab.button("Pause").press("Enter")
    await expect(state).to_contain_text("Paused")
    note = folder / "NPCs" / "Mira.md"
    note.write_text(note.read_text().replace("One.", "Theirs."))
    settle(note)
    async with app.server.client() as client:
        body = {"revision": npc["revision"], "changes": {"background": "Ours."}}
        answer = await client.patch(f"{path}/things/npc/{npc['id']}", json=body)
        assert answer.is_success, answer.text
    await tab.button("Go on").press("Enter")
    await tab.button("Sync now").press("Enter")
    await expect(page.get_by_text("Theirs.", exact=True)).to_be_visible()
    await expect(page.get_by_text("Ours.", exact=True)).to_be_visible()
    await tab.button("Use the note’s").press("Enter")
    await expect(page.get_by_text("Theirs.", exact=True)).to_have_count(0)
    async with app.server.client() as client:
        thing = (await client.get(f"{path}/things/npc/{npc['id']}")).json()
    assert thing["background"] == "Theirs."
    await tab.button("Unlink").press("Enter")
    await tab.button("Unlink this folder").press("Enter")
    await expect(page.get_by_label("Folder on this computer", exact=True)).to_be_visible()
    assert note.exists() and not (folder / ".ttrpg-vault").exists()
