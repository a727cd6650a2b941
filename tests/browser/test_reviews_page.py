"""A pasted transcript becomes suggestions that are decided on line by line, by keys too."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.everybody import list_faults
from tests.browser.running_app import App
from tests.providers import Script

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TEXT = """\
GM: Mirra gave Sable the iron key for 30 crowns.
Anna: I promise Mira that I will bring the key back by dawn.
Ben: Nat twenty, does that hit?
GM: Tomas Brandt confessed that the river guild stole the salt idol.
GM: The silver ledger is hidden in Gull's Rest, under stone 12.
GM: Mira Vale was born in Vesk.
Ben: I wonder what that was.
"""
KNOWN = "Mira Vale was born in Tarrow."


async def make_cast(app: App) -> Any:
    campaign = await app.post("/api/campaigns", {"name": "The Marsh"})
    for kind, fields in (
        ("npc", {"name": "Mira Vale"}),
        ("npc", {"name": "Tomas Brandt"}),
        ("character", {"name": "Sable", "player": "Anna"}),
    ):
        await app.post(f"/api/campaigns/{campaign['id']}/things/{kind}", {"fields": fields})
    return campaign


async def test_a_pasted_transcript_is_reviewed_line_by_line(app: App) -> None:
    campaign = await make_cast(app)
    await app.post(f"/api/campaigns/{campaign['id']}/facts", {"text": KNOWN})
    tab = await app.open_tab("/import", wait=False)
    page = tab.page
    await page.get_by_label("Paste a transcript or notes", exact=True).fill(TEXT)
    await tab.button("Use this text").click()
    await page.get_by_role("combobox", name="Campaign", exact=True).select_option(label="The Marsh")
    await tab.button("Import").click()
    await page.get_by_role("link", name="Review this transcript", exact=True).click()
    await tab.button("Review this transcript").click()

    # Who speaks is guessed, and corrected before it is read.
    role = page.get_by_label("Role of Anna", exact=True)
    await expect(role).to_have_value("player")
    await expect(page.get_by_label("Who Anna is", exact=True)).to_have_value(re.compile(".+"))
    await page.get_by_label("Role of Ben", exact=True).select_option("nobody")
    await tab.button("Save speakers").click()
    await expect(tab.button("Save speakers")).to_be_disabled()
    await tab.button("Start reading").click()
    await expect(page.get_by_text("Read: all 2 parts.", exact=True)).to_be_visible()

    # The words of a line, the line itself, and the way to it.
    facts = page.get_by_role("region", name="Facts", exact=True)
    key = facts.get_by_role("article").filter(has_text="iron key")
    await expect(key.get_by_text("Mira gave Sable the iron key for 30 crowns.")).to_be_visible()
    await expect(key.get_by_text("Mirra was read as Mira.")).to_be_visible()
    await key.get_by_text("From 1 line", exact=True).click()
    await expect(key.locator("mark")).to_have_text("Mirra gave Sable the iron key for 30 crowns.")
    await expect(key.get_by_role("link", name="Open in the transcript", exact=True)).to_be_visible()
    await check_looks(page)

    # By keys: the first suggestion, its neighbour, accept, undo, dismiss.
    await page.get_by_role("heading", name="Suggestions", exact=True).click()
    await page.keyboard.press("j")
    cards = page.locator("[data-suggestion-id]")
    await expect(cards.first).to_be_focused()
    count = await cards.count()
    await page.keyboard.press("j")
    await expect(cards.nth(1)).to_be_focused()
    await page.keyboard.press("a")
    await expect(cards).to_have_count(count - 1)
    await expect(tab.button("Decided: 1")).to_be_visible()
    await page.keyboard.press("u")
    await expect(cards).to_have_count(count)
    await expect(tab.button("Decided: 0")).to_be_visible()
    await cards.first.focus()
    await page.keyboard.press("x")
    await expect(tab.button("Decided: 1")).to_be_visible()

    # A whole kind at once; after a reload one goes on where one stopped.
    await facts.get_by_role("button", name=re.compile("^Accept all")).click()
    await expect(facts).to_have_count(0)
    told = page.get_by_role("region", name=re.compile("contradicts what was there$"))
    await expect(told).to_have_count(1)
    await expect(told).to_contain_text(f"“{KNOWN}”")
    await expect(told).to_contain_text("“Mira Vale was born in Vesk.”")
    assert await list_faults(page, "what was accepted contradicts", sizes=((390, 844),)) == []
    await page.set_viewport_size({"width": 1280, "height": 800})
    async with app.server.client() as client:
        known = (await client.get(f"/api/campaigns/{campaign['id']}/facts")).json()["facts"]
    listed = [one for one in known if one["text"] != KNOWN]
    assert "Mira gave Sable the iron key for 30 crowns." in [one["text"] for one in listed]
    assert {one["audience"] for one in listed} == {"gm"}
    await page.reload()
    await expect(tab.button(f"Decided: {1 + len(listed)}")).to_be_visible()
    await tab.button(f"Decided: {1 + len(listed)}").click()
    await expect(page.get_by_text("Accepted", exact=True).first).to_be_visible()


NOTES = b"""# The Marsh

## The abbey of bells

The abbess Ysolde keeps the ledger of the drowned. She is the sister of Tomas Brandt.

## What nobody knows

The password of the crypt is 4711, spoken backwards.
"""

FOUND = (
    {"kind": "npc", "name": "Ysolde", "role": "abbess", "lines": [1], "quote": "The abbess Ysolde"},
    {"kind": "relation", "from": "Ysolde", "label": "sister of", "to": "Tomas Brandt", "lines": [1],
     "quote": "the sister of Tomas Brandt"},
    {"kind": "fact", "text": "The password of the crypt is 4711.", "lines": [2],
     "quote": "password of the crypt"},
    {"kind": "npc", "name": "Zorblax", "lines": [1], "quote": "Zorblax rules"},
)  # fmt: skip


async def test_notes_are_split_by_headings_or_read_by_a_model(app: App, tmp_path: Path) -> None:
    campaign = await make_cast(app)
    file = tmp_path / "marsh.md"
    file.write_bytes(NOTES)
    tab = await app.open_tab("/import", wait=False)
    page = tab.page
    await page.locator(".drop__file").set_input_files(str(file))

    # Without a model only the headings are used, and it is said what one would add.
    by_model = page.get_by_role("radio", name=re.compile("^Let the model read them"))
    await expect(by_model).to_be_disabled()
    await expect(page.get_by_text("The built-in model does not read prose.")).to_be_visible()
    await expect(page.get_by_role("link", name="Choose a model", exact=True)).to_be_visible()
    await expect(page.get_by_label("Import The abbey of bells", exact=True)).to_be_checked()

    answer = Script(chunks=(json.dumps(FOUND),))
    provider = await app.provide("openai", answer)
    provider.release(20)
    estimate = re.compile("^About 1 part and [0-9,]+ tokens to read, with ")
    await expect(page.get_by_text(estimate)).to_be_visible()
    await page.get_by_role("radio", name=re.compile("^By their headings")).focus()
    await page.keyboard.press("ArrowDown")
    await expect(by_model).to_be_checked()
    await expect(page.get_by_label("Import The abbey of bells", exact=True)).to_have_count(0)
    await check_looks(page)
    await tab.button("Start reading").focus()
    await page.keyboard.press("Enter")

    # The same queue as for a transcript: nobody speaks, and what was made up is counted.
    await expect(page.get_by_text(re.compile("^Read: 1 part[.]"))).to_be_visible()
    await expect(page.get_by_text("1 suggestion was left out")).to_be_visible()
    await expect(page.get_by_text("Who speaks", exact=True)).to_have_count(0)
    cards = page.locator("[data-suggestion-id]")
    await expect(cards).to_have_count(3)
    npc = page.get_by_role("region", name="NPCs", exact=True).get_by_role("article")
    await npc.get_by_text("From 1 line", exact=True).click()
    await expect(npc.locator("mark")).to_contain_text("The abbess Ysolde keeps the ledger")
    await expect(npc.get_by_role("link", name="Open in the notes", exact=True)).to_be_visible()
    await check_looks(page)
    await page.get_by_role("heading", name="Suggestions", exact=True).click()
    await page.keyboard.press("j")
    await expect(cards.first).to_be_focused()
    await page.keyboard.press("a")
    await expect(tab.button("Decided: 1")).to_be_visible()
    await page.keyboard.press("u")
    await expect(tab.button("Decided: 0")).to_be_visible()

    # The text itself is no talk: there is nothing to write in it.
    await npc.get_by_text("From 1 line", exact=True).click()
    await npc.get_by_role("link", name="Open in the notes", exact=True).click()
    foot = "These are notes for a model to read. Nobody speaks in them."
    await expect(page.get_by_text(foot, exact=True)).to_be_visible()
    await expect(page.get_by_placeholder("Write a message")).to_have_count(0)
    await page.get_by_role("link", name="Open the review", exact=True).click()
    await expect(tab.button("Decided: 0")).to_be_visible()

    # What came by its headings before can be read as well.
    fields = {"name": "The marsh", "text": NOTES.decode() * 2}
    kept = await app.post(f"/api/campaigns/{campaign['id']}/things/handout", {"fields": fields})
    await page.goto(f"{app.server.address}/things/handout/{kept['id']}")
    await tab.button("Let a model read this text").click()
    await expect(by_model).to_be_enabled()
    await expect(page.get_by_role("combobox", name="Campaign", exact=True)).to_have_value(
        campaign["id"]
    )


async def check_looks(page: Page) -> None:
    """Nobody is shut out, and nothing is wider than the screen, in either theme."""
    for width, theme in ((1280, "light"), (390, "dark")):
        await page.set_viewport_size({"width": width, "height": 844})
        await page.emulate_media(color_scheme="light" if theme == "light" else "dark")
        assert await list_faults(page) == []
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not await page.evaluate(wide)
    await page.set_viewport_size({"width": 1280, "height": 844})
