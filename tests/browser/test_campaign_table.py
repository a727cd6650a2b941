"""An evening at the table: the clock, notes at one key, who is there, what happened, dice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.campaign_book import get, make, open_table, patch
from tests.browser.running_app import App

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def begin(app: App, name: str) -> tuple[Any, Any]:
    """A campaign with a game session that runs."""
    campaign = await make(app, "campaigns", name=name)
    evening = await make(app, f"campaigns/{campaign['id']}/game-sessions", title="Low water")
    await app.post(f"/api/game-sessions/{evening['id']}/start")
    return campaign, evening


async def list_log(app: App, evening: Any, what: str) -> list[Any]:
    found: list[Any] = (await get(app, f"game-sessions/{evening['id']}/{what}"))[what]
    return found


async def blur(page: Page) -> None:
    await page.evaluate("() => document.activeElement?.blur()")


async def test_the_first_game_session_is_started_from_an_empty_table(app: App) -> None:
    campaign = await make(app, "campaigns", name="Blank table")
    page = (await open_table(app, campaign["id"])).page
    await page.get_by_role("button", name="Start the first game session", exact=True).click()
    await expect(page.get_by_role("link", name="Game session 1", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Pause", exact=True).click()
    await page.get_by_role("button", name="Resume", exact=True).click()
    await page.get_by_role("button", name="End", exact=True).click()
    await expect(page.get_by_role("dialog")).to_contain_text("This game session has no notes")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Start the next game session", exact=True).click()
    await expect(page.get_by_role("link", name="Game session 2", exact=True)).to_be_visible()
    listed = (await get(app, f"campaigns/{campaign['id']}/game-sessions"))["game_sessions"]
    assert [(each["session_number"], each["status"]) for each in listed] == [
        (2, "running"),
        (1, "ended"),
    ]


async def test_one_key_and_enter_keep_a_note_with_its_time(app: App) -> None:
    campaign, evening = await begin(app, "Notes")
    page = (await open_table(app, campaign["id"])).page
    await blur(page)
    await page.keyboard.press("n")
    await expect(page.get_by_label("Quick note", exact=True)).to_be_focused()
    await page.keyboard.type("The bell rang twice")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Quick note", exact=True)).to_have_value("")
    await page.get_by_role("switch", name="GM only", exact=True).click()
    await page.get_by_label("Quick note", exact=True).fill("They shook hands on it")
    await page.keyboard.press("Enter")
    log = page.get_by_role("list", name="Notes and events", exact=True)
    await expect(log.get_by_text("They shook hands on it")).to_be_visible()
    await expect(log.locator("[data-sign=on_device]")).to_have_count(0)
    secret = log.get_by_role("listitem").filter(has_text="The bell rang twice")
    await expect(secret.get_by_text("GM only")).to_be_visible()
    notes = await list_log(app, evening, "notes")
    assert [(note["text"], note["gm_only"]) for note in notes] == [
        ("The bell rang twice", True),
        ("They shook hands on it", False),
    ]


async def test_a_deleted_note_comes_back(app: App) -> None:
    campaign, evening = await begin(app, "Second thoughts")
    await make(app, f"game-sessions/{evening['id']}/notes", text="Too rash")
    page = (await open_table(app, campaign["id"])).page
    line = page.get_by_role("listitem").filter(has_text="Too rash")
    await line.hover()
    await line.get_by_role("button", name="Delete this note", exact=True).click()
    await expect(line).to_have_count(0)
    await page.get_by_role("button", name="Undo", exact=True).click()
    await expect(line).to_be_visible()
    assert len(await list_log(app, evening, "notes")) == 1


async def test_a_note_edited_in_two_tabs_loses_neither_text(app: App) -> None:
    campaign, evening = await begin(app, "Two pens")
    note = await make(app, f"game-sessions/{evening['id']}/notes", text="The bell rang")
    page = (await open_table(app, campaign["id"])).page
    log = page.get_by_role("list", name="Notes and events", exact=True)
    await log.get_by_text("The bell rang").hover()
    await log.get_by_role("button", name="Edit this note", exact=True).click()
    mine = log.get_by_role("textbox", name="Note", exact=True)
    await mine.fill("The bell rang twice")
    await patch(app, f"session-notes/{note['id']}", 1, text="The bell fell")
    # The next note is seen: so what was made of the first has arrived here too.
    await make(app, f"game-sessions/{evening['id']}/notes", text="Silence")
    await expect(log.get_by_text("Silence")).to_be_visible()
    await mine.press("Enter")
    await expect(log.get_by_role("alert")).to_contain_text("The bell fell")
    await expect(mine).to_have_value("The bell rang twice")
    assert (await list_log(app, evening, "notes"))[0]["text"] == "The bell fell"
    await mine.fill("The bell rang twice and fell")
    await log.get_by_role("button", name="Save mine instead", exact=True).click()
    await expect(log.get_by_role("alert")).to_have_count(0)
    await expect(log.get_by_text("The bell rang twice and fell")).to_be_visible()
    stored = await list_log(app, evening, "notes")
    assert stored[0]["text"] == "The bell rang twice and fell"


async def test_who_enters_and_what_happened_is_seen_and_written_down(app: App) -> None:
    campaign, evening = await begin(app, "Comings")
    npc = await make(
        app,
        f"campaigns/{campaign['id']}/npcs",
        name="Mira",
        voice_card=["short, dry", "never hurried"],
    )
    point = await make(app, f"campaigns/{campaign['id']}/plot-points", title="The vault opens")
    page = (await open_table(app, campaign["id"])).page
    await expect(page.get_by_text("never hurried")).to_have_count(0)
    await page.get_by_role("button", name="Mira: in the scene", exact=True).click()
    await expect(page.locator("main").get_by_text("never hurried")).to_be_visible()
    await page.get_by_role("tab", name="Plot points", exact=True).click()
    steps = page.get_by_role("group", name=re.compile("Status of “The vault opens”"))
    await steps.get_by_role("button", name="Happened", exact=True).click()
    log = page.get_by_role("list", name="Notes and events", exact=True)
    await expect(log.get_by_text("The vault opens")).to_be_visible()
    assert (await get(app, f"npcs/{npc['id']}"))["is_present"]
    stored = await get(app, f"plot-points/{point['id']}")
    assert (stored["status"], stored["game_session_id"]) == ("happened", evening["id"])
    events = await list_log(app, evening, "events")
    assert [(event["kind"], event["entity_id"]) for event in events] == [
        ("enters", npc["id"]),
        ("happened", point["id"]),
    ]


async def test_a_press_holds_although_the_npc_was_edited_meanwhile(app: App) -> None:
    campaign, _ = await begin(app, "Press")
    npc = await make(app, f"campaigns/{campaign['id']}/npcs", name="Mira")
    page = (await open_table(app, campaign["id"])).page
    button = page.get_by_role("button", name="Mira: in the scene", exact=True)
    await expect(button).to_be_visible()
    await patch(app, f"npcs/{npc['id']}", 1, role="ferrywoman")
    await button.click()
    await expect(button).to_have_attribute("aria-pressed", "true")
    stored = await get(app, f"npcs/{npc['id']}")
    assert (stored["is_present"], stored["role"]) == (True, "ferrywoman")


async def test_dice_are_thrown_and_noted(app: App) -> None:
    campaign, evening = await begin(app, "Dice")
    page = (await open_table(app, campaign["id"])).page
    await page.get_by_role("tab", name="Dice", exact=True).click()
    await page.get_by_label("Dice", exact=True).last.fill("2d6+3")
    await page.keyboard.press("Enter")
    newest = page.locator(".dice__newest")
    total = int(str(await newest.get_attribute("data-total")))
    assert 5 <= total <= 15
    await newest.get_by_role("button", name="Note it", exact=True).click()
    await expect(newest.get_by_role("button", name="Noted", exact=True)).to_be_visible()
    await expect(page.locator(".table-log [data-sign=on_device]")).to_have_count(0)
    (note,) = await list_log(app, evening, "notes")
    assert re.fullmatch(rf"Rolled 2d6\+3 = {total} \[\d, \d\]", note["text"])
    # As tables say it; what is not dice is told what may be written, and rolls nothing.
    field = page.get_by_label("Dice", exact=True).last
    await field.fill("6d6 count 5s and 6s")
    await page.keyboard.press("Enter")
    await expect(newest).to_have_attribute("data-total", re.compile(r"^\d success(es)?$"))
    await field.fill("2x6")
    await page.keyboard.press("Enter")
    fault = page.locator(".dice").get_by_role("alert")
    await expect(fault).to_contain_text("Write for example 2d6+3, 4d6 drop lowest, d20 advantage")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await field.press("Backspace")
    await expect(fault).to_have_count(0)
    rolls = page.get_by_role("list", name="Dice log", exact=True).get_by_role("listitem")
    await expect(rolls).to_have_count(1)
    # The name of a random table is rolled on, and its roll joins the others.
    beasts = {"name": "Beasts", "dice": "1d1", "entries": "1 a marsh cat"}
    await make(app, f"campaigns/{campaign['id']}/things/random_table", fields=beasts)
    await field.fill("beasts")
    await page.keyboard.press("Enter")
    await expect(newest).to_contain_text("a marsh cat")
    await expect(rolls).to_have_count(2)
    # Dice in a stat block are rolled with one press, into the same log.
    cat = {"name": "Marsh cat", "stat_block": "AC 12, HP 9\nBite: 1d1+2"}
    await make(app, f"campaigns/{campaign['id']}/things/creature", fields=cat)
    panel = page.get_by_role("complementary", name="Side panel", exact=True)
    await panel.get_by_role("tab", name="More", exact=True).click()
    await panel.get_by_role("button", name="Creatures", exact=True).click()
    await expect(panel.get_by_text("AC 12", exact=True)).to_be_visible()
    await panel.get_by_role("button", name="Marsh cat", exact=True).click()
    await panel.get_by_role("button", name="Roll Bite 1d1+2", exact=True).click()
    await expect(panel.get_by_text("Bite: 1d1+2 = 3", exact=False)).to_be_visible()
    await panel.get_by_role("tab", name="Dice", exact=True).click()
    await expect(newest).to_have_attribute("data-total", "3")


async def test_the_side_is_folded_and_sized_and_both_are_remembered(app: App) -> None:
    campaign, _ = await begin(app, "Sizes")
    page = (await open_table(app, campaign["id"])).page
    edge = page.get_by_role("separator", name="Width of the side panel", exact=True)
    before = int(str(await edge.get_attribute("aria-valuenow")))
    await edge.focus()
    await page.keyboard.press("ArrowLeft")
    await page.reload()
    await expect(edge).to_have_attribute("aria-valuenow", str(before + 24))
    await page.get_by_role("button", name="Hide side panel", exact=True).click()
    await page.reload()
    await expect(page.get_by_role("button", name="Show side panel", exact=True)).to_be_visible()
    await expect(edge).to_have_count(0)


async def test_on_a_phone_everything_is_a_tab_away(app: App) -> None:
    campaign, evening = await begin(app, "Pocket")
    await make(app, f"campaigns/{campaign['id']}/npcs", name="Mira")
    await make(app, f"campaigns/{campaign['id']}/npcs", name="Longwinded" * 19)
    tab = await open_table(app, campaign["id"], viewport={"width": 390, "height": 844})
    tabs = tab.page.get_by_role("tablist", name="Parts of the game session", exact=True)
    await tabs.get_by_role("tab", name="Notes", exact=True).click()
    await tab.page.get_by_label("Quick note", exact=True).fill("One hand free")
    await tab.page.keyboard.press("Enter")
    await expect(tab.page.get_by_role("listitem").get_by_text("One hand free")).to_be_visible()
    await tabs.get_by_role("tab", name="NPCs", exact=True).click()
    await expect(tab.page.get_by_role("link", name=re.compile("^Chat with Mira"))).to_be_visible()
    await expect(
        tab.page.get_by_role("link", name=re.compile("^Chat with Long"))
    ).to_be_in_viewport(ratio=1)
    await tabs.get_by_role("tab", name="Chat", exact=True).click()
    await expect(tab.composer).to_be_visible()
    assert len(await list_log(app, evening, "notes")) == 1
