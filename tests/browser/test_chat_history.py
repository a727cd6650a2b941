"""What was said can be answered again, reworded, archived, cleared and brought back."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Route, expect

from tests.browser.running_app import App, Sheet, wait_gone
from tests.faults.table import until
from tests.providers import Script

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FIRST = Script(chunks=("The ", "first."))
SECOND = Script(chunks=("The ", "second."))
HISTORY = "**/api/chat-sessions/*/messages*"


async def test_an_answer_can_be_had_again_and_the_earlier_one_stays_reachable(
    app: App,
) -> None:
    await app.provide("openai", FIRST, SECOND, Script(chunks=("More.",)))
    tab = await app.open_tab()
    other = await app.open_tab()
    await tab.send("Speak")
    await tab.wait_sign("The first.", "complete")
    await tab.ask_again()
    await tab.wait_sign("The second.", "complete")
    await expect(tab.page.locator(".siblings__count")).to_have_text("2/2")
    await tab.button("Earlier answer").click()
    await tab.wait_sign("The first.", "complete")
    await other.wait_sign("The first.", "complete")
    await tab.page.reload()
    await tab.wait_sign("The first.", "complete")
    await tab.wait_contents("Speak", "The first.")
    await tab.button("Later answer").click()
    await tab.wait_sign("The second.", "complete")
    await tab.send("Go on")
    await tab.wait_sign("More.", "complete")
    assert [m["content"] for m in await app.history()] == [
        "Speak",
        "The second.",
        "Go on",
        "More.",
    ]


async def test_up_edits_the_last_message_and_its_first_wording_stays_reachable(
    app: App,
) -> None:
    await app.provide("openai", FIRST, SECOND)
    tab = await app.open_tab()
    await tab.send("What is it?")
    await tab.wait_sign("The first.", "complete")
    await tab.composer.press("ArrowUp")
    await tab.wait_composer("What is it?")
    await expect(tab.page.get_by_text("Editing a message. The old version")).to_be_visible()
    await tab.send("What was it?")
    await tab.wait_sign("The second.", "complete")
    await tab.wait_contents("What was it?", "The second.")
    await tab.button("Earlier version").click()
    await tab.wait_sign("The first.", "complete")
    await tab.wait_contents("What is it?", "The first.")


async def test_an_ended_conversation_can_be_read_and_taken_up_again(app: App) -> None:
    await app.provide("openai", FIRST, SECOND)
    tab = await app.open_tab()
    await tab.send("An old tale")
    await tab.wait_sign("The first.", "complete")
    await tab.button("Start a new chat").click()
    await tab.button("Cancel").click()
    await tab.wait_contents("An old tale", "The first.")
    await tab.button("Start a new chat").click()
    await tab.button("Start").click()
    await wait_gone(tab.page, "article.message")
    await tab.wait_ready()
    await tab.button("Past conversations").click()
    await tab.page.locator(".past__item").nth(1).click()
    await tab.wait_sign("The first.", "complete")
    await expect(
        tab.page.get_by_text("This conversation has ended. You can read it here")
    ).to_be_visible()
    await tab.wait_contents("An old tale", "The first.")
    for name in ("Edit", "Answer again", "Send"):
        await expect(tab.button(name)).to_have_count(0)
    await tab.button("Resume").click()
    await tab.wait_ready()
    await tab.send("And then?")
    await tab.wait_sign("The second.", "complete")
    await tab.wait_contents("An old tale", "The first.", "And then?", "The second.")


@pytest.mark.parametrize("where", ["toast", "Settings"])
async def test_a_cleared_conversation_can_be_brought_back(app: App, where: str) -> None:
    for number in range(3):
        await app.say("user", f"Thought {number}")
    tab = await app.open_tab()
    said = [f"Thought {number}" for number in range(3)]
    await tab.wait_contents(*said)
    await tab.choose_from_menu("Clear this conversation")
    await wait_gone(tab.page, "article.message")
    assert await app.history() == []
    if where == "toast":
        since = []
        await tab.page.locator(".toast").get_by_role("button", name="Undo", exact=True).click()
    else:
        await tab.send("Roll 1d4")
        await tab.wait_last("complete")
        since = await tab.contents()
        await tab.page.get_by_role("link", name="Settings", exact=True).first.click()
        await tab.button("Restore").first.click()
        await expect(
            tab.page.locator(".toast").get_by_text("Restored.", exact=True)
        ).to_be_visible()
        await tab.page.get_by_role("link", name="Chat", exact=True).first.click()
    await expect(tab.page.locator("article.message")).to_have_count(3 + len(since))
    await tab.wait_contents(*said, *since)
    assert [m["content"] for m in await app.history()][:4] == [*said, *since[:1]]


async def test_a_draft_is_there_after_a_reload_and_gone_after_it_is_sent(app: App) -> None:
    tab = await app.open_tab()
    await tab.composer.fill("Half a thou")
    await tab.page.reload()
    await tab.wait_ready()
    await tab.wait_composer("Half a thou")
    await tab.send("Roll 1d4")
    await tab.wait_last("complete")
    await tab.page.reload()
    await tab.wait_ready()
    await tab.wait_composer("")


async def test_a_history_that_cannot_be_loaded_is_never_shown_as_an_empty_one(
    app: App,
) -> None:
    await app.say("user", "It is all still here.")
    context = await app.lend_context()

    async def fail(route: Route) -> None:
        await route.fulfill(status=500, body="")

    await context.route(HISTORY, fail)
    tab = await app.open_tab(context=context, wait=False)
    await tab.wait_phase("failed")
    trouble = tab.page.get_by_role("alert").filter(has_text="could not be loaded")
    await expect(trouble).to_contain_text("Nothing is lost")
    await expect(tab.page.get_by_text("Where to begin")).to_have_count(0)
    await expect(tab.composer).to_be_disabled()
    await expect(tab.page.locator(".composer__why")).to_contain_text("could not be loaded")
    await context.unroute(HISTORY)
    await tab.button("Retry").click()
    await tab.wait_ready()
    await tab.wait_contents("It is all still here.")


async def test_nothing_can_be_written_before_the_history_is_there(app: App) -> None:
    await app.say("user", "First things first.")
    context = await app.lend_context()
    released = asyncio.Event()

    async def hold(route: Route) -> None:
        await released.wait()
        await route.continue_()

    await context.route(HISTORY, hold)
    tab = await app.open_tab(context=context, wait=False)
    await tab.wait_phase("loading")
    await expect(tab.composer).to_be_disabled()
    await expect(tab.page.locator(".composer__why")).to_have_text("Loading conversation…")
    released.set()
    await tab.wait_ready()
    await tab.wait_contents("First things first.")


async def test_a_long_history_is_read_by_scrolling_up(app: App) -> None:
    await app.fill(100)
    tab = await app.open_tab()
    await expect(tab.page.locator("article.message").last).to_contain_text("Line 99")
    first = tab.page.locator("article.message").get_by_text("Line 0", exact=True)

    async def is_reached() -> bool:
        await tab.page.locator("article.message").first.scroll_into_view_if_needed()
        return await first.count() == 1

    await until(is_reached)
    await tab.wait_contents(*(f"Line {number}" for number in range(100)))
    await tab.page.get_by_role("button", name="Newest", exact=True).click()
    await expect(tab.page.get_by_text("Line 99", exact=True)).to_be_in_viewport()


async def test_where_one_was_reading_is_kept_while_looking_at_the_settings(app: App) -> None:
    await app.fill(28)  # all on one page, so that nothing is put in above meanwhile
    tab = await app.open_tab()
    await tab.page.get_by_text("Line 4", exact=True).scroll_into_view_if_needed()
    await expect(tab.button("Newest")).to_be_visible()
    where = """() => document.querySelector(".timeline__scroll").scrollTop"""
    before = await tab.page.evaluate(where)
    await tab.page.get_by_role("link", name="Settings", exact=True).first.click()
    await expect(tab.page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    await tab.page.get_by_role("link", name="Chat", exact=True).first.click()
    await tab.wait_ready()
    await expect(tab.page.get_by_text("Line 4", exact=True)).to_be_in_viewport()
    await until(lambda: is_near(tab, where, before))


async def is_near(tab: Sheet, where: str, before: float) -> bool:
    return bool(abs(await tab.page.evaluate(where) - before) < 2)
