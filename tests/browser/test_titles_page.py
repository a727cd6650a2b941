"""What conversations are called on the page: renamed in place, found again by it."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.campaign_book import get, make, open_table
from tests.browser.running_app import App, Sheet
from tests.providers import Script

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def write_title(tab: Sheet, text: str, key: str) -> None:
    await tab.page.keyboard.press("F2")
    await tab.page.get_by_label("Title", exact=True).fill(text)
    await tab.page.keyboard.press(key)
    await expect(tab.page.get_by_label("Title", exact=True)).to_have_count(0)


async def test_a_chat_is_named_by_its_first_line_renamed_in_place_and_found_by_both(
    app: App,
) -> None:
    tab = await app.open_tab()
    await tab.send("Who guards the lantern vault?")
    await tab.wait_last("complete")
    heading = tab.page.get_by_role("heading", level=1)
    await expect(heading).to_have_text("Who guards the lantern vault?")
    await write_title(tab, "Not kept", "Escape")
    await expect(heading).to_have_text("Who guards the lantern vault?")
    await write_title(tab, "  Vault night ", "Enter")
    await expect(heading).to_have_text("Vault night")
    await expect(tab.composer).to_be_focused()
    other = await app.open_tab(context=tab.page.context)
    await expect(other.page.get_by_role("heading", level=1)).to_have_text("Vault night")
    await write_title(other, "Lantern night", "Enter")
    await expect(heading).to_have_text("Lantern night")

    campaign = await make(app, "campaigns", name="The Lit Road")
    evening = await make(app, f"campaigns/{campaign['id']}/game-sessions", title="Low tide")
    await app.post(f"/api/game-sessions/{evening['id']}/start")
    table = await open_table(app, campaign["id"], context=tab.page.context)
    await table.send("A lantern at sea")
    await table.wait_last("complete")
    await expect(table.page.locator(".table__head")).to_contain_text("A lantern at sea")

    await tab.button("Past conversations").click()
    sheet = tab.page.get_by_role("dialog", name="Past conversations", exact=True)
    own = sheet.get_by_role("group", name="The Lit Road", exact=True)
    await expect(own).to_contain_text("Game session 1 · Low tide")
    await expect(own.get_by_role("link")).to_contain_text("A lantern at sea")
    await sheet.get_by_role("searchbox").fill("guards VAULT")
    await expect(sheet.get_by_role("link")).to_have_count(1)
    await expect(sheet.get_by_role("link")).to_contain_text("Lantern night")
    await sheet.get_by_role("searchbox").fill("low sea")
    await expect(sheet.get_by_text("No conversation has these words")).to_be_visible()
    await sheet.get_by_role("searchbox").fill("at sea")
    await sheet.get_by_role("link").click()
    await expect(tab.page).to_have_url(f"{app.server.address}/session/{campaign['id']}")
    await tab.page.goto(f"{app.server.address}/campaigns/{campaign['id']}?part=conversations")
    listed = tab.page.get_by_role("region", name="Conversations", exact=True)
    await expect(listed.get_by_role("link", name=re.compile("^A lantern at sea"))).to_be_visible()


async def test_a_better_title_comes_after_the_first_exchange_and_never_over_ones_own(
    app: App,
) -> None:
    async with app.server.client() as client:
        await client.put("/api/summaries/made-by", json={"made_by": "model"})
    provider = await app.provide("openai", Script(chunks=("Nobody does.",)))
    tab = await app.open_tab()
    await tab.send("Who guards the lantern vault?")
    await tab.wait_last("complete")
    provider.enqueue(Script(chunks=("The unguarded ", "vault")))
    heading = tab.page.get_by_role("heading", level=1)
    await expect(heading).to_have_text("The unguarded vault")
    assert len(provider.requests) == 2
    chat = await get(app, "chat-sessions/active")
    assert (chat["title"], chat["title_by"]) == ("The unguarded vault", "model")
