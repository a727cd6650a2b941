"""The chat at a campaign's table knows that campaign, and away from it knows none."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.campaign_book import (
    SAMPLE,
    campaigns_seen,
    get,
    list_names,
    load_sample,
    make,
    open_table,
    wait_linked,
)
from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def replies_by_question(desk: Desk) -> dict[str, str]:
    """The id of the answer to each thing said."""
    said = await desk.history()
    questions = {message["id"]: message["content"] for message in said}
    return {
        questions[message["parent_id"]]: message["id"]
        for message in said
        if message["role"] == "assistant"
    }


async def test_who_are_the_npcs_names_every_npc_of_the_sample_campaign(desk: Desk) -> None:
    await load_sample(desk)
    tab = await open_table(desk, SAMPLE)
    await tab.send("Who are the NPCs in this campaign?")
    await tab.wait_last("complete")
    answer = await tab.answer.inner_text()
    names = await list_names(desk, SAMPLE)
    assert len(names) >= 9
    assert [name for name in names if name not in answer] == []
    await tab.answer.get_by_role("link", name="Mira Vale").click()
    await expect(tab.page.get_by_role("heading", name="Mira Vale", exact=True)).to_be_visible()


async def test_a_game_master_sees_what_an_answer_was_made_from(desk: Desk) -> None:
    await load_sample(desk)
    tab = await open_table(desk, SAMPLE)
    await tab.send("What would Ysolde Quill say?")
    await tab.wait_last("complete")
    await tab.newest.hover()
    await tab.newest.get_by_role("button", name="What did it see?").click()
    seen = tab.page.get_by_role("dialog", name="What did it see?")
    await expect(seen.get_by_text("Ysolde Quill named in the conversation").first).to_be_visible()
    await expect(seen.get_by_text("It sees nothing else.")).to_be_visible()


async def test_away_from_the_table_the_chat_carries_nothing_of_the_campaign(desk: Desk) -> None:
    campaign = await make(desk, "campaigns", name="Left behind")
    evening = await make(desk, f"campaigns/{campaign['id']}/game-sessions")
    await desk.post(f"/api/game-sessions/{evening['id']}/start")
    tab = await open_table(desk, campaign["id"])
    await tab.send("At the table")
    await tab.wait_last("complete")
    await tab.page.get_by_role("link", name="Chat", exact=True).first.click()
    await expect(tab.page.get_by_role("heading", name="Quick chat")).to_be_visible()
    await tab.send("At the desk")
    await tab.wait_answered(2)

    replies = await replies_by_question(desk)
    assert await campaigns_seen(desk, replies["At the table"]) == {campaign["id"]}
    assert await campaigns_seen(desk, replies["At the desk"]) == set()
    held = await get(desk, f"game-sessions/{evening['id']}/chat-sessions")
    assert [chat["id"] for chat in held["chat_sessions"]] == [desk.chat_id]


async def test_the_link_survives_the_chat_being_ended_and_a_new_one_begun(desk: Desk) -> None:
    campaign = await make(desk, "campaigns", name="Goes on")
    tab = await open_table(desk, campaign["id"])
    await tab.send("Before")
    await tab.wait_last("complete")
    ended = await desk.post(f"/api/chat-sessions/{desk.chat_id}/end")
    await wait_linked(tab.page, campaign["id"])
    assert ended["campaign_id"] == campaign["id"]


async def test_a_table_closed_without_leaving_does_not_follow_into_the_chat(desk: Desk) -> None:
    campaign = await make(desk, "campaigns", name="Slammed shut")
    tab = await open_table(desk, campaign["id"])
    await tab.page.close()
    assert (await get(desk, "chat-sessions/active"))["campaign_id"] == campaign["id"]
    tab = await desk.open_tab("/chat")
    await tab.send("Anybody there?")
    await tab.wait_last("complete")
    replies = await replies_by_question(desk)
    assert await campaigns_seen(desk, replies["Anybody there?"]) == set()


@pytest.mark.parametrize("moves", [16, pytest.param(50, marks=pytest.mark.deep)])
async def test_between_two_campaigns_with_slow_loads_each_message_knows_its_own(
    desk: Desk, moves: int
) -> None:
    one = await make(desk, "campaigns", name="The Amber Road")
    two = await make(desk, "campaigns", name="Nine Winters")
    tab = await open_table(desk, one["id"])
    chance = random.Random(4)

    async def late(route: Route) -> None:
        await asyncio.sleep(chance.uniform(0, 0.15))
        await route.continue_()

    for slow in ("**/api/campaigns/**", "**/link", "**/chat-sessions/active"):
        await tab.page.route(slow, late)
    sent: dict[str, str] = {}
    for move in range(moves):
        here, there = (one, two) if move % 2 else (two, one)
        await go(tab.page, f"/session/{here['id']}")
        assert await linked_to(tab.page) in ("", here["id"])
        if move % 3 == 2:
            await wait_linked(tab.page, here["id"])
            await expect(tab.page.locator(".knows")).to_contain_text(here["name"])
            await expect(tab.page.locator(".knows")).not_to_contain_text(there["name"])
            text = f"Message {move} for {here['name']}"
            # Away again at once, while the message is on its way and its answer is not begun.
            await tab.press_enter(text)
            while await tab.composer.input_value() == text:
                # Kept in the composer while the link is being settled: Enter again, as one does.
                await wait_linked(tab.page, here["id"])
                await tab.composer.press("Enter")
                await asyncio.sleep(0.05)
            sent[text] = here["id"]
    await tab.page.unroute_all(behavior="wait")
    await wait_linked(tab.page, one["id"])
    for reply in (await replies_by_question(desk)).values():
        async with desk.server.client() as client:
            await client.get(f"/api/replies/{reply}/stream")

    replies = await replies_by_question(desk)
    assert len(sent) >= moves // 5 and set(replies) == set(sent)
    seen = {text: await campaigns_seen(desk, reply) for text, reply in replies.items()}
    assert seen == {text: {campaign_id} for text, campaign_id in sent.items()}


async def go(page: Page, path: str) -> None:
    """Move within the page, as a link does."""
    await page.evaluate(
        """path => {
            history.pushState(null, '', path);
            dispatchEvent(new PopStateEvent('popstate'));
        }""",
        path,
    )


async def linked_to(page: Page) -> Any:
    """The campaign that the screen says the chat knows; empty while it is being settled."""
    return await page.evaluate(
        "() => document.querySelector('.table__general')?.dataset.linked ?? ''"
    )
