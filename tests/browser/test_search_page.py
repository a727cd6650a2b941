"""Search in a real browser: words, filters, and a hit opened among what was said around it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.running_app import App

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_what_was_said_is_found_and_opens_at_its_message(app: App) -> None:
    tab = await app.open_tab()
    await tab.send("The lantern of Brenn hangs in the crypt")
    await tab.wait_last("complete")
    page = tab.page
    await page.get_by_role("link", name="Search", exact=True).click()
    await page.get_by_role("searchbox", name="Search for", exact=True).fill("lanter* brenn")
    hit = page.locator(".found__hit").last
    await expect(hit.locator("mark").first).to_have_text("lantern")
    await hit.click()
    opened = page.locator(".opened__said--hit")
    await expect(opened).to_contain_text("lantern of Brenn")
    await expect(page.get_by_role("link", name="Open the conversation", exact=True)).to_be_visible()
    await page.reload()
    await expect(opened).to_contain_text("lantern of Brenn")
    await page.get_by_role("combobox", name="Kind of conversation", exact=True).select_option("npc")
    await expect(page.locator(".found__hit")).to_have_count(0)
    await expect(page.get_by_text("No results. Try fewer words, or the beginning")).to_be_visible()
