"""From evening to evening: what was played last, the plan, dice, and no server for a while."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.campaign_book import get, go, make, open_table
from tests.browser.running_app import App

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PLAN = (
    "Strong start: the bell rings early.\n"
    "Scenes: bargain with Korrin; the green door.\n"
    "Secrets: the wear on the lock; the whistle's number."
)


async def prepare(app: App, name: str) -> tuple[Any, Any, Any]:
    """A campaign, an evening that ended without a recap, and the next one, which runs."""
    campaign = await make(app, "campaigns", name=name)
    at = f"campaigns/{campaign['id']}/game-sessions"
    first = await make(app, at, title="The Ferry")
    await app.post(f"/api/game-sessions/{first['id']}/start")
    await make(app, f"game-sessions/{first['id']}/notes", text="They burned the ferry.")
    await app.post(f"/api/game-sessions/{first['id']}/end")
    tonight = await make(app, at, plan=PLAN)
    await app.post(f"/api/game-sessions/{tonight['id']}/start")
    return campaign, first, tonight


async def plan_of(app: App, evening: Any) -> str:
    return str((await get(app, f"game-sessions/{evening['id']}"))["plan"])


def item(page: Page, text: str) -> Any:
    return page.get_by_role("checkbox", name=re.compile(rf"^{re.escape(text)}"))


async def test_the_plan_is_checked_off_on_every_device(app: App) -> None:
    campaign, _, tonight = await prepare(app, "Checked off")
    point = await make(app, f"campaigns/{campaign['id']}/plot-points", title="The duke is dead")
    page = (await open_table(app, campaign["id"])).page
    other = (await open_table(app, campaign["id"])).page
    plan = page.locator(".tonight")
    await expect(plan).to_contain_text("0 of 5 played")
    await expect(plan.get_by_role("heading", level=3).first).to_have_text("Strong start")
    await expect(plan).to_contain_text("2 not revealed yet")
    # Last time, at a glance: what was noted, for there is no recap.
    await expect(plan.locator(".tonight__first")).to_contain_text("They burned the ferry.")

    # Two presses at once, and one of the other device: none undoes another.
    await item(page, "the green door").check()
    await item(page, "the wear on the lock").check()
    await item(other, "bargain with Korrin").check()
    for seen in (page, other):
        await expect(seen.locator(".tonight")).to_contain_text("3 of 5 played")
        await expect(item(seen, "bargain with Korrin")).to_be_checked()
        await expect(seen.locator(".tonight")).to_contain_text("1 not revealed yet")
    stored = await plan_of(app, tonight)
    assert "Scenes:\n- [x] bargain with Korrin\n- [x] the green door." in stored
    await page.reload()
    await expect(item(page, "the green door")).to_be_checked()

    await page.get_by_role("button", name=re.compile("Reveal “The duke is dead”")).click()
    await expect(page.get_by_role("button", name="Reveal “The duke is dead”")).to_have_count(0)
    assert (await get(app, f"plot-points/{point['id']}"))["audience"] == "public"


async def test_a_waiting_recap_is_seen_and_one_press_away(app: App) -> None:
    campaign, first, _ = await prepare(app, "Left for later")
    page = (await open_table(app, campaign["id"])).page
    # The rail leads to the table that runs, from anywhere.
    await go(page, "/settings")
    rail = page.get_by_role("navigation", name="Screens", exact=True)
    await rail.get_by_role("link", name=re.compile("^Table")).click()
    await expect(page.get_by_role("note")).to_contain_text("has no recap yet")
    await go(page, f"/campaigns/{campaign['id']}")
    await page.get_by_role("button", name="Write the recap", exact=True).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("[data-field=recap_gm]")).to_have_attribute("data-state", "drafted")
    await dialog.get_by_role("button", name="Save the recap", exact=True).click()
    await expect(page.get_by_role("note")).to_have_count(0)
    assert "ferry" in (await get(app, f"game-sessions/{first['id']}"))["recap_gm"]


async def test_notes_and_rolls_wait_for_the_server_and_arrive_once(app: App) -> None:
    campaign, _, tonight = await prepare(app, "No server")
    page = (await open_table(app, campaign["id"])).page
    await page.get_by_role("tab", name="Dice", exact=True).last.click()
    await page.get_by_role("button", name="d20", exact=True).click()
    log = page.get_by_role("list", name="Notes and events", exact=True)
    newest = page.locator(".dice__newest")
    await expect(newest).to_be_visible()
    # Keys lead to the dice: one to their field, one that rolls the same again.
    await page.get_by_role("tab", name="Plot points", exact=True).last.click()
    await page.keyboard.press("Shift+R")
    await expect(newest).to_contain_text("d20")
    await page.keyboard.press("r")
    await expect(page.get_by_label("Dice", exact=True).last).to_be_focused()
    await app.server.kill()
    note = page.get_by_label("Quick note", exact=True)
    for text in ("The bell rang", "The mill fell"):
        await note.fill(text)
        await note.press("Enter")
        await expect(note).to_have_value("")
    await page.get_by_role("button", name="d6", exact=True).click()
    waiting = log.locator("[data-sign=on_device]")
    await expect(waiting).to_have_count(2)
    await expect(waiting.first).to_contain_text("On this device, not saved yet")
    await app.server.start()
    await page.reload()
    await expect(log.get_by_text("The mill fell")).to_have_count(1)
    await expect(waiting).to_have_count(0)
    await expect(newest).to_contain_text("d6")
    unsaved = page.locator(".dice").get_by_label(re.compile("On this device, not saved yet"))
    await expect(unsaved).to_have_count(0)
    notes = (await get(app, f"game-sessions/{tonight['id']}/notes"))["notes"]
    assert [each["text"] for each in notes] == ["The bell rang", "The mill fell"]
    await expect(
        page.get_by_role("list", name="Dice log", exact=True).get_by_role("listitem")
    ).to_have_count(2)
    rolls = (await get(app, f"game-sessions/{tonight['id']}/events?kind=roll"))["events"]
    assert [each["text"].split(" = ")[0] for each in rolls] == ["d20", "d20", "d6"]
    # The log is the evening's: another device has it too, and it is no part of what happened.
    other = (await open_table(app, campaign["id"])).page
    await other.get_by_role("tab", name="Dice", exact=True).last.click()
    await expect(other.locator(".dice__newest")).to_contain_text("d6")
    await expect(
        other.get_by_role("list", name="Notes and events", exact=True)
    ).not_to_contain_text("d20")
