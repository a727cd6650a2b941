"""How the assistant sounds in a thread: chosen at its head, written by the game master."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from playwright.async_api import expect

from tests.browser.campaign_book import patch
from tests.browser.everybody import list_faults
from tests.browser.running_app import App
from tests.browser.talk_table import in_pieces, lay_campaign, prompt_of, read
from tests.faults.table import until
from ttrpg_assistant.ids import new_id

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_thread_begins_in_a_voice_and_keeps_it_in_its_branch(app: App) -> None:
    provider = await app.provide("openai", in_pieces("The tide is high."))
    laid = await lay_campaign(app)
    tab = await app.open_tab(laid.table)
    await tab.button("New thread").click()
    dialog = tab.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Voice: Standard.")
    await dialog.get_by_role("button", name="Change voice", exact=True).click()
    await expect(dialog).to_contain_text("Storyteller")
    assert await list_faults(tab.page) == []
    await dialog.get_by_role("button", name=re.compile("Short and dry A few words")).click()
    await expect(dialog).to_contain_text("Voice: Short and dry.")
    await dialog.get_by_role("button", name=re.compile("^Build the world")).click()
    await expect(
        tab.page.get_by_role("heading", name=re.compile("^Build the world")).first
    ).to_be_visible()
    await expect(tab.button("Voice: Short and dry")).to_be_visible()

    await tab.send("What is the harbour like?")
    await tab.wait_last("complete")
    assert "Answer in as few words as will do" in prompt_of(provider.requests[-1])
    await tab.newest.hover()
    await tab.newest.get_by_role("button", name="What the model read", exact=True).click()
    await expect(tab.page.get_by_role("dialog")).to_contain_text("Voice: Short and dry")
    await tab.page.keyboard.press("Escape")

    await tab.newest.hover()
    await tab.newest.get_by_role("button", name="Branch from here", exact=True).click()
    await expect(tab.page.locator(".tab", has_text="(branch)")).to_have_attribute(
        "aria-selected", "true"
    )
    await expect(tab.button("Voice: Short and dry")).to_be_visible()
    await tab.button("Voice: Short and dry").click()
    await tab.page.get_by_role("dialog").get_by_role("button", name=re.compile("Standard")).click()
    await expect(tab.button("Voice: Standard")).to_be_visible()
    threads = (await read(app, f"/api/threads?campaign_id={laid.campaign_id}"))["threads"]
    assert {thread["personality"] for thread in threads} == {"terse", None}


async def test_a_voice_is_written_changed_deleted_and_brought_back(app: App) -> None:
    tab = await app.open_tab("/settings", wait=False)
    page = tab.page
    await page.get_by_role("button", name="Change or add voices", exact=True).click()
    await page.get_by_role("button", name="New voice", exact=True).click()
    await page.get_by_label("Name", exact=True).fill("Old salt")
    await page.get_by_label("Instructions for the assistant", exact=True).fill(
        "Talk like a tired sailor."
    )
    assert await list_faults(page) == []
    await page.reload()
    await page.get_by_role("button", name="Change or add voices", exact=True).click()
    await page.get_by_role("button", name="New voice", exact=True).click()
    await expect(page.get_by_text("Unsaved changes from before were restored")).to_be_visible()
    await page.get_by_role("button", name="Save", exact=True).click()
    voices = page.get_by_role("list", name="Voices", exact=True)
    await expect(voices).to_contain_text("Old salt")

    await page.get_by_role("button", name="Edit “Storyteller”", exact=True).click()
    await page.get_by_label("Name", exact=True).fill("Bard")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(voices).to_contain_text("Bard")
    await page.get_by_role("button", name="Reset “Bard”", exact=True).click()
    await expect(voices).to_contain_text("Storyteller")
    await page.get_by_role("button", name="Delete “Old salt”", exact=True).click()
    await expect(voices).not_to_contain_text("Old salt")

    await page.get_by_role("button", name="Close", exact=True).click()
    removed = page.locator(".removals__item")
    await removed.filter(has_text="Voice: Old salt").get_by_role("button").click()
    await expect(page.get_by_text("Storyteller, Asks back, Wild ideas")).to_contain_text("Old salt")


async def test_a_voice_left_half_written_is_not_put_over_a_newer_one(app: App) -> None:
    told = {"name": "Slow hand", "instruction": "Talk slowly."}
    voice = await app.post("/api/voices", told)
    page = (await app.open_tab("/settings", wait=False)).page
    await page.get_by_role("button", name="Change or add voices", exact=True).click()
    await page.get_by_role("button", name="Edit “Slow hand”", exact=True).click()
    await page.get_by_label("Instructions for the assistant", exact=True).fill("Talk fast.")
    await page.keyboard.press("Escape")
    await patch(app, f"voices/{voice['id']}", 1, name="Calm hand", instruction="Whisper.")

    await page.get_by_role("button", name="Edit “Calm hand”", exact=True).click()
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Calm hand")
    await expect(page.get_by_label("Instructions for the assistant", exact=True)).to_have_value(
        "Talk fast."
    )
    await page.get_by_role("button", name="Save", exact=True).click()
    there = page.get_by_role("alert").filter(has_text="changed elsewhere")
    await expect(there).to_contain_text("Whisper.")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    stored = (await read(app, "/api/voices"))["voices"]
    (kept,) = [each for each in stored if each["id"] == voice["id"]]
    assert (kept["name"], kept["instruction"]) == ("Calm hand", "Talk fast.")


async def test_a_voice_from_a_file_says_that_it_is_not_used_until_it_is_accepted(
    app: App,
) -> None:
    laid = await lay_campaign(app)
    voice = await app.post("/api/voices", {"name": "Pirate", "instruction": "Say arr."})
    thread = {"purpose": "general", "campaign_id": laid.campaign_id, "personality": voice["id"]}
    await app.post("/api/threads", thread)
    async with app.server.client() as client:
        file = (await client.get(f"/api/campaigns/{laid.campaign_id}/archive")).content
        # Under an id of its own, as from another installation.
        strange = rename_in_zip(file, voice["id"], new_id())
        headers = {"Content-Type": "application/octet-stream"}
        answer = await client.post("/api/archives", content=strange, headers=headers)
    assert answer.status_code == 201, answer.text

    page = (await app.open_tab("/settings", wait=False)).page
    await expect(page.get_by_text(re.compile(r"\bPirate \(not accepted yet\)"))).to_be_visible()
    await page.get_by_role("button", name="Change or add voices", exact=True).click()
    waiting = page.get_by_role("listitem").filter(has_text="not used until you accept it")
    await expect(waiting).to_contain_text("Say arr.")

    # Its name and its buttons are in one row, and what it says below them.
    async def is_in_rows() -> bool:
        said, change, note = [
            await waiting.locator(part).first.bounding_box()
            for part in (".voice__said", ".voice__actions", ".note")
        ]
        assert said and change and note
        lowest = max(said["y"] + said["height"], change["y"] + change["height"])
        return bool(said["x"] + said["width"] <= change["x"] and note["y"] >= lowest)

    await until(is_in_rows)
    await waiting.get_by_role("button", name="Accept “Pirate”", exact=True).click()
    await expect(page.get_by_text("not used until you accept it")).to_have_count(0)
    await page.get_by_role("button", name="Close", exact=True).click()
    await expect(page.get_by_text("not accepted yet")).to_have_count(0)
    stored = (await read(app, "/api/voices"))["voices"]
    assert not any(each["is_waiting"] for each in stored)


def rename_in_zip(file: bytes, old: str, new: str) -> bytes:
    """The archive with one id in place of another."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as read_from, zipfile.ZipFile(target, "w") as made:
        for name in read_from.namelist():
            text = read_from.read(name).replace(old.encode(), new.encode())
            made.writestr(name, text, zipfile.ZIP_DEFLATED)
    return target.getvalue()
