"""What a long conversation remembers is there to be read, corrected and followed."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.running_app import App

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WALK = "They walked along the dike, counted the herons and spoke of nothing that mattered. "


async def talk_for_long(app: App) -> None:
    """More than the built-in model can read at once."""
    for number in range(1, 37):
        said = f"On day {number} Orla sold the party a silver bell for {number} coins. "
        await app.say("user" if number % 2 else "assistant", said + WALK * 36)


async def test_older_talk_is_remembered_in_short_and_ones_own_words_stand(app: App) -> None:
    await talk_for_long(app)
    tab = await app.open_tab()
    page = tab.page
    await tab.choose_from_menu("Summary of older messages")
    sheet = page.get_by_role("dialog", name="Summary of older messages", exact=True)
    first = sheet.locator(".memory__list > li").last
    await expect(first).to_contain_text("On day 1 Orla sold the party")
    await expect(first).to_contain_text(
        re.compile(r"\d+ messages, picked out by the built-in model")
    )
    await expect(sheet.get_by_role("status")).to_have_count(0)

    await first.get_by_role("button", name="Edit summary", exact=True).click()
    await first.get_by_label("Summary", exact=True).fill("Orla is not to be trusted.")
    await first.get_by_role("button", name="Save", exact=True).click()
    await expect(first.locator(".memory__text")).to_have_text("Orla is not to be trusted.")
    await expect(first).to_contain_text("in your words")
    await sheet.get_by_role("button", name="Close", exact=True).click()

    await tab.send("What do you know?")
    await tab.wait_last("complete")
    await tab.newest.hover()
    await tab.newest.get_by_role("button", name="What the model read", exact=True).click()
    seen = page.get_by_role("dialog", name="What the model read", exact=True)
    await expect(
        seen.get_by_role("heading", name=re.compile("^Summary of older messages"))
    ).to_be_visible()
    await expect(seen.get_by_text(re.compile(r"\d+ messages as a summary")).first).to_be_visible()
    await seen.get_by_role("button", name="Close", exact=True).click()

    await tab.choose_from_menu("Summary of older messages")
    await first.get_by_role("button", name=re.compile("Back to the automatic summary")).click()
    await expect(first.locator(".memory__text")).to_contain_text("On day 1 Orla sold the party")
    await first.get_by_role("button", name="Undo", exact=True).click()
    await expect(first.locator(".memory__text")).to_have_text("Orla is not to be trusted.")
    await first.get_by_role("button", name=re.compile("Show the first message")).click()
    await expect(page).to_have_url(re.compile("message="))


async def test_a_short_conversation_needs_no_memory(app: App) -> None:
    await app.say("user", "A short word.")
    tab = await app.open_tab()
    await tab.choose_from_menu("Summary of older messages")
    sheet = tab.page.get_by_role("dialog", name="Summary of older messages", exact=True)
    await expect(sheet).to_contain_text("None yet: the whole conversation still fits.")
    whole = sheet.get_by_label(re.compile("^Send the whole conversation"))
    await expect(whole).not_to_be_checked()
    await whole.check()
    await sheet.get_by_role("button", name="Close", exact=True).click()
    await tab.choose_from_menu("Summary of older messages")
    await expect(whole).to_be_checked()
