"""A message opens where it stands: from a hit, an address, a search within, a date."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.running_app import App, Sheet

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def line(page: Page, message: Any) -> Any:
    return page.locator(f"[data-message-id='{message['id']}']")


async def wait_led(page: Page, message: Any) -> None:
    """Until a message is in sight, lit, and has the focus."""
    await expect(line(page, message)).to_be_in_viewport()
    await expect(line(page, message)).to_be_focused()


LIGHTS = """
    window.lit = [];
    new MutationObserver(changes => {
        for (const { target } of changes)
            if (target.dataset.lit === "") window.lit.push(target.dataset.messageId);
    }).observe(document, { subtree: true, attributeFilter: ["data-lit"] });
"""
"""Notes every message that is lit: the light goes out by itself, and a busy machine looks late."""


async def open_at(app: App, message: Any, chat: str | None = None, **where: Any) -> Sheet:
    path = f"/chat/{chat or app.chat_id}?message={message['id']}"
    return await app.open_tab(path, wait=False, **where)


async def test_a_hit_far_up_opens_at_its_message_and_scrolls_both_ways(app: App) -> None:
    await app.fill(200)
    said = await app.history()
    context = await app.new_context()
    await context.add_init_script(LIGHTS)
    tab = await open_at(app, said[80], context=context)
    page = tab.page
    await wait_led(page, said[80])
    assert set(await page.evaluate("lit")) == {said[80]["id"]}
    await expect(page).to_have_url(f"{app.server.address}/chat?message={said[80]['id']}")
    shown = page.locator("article.message")
    await expect(shown).to_have_count(60)
    await expect(line(page, said[199])).to_have_count(0)
    await page.locator(".timeline__scroll").press("Home")
    await expect(line(page, said[20])).to_have_count(1)
    await page.locator(".timeline__scroll").press("End")
    await expect(line(page, said[150])).to_have_count(1)
    await tab.button("Back to the newest").click()
    await expect(line(page, said[199])).to_be_in_viewport()
    await expect(page).to_have_url(f"{app.server.address}/chat")
    await tab.send("Roll 1d4")
    await tab.wait_last("complete")


async def test_a_message_in_another_branch_is_shown_there_and_changes_nothing(
    app: App,
) -> None:
    kept = await app.say("user", "The gate is shut")
    lost = await app.say("user", "The gate is open")
    await app.say("assistant", "Wide open.")
    async with app.server.client() as client:
        path = f"/api/chat-messages/{lost['id']}"
        assert (await client.patch(path, json={"content": "The gate is barred"})).is_success
    before = [m["id"] for m in await app.history()]
    tab = await open_at(app, lost)
    page = tab.page
    await wait_led(page, lost)
    await expect(page.get_by_text("You are viewing another branch")).to_be_visible()
    await expect(line(page, kept)).to_be_visible()
    assert [m["id"] for m in await app.history()] == before
    await tab.button("Switch to this branch").click()
    await expect(page.get_by_text("You are viewing another branch")).to_have_count(0)
    await expect(line(page, lost)).to_be_visible()
    assert lost["id"] in [m["id"] for m in await app.history()]


async def test_a_message_that_is_gone_says_so(app: App) -> None:
    await app.fill(2)
    gone = {"id": "0198f000-0000-7000-8000-00000000dead"}
    tab = await open_at(app, gone)
    await expect(tab.page.get_by_text("That message was cleared or deleted")).to_be_visible()
    await expect(tab.page.locator("article.message")).to_have_count(2)
    await tab.button("Dismiss").click()
    await expect(tab.page.get_by_text("That message was cleared or deleted")).to_have_count(0)


async def test_words_are_found_in_a_long_conversation_from_the_newest_up(app: App) -> None:
    await app.fill(150)
    said = await app.history()
    tab = await app.open_tab()
    page = tab.page
    await page.keyboard.press("Control+f")
    field = page.get_by_role("searchbox", name="Text to find in this conversation", exact=True)
    await expect(field).to_be_focused()
    await field.fill("line")
    await expect(page.locator(".find__count")).to_have_text("150 of 150")
    await field.fill('"line 7"')
    await expect(page.locator(".find__count")).to_have_text("1 of 1")
    await expect(line(page, said[7])).to_be_in_viewport()
    await expect(field).to_be_focused()
    await field.fill("line 1*")
    await expect(page.locator(".find__count")).to_have_text("61 of 61")
    await field.press("Shift+Enter")
    await expect(page.locator(".find__count")).to_have_text("1 of 61")
    await expect(line(page, said[1])).to_be_in_viewport()
    await tab.button("Later (Shift+Enter)").click()
    await expect(line(page, said[10])).to_be_in_viewport()
    await field.fill("goblin")
    await expect(page.locator(".find__count")).to_have_text("No results")
    await field.press("Escape")
    await expect(field).to_have_count(0)
    await tab.choose_from_menu("Find in this conversation")
    await expect(field).to_be_focused()


async def test_a_date_opens_at_the_first_message_of_that_evening(app: App) -> None:
    await app.fill(3)
    said = await app.history()
    tab = await app.open_tab()
    page = tab.page
    await tab.choose_from_menu("Go to a date")
    await tab.button("Go").click()
    await wait_led(page, said[0])
    await tab.choose_from_menu("Go to a date")
    await page.get_by_label("Date", exact=True).fill("2024-02-29")
    await tab.button("Go").click()
    await expect(page.get_by_text("No messages on that day")).to_be_visible()
    await wait_led(page, said[0])


@pytest.mark.parametrize(
    "where", ["thread", pytest.param("npc", marks=pytest.mark.deep), "npc at the table"]
)
async def test_a_message_opens_wherever_its_conversation_is_shown(app: App, where: str) -> None:
    campaign = await app.post("/api/campaigns", {"name": "Lamplight"})
    at, path = "", ""
    if where == "thread":
        values = {"purpose": "general", "campaign_id": campaign["id"]}
        talk = await app.post("/api/threads", values)
        path = f"/api/threads/{talk['id']}/messages"
        at = f"/session/{campaign['id']}?thread={talk['id']}"
    else:
        npc = await app.post(f"/api/campaigns/{campaign['id']}/npcs", {"name": "Mira"})
        talk = await app.post(f"/api/npcs/{npc['id']}/conversations", {})
        await app.post(f"/api/npcs/{npc['id']}/conversations", {})
        path = f"/api/npc-conversations/{talk['id']}/messages"
        at = f"/npcs/{npc['id']}?conversation={talk['id']}"
        if where == "npc at the table":
            at = f"/session/{campaign['id']}?npc={npc['id']}&conversation={talk['id']}"
    said = [
        await app.post(path, {"role": "user", "content": f"Verse {n} of the lamp"})
        for n in range(70)
    ]
    to = f"{at}&message={said[5]['id']}"
    tab = await app.open_tab(to, wait=False)
    await wait_led(tab.page, said[5])
    await expect(line(tab.page, said[69])).to_have_count(0)
    await expect(tab.page).to_have_url(f"{app.server.address}{to}")


async def test_the_palette_leads_to_what_was_said(app: App) -> None:
    await app.fill(60)
    wanted = await app.say("user", "The heron nests in the belfry")
    for number in range(60):
        await app.say("user", f"And then {number}")
    tab = await app.open_tab()
    await tab.page.keyboard.press("Control+k")
    await tab.page.get_by_role("combobox").fill("heron belfry")
    await tab.page.get_by_role("option", name=re.compile("^The heron nests in the belfry")).click()
    await wait_led(tab.page, wanted)
