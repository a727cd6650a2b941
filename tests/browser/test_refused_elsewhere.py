"""A message refused while its author looks at another conversation is not lost from sight."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.running_app import App

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TEXT = "The king is dead"


async def test_a_message_refused_in_an_ended_conversation_is_told_and_sent_when_it_is_taken_up(
    app: App,
) -> None:
    tab = await app.open_tab()
    await tab.send("Who comes?")
    await tab.wait_last("complete")
    await tab.page.route("**/turns", lambda route: route.abort())
    await tab.send(TEXT)
    await tab.wait_sign(TEXT, "not_saved")
    await tab.button("Start a new chat").click()
    await tab.button("Start").click()
    await expect(tab.page.get_by_text(TEXT)).to_have_count(0)
    await tab.page.unroute("**/turns")
    await tab.page.evaluate("dispatchEvent(new Event('focus'))")
    banner = tab.page.locator("[data-persistence]")
    await expect(banner).to_contain_text("refused in another conversation")
    await tab.page.get_by_role("link", name="Settings", exact=True).first.click()
    await expect(tab.page.locator(".provider__toggle").first).to_be_visible()
    await banner.get_by_role("button", name="Show", exact=True).click()
    await tab.wait_sign(TEXT, "refused")
    await expect(banner).to_have_count(0)
    trouble = tab.page.locator(".message__trouble")
    await expect(trouble.get_by_role("button", name="Copy", exact=True)).to_be_visible()
    await expect(trouble.get_by_role("button", name="Edit")).to_have_count(0)
    await tab.button("Resume").click()
    await tab.wait_sign(TEXT, "saved")
    await tab.wait_last("complete")
    assert [line["content"] for line in await app.history()][2] == TEXT
    assert not await tab.waiting()
