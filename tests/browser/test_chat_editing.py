"""A message is worded anew: no text is lost by it, and it goes to the ears it was meant for."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.running_app import App
from tests.browser.talk_table import SECRET, in_pieces, lay_campaign, prompt_of
from tests.providers import Script

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

EDITING = "Editing a message. The old version"
UNSAVED = "Editing a message that is not saved yet"
LEAVE = "Cancel the edit"


async def test_an_edit_goes_on_after_a_reload_and_gives_back_the_draft_it_found(
    app: App,
) -> None:
    await app.provide("openai", Script(chunks=("First.",)), Script(chunks=("Second.",)))
    tab = await app.open_tab()
    await tab.send("What is it?")
    await tab.wait_last("complete")
    await tab.composer.fill("Half a thought")
    own = tab.page.locator("article.message--user").last
    await own.hover()
    await own.get_by_role("button", name="Edit", exact=True).click()
    await tab.wait_composer("What is it?")
    await tab.button(LEAVE).click()
    await tab.wait_composer("Half a thought")
    await own.hover()
    await own.get_by_role("button", name="Edit", exact=True).click()
    await tab.composer.fill("What was it?")
    await tab.page.reload()
    await tab.wait_composer("What was it?")
    await expect(tab.page.get_by_text(EDITING)).to_be_visible()
    await tab.composer.press("Enter")
    await tab.wait_sign("Second.", "complete")
    await tab.wait_contents("What was it?", "Second.")
    await tab.wait_composer("Half a thought")
    await tab.page.reload()
    await tab.wait_composer("Half a thought")
    await expect(tab.page.get_by_text(EDITING)).to_have_count(0)


async def test_an_unsaved_message_survives_its_edit_and_takes_the_place_it_was_meant_for(
    app: App,
) -> None:
    tab = await app.open_tab()
    await tab.send("Old")
    await tab.wait_last("complete")
    await tab.composer.press("ArrowUp")
    await expect(tab.page.get_by_text(EDITING)).to_be_visible()
    await app.server.kill()
    await tab.press_enter("Newer")
    await tab.wait_sign("Newer", "not_saved")
    await tab.button("Edit").last.click()
    await expect(tab.page.get_by_text(UNSAVED)).to_be_visible()
    await tab.composer.press("Escape")
    await tab.wait_composer("")
    await tab.wait_sign("Newer", "not_saved")
    assert [entry["content"] for entry in await tab.waiting()] == ["Newer"]
    await tab.button("Edit").last.click()
    await tab.composer.fill("Newest")
    assert [entry["content"] for entry in await tab.waiting()] == ["Newer"]
    await app.server.start()
    await tab.page.reload()
    await tab.wait_composer("Newest")
    await expect(tab.page.get_by_text(UNSAVED)).to_be_visible()
    await tab.composer.press("Enter")
    await tab.wait_last("complete")
    await expect(tab.page.locator("article.message")).to_have_count(2)
    await expect(tab.page.locator("article.message .message__body").first).to_have_text("Newest")
    await expect(tab.page.locator(".siblings__count").first).to_have_text("2/2")


async def test_what_was_said_about_an_npc_is_not_told_to_it_by_an_edit(app: App) -> None:
    laid = await lay_campaign(app)
    await app.provide("openai", in_pieces("She does."), in_pieces("She does not."))
    tab = await app.open_tab(f"/npcs/{laid.npc_id}")
    await tab.send("Does she know?")
    await tab.wait_last("complete")
    about, as_npc = (
        tab.page.get_by_role("radio", name=re.compile(f"^{name}")) for name in ("About", "Speak as")
    )
    await as_npc.click()
    await expect(as_npc).to_have_attribute("aria-checked", "true")
    await tab.composer.press("ArrowUp")
    await expect(about).to_have_attribute("aria-checked", "true")
    await tab.button(LEAVE).click()
    await expect(as_npc).to_have_attribute("aria-checked", "true")
    await tab.composer.press("ArrowUp")
    await tab.page.reload()
    await tab.wait_composer("Does she know?")
    await expect(about).to_have_attribute("aria-checked", "true")
    await tab.press_enter("Does she know the plan?")
    await tab.wait_sign("She does not.", "complete")
    assert SECRET in prompt_of(app.providers["openai"].requests[-1])
    await expect(tab.page.locator("article.message")).to_have_count(2)
    await expect(tab.page.locator("article.message[data-mode=about]")).to_have_count(2)
    await expect(as_npc).to_have_attribute("aria-checked", "true")
