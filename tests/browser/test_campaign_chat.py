"""The chat at a campaign's table is that campaign's own; the quick chat is no campaign's."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.campaign_book import (
    SAMPLE,
    WAIT,
    campaigns_seen,
    get,
    go,
    list_names,
    load_sample,
    make,
    open_table,
    wait_linked,
)
from tests.browser.running_app import App, Sheet
from tests.providers import Script

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def replies_by_question(app: App) -> dict[str, str]:
    """The id of the answer to each thing said in the chat the page shows."""
    said = await app.history()
    questions = {message["id"]: message["content"] for message in said}
    return {
        questions[message["parent_id"]]: message["id"]
        for message in said
        if message["role"] == "assistant"
    }


async def test_who_are_the_npcs_names_every_npc_of_the_sample_campaign(app: App) -> None:
    await load_sample(app)
    tab = await open_table(app, SAMPLE)
    await tab.send("Who are the NPCs in this campaign?")
    await tab.wait_last("complete")
    names = await list_names(app, SAMPLE)
    assert len(names) >= 9
    for name in names:
        await expect(tab.answer).to_contain_text(name)
    await tab.answer.get_by_role("link", name="Mira Vale", exact=True).click()
    await expect(tab.page.get_by_role("heading", name="Mira Vale", exact=True)).to_be_visible()


async def test_a_game_master_sees_what_an_answer_was_made_from(app: App) -> None:
    await load_sample(app)
    tab = await open_table(app, SAMPLE)
    await tab.send("What would Ysolde Quill say?")
    await tab.wait_last("complete")
    await tab.newest.hover()
    await tab.newest.get_by_role("button", name="What the model read", exact=True).click()
    seen = tab.page.get_by_role("dialog", name="What the model read", exact=True)
    await expect(seen.get_by_text("Ysolde Quill named in the conversation").first).to_be_visible()
    await expect(seen.get_by_text("and nothing else.")).to_be_visible()


async def test_the_table_and_the_desk_each_keep_their_own_talk(app: App) -> None:
    campaign = await make(app, "campaigns", name="Has its own")
    evening = await make(app, f"campaigns/{campaign['id']}/game-sessions")
    await app.post(f"/api/game-sessions/{evening['id']}/start")
    tab = await open_table(app, campaign["id"])
    await tab.send("At the table")
    await tab.wait_last("complete")
    await tab.page.get_by_role("link", name="Chat", exact=True).first.click()
    await expect(tab.page.get_by_role("heading", name="Quick chat", exact=True)).to_be_visible()
    await expect(tab.page.locator("article.message")).to_have_count(0)
    await tab.send("At the desk")
    await tab.wait_last("complete")

    quick, replies = app.chat_id, await replies_by_question(app)
    assert list(replies) == ["At the desk"]
    assert await campaigns_seen(app, replies["At the desk"]) == set()
    await app.turn_to(campaign["id"])
    replies = await replies_by_question(app)
    assert list(replies) == ["At the table"]
    assert await campaigns_seen(app, replies["At the table"]) == {campaign["id"]}
    held = await get(app, f"game-sessions/{evening['id']}/chat-sessions")
    assert [chat["id"] for chat in held["chat_sessions"]] == [app.chat_id] != [quick]
    await go(tab.page, f"/session/{campaign['id']}")
    await wait_linked(tab.page, campaign["id"])
    await expect(tab.page.locator("article.message").first).to_contain_text("At the table")


async def test_a_new_chat_begun_elsewhere_and_a_game_session_that_starts_are_followed(
    app: App,
) -> None:
    campaign = await make(app, "campaigns", name="Goes on")
    first, second = [await make(app, f"campaigns/{campaign['id']}/game-sessions") for _ in range(2)]
    await app.turn_to(campaign["id"])
    tab = await open_table(app, campaign["id"])
    await tab.send("Before")
    await tab.wait_last("complete")
    ended = await app.post(f"/api/chat-sessions/{app.chat_id}/end")
    assert ended["campaign_id"] == campaign["id"]
    await expect(tab.page.locator("article.message")).to_have_count(0)
    await wait_linked(tab.page, campaign["id"])
    await tab.send("Between")
    await tab.wait_last("complete")
    await app.post(f"/api/game-sessions/{first['id']}/start")
    await expect(
        tab.page.locator("article.message").get_by_text("Between", exact=True)
    ).to_be_visible()
    await app.post(f"/api/game-sessions/{first['id']}/end")
    await tab.composer.fill("Half a thought")
    await app.post(f"/api/game-sessions/{second['id']}/start")
    await expect(tab.page.locator("article.message")).to_have_count(0)
    await expect(tab.composer).to_have_value("Half a thought")
    await tab.send("After")
    await tab.wait_last("complete")
    held = await get(app, f"game-sessions/{second['id']}/chat-sessions")
    [chat] = held["chat_sessions"]
    assert [m["content"] for m in await app.history(chat["id"])][:1] == ["After"]


class Places:
    """Two campaigns and none, each with a word of its own that stands in its own talk alone."""

    def __init__(self, campaigns: list[Any]) -> None:
        self.words = {None: "quillon", campaigns[0]["id"]: "amberly", campaigns[1]["id"]: "wintren"}
        self.names = {campaign["id"]: campaign["name"] for campaign in campaigns}
        self.sent: dict[str | None, list[str]] = {place: [] for place in self.words}

    @property
    def all(self) -> list[str | None]:
        return list(self.words)

    def compose(self, place: str | None, number: int) -> str:
        text = f"Message {number} about {self.words[place]}"
        self.sent[place].append(text)
        return text

    def check_prompt(self, prompt: str) -> None:
        """One place's words alone stand in it."""
        assert sum(word in prompt for word in self.words.values()) == 1
        [place] = [place for place, word in self.words.items() if word in prompt]
        for campaign_id, name in self.names.items():
            assert (name in prompt) == (campaign_id == place)


@pytest.mark.parametrize("moves", [10, pytest.param(200, marks=pytest.mark.deep)])
async def test_two_browsers_at_two_tables_and_the_desk_mix_nothing_up(app: App, moves: int) -> None:
    """Each browser goes where it likes, with slow loads, and writes where it stands."""
    campaigns = [
        await make(app, "campaigns", name=name) for name in ("The Harrowed Road", "Nine Pines")
    ]
    places = Places(campaigns)
    provider = await app.provide("openai", Script(chunks=("Aye.",)))
    provider.requests.clear()
    chance = random.Random(moves)

    async def late(route: Route) -> None:
        await asyncio.sleep(chance.uniform(0, 0.15))
        await route.continue_()

    tabs = []
    for number in range(2):
        tab = await app.open_tab("/chat", context=await app.new_context())
        for slow in ("**/api/campaigns/**", "**/chat-sessions/active*"):
            await tab.page.route(slow, late)
        tabs.append((tab, random.Random(1_000 * moves + number)))

    async def roam(tab: Sheet, own: random.Random, first: int) -> None:
        place: str | None = None
        for move in range(first, first + moves // 2):
            for _ in range(own.choice((1, 1, 2))):  # sometimes on at once, before it has loaded
                place = own.choice(places.all)
                await go(tab.page, "/chat" if place is None else f"/session/{place}")
            if own.random() < 0.6:
                await wait_open(tab.page, place)
                await tab.send(places.compose(place, move))

    roaming = (roam(tab, own, 1_000 * at) for at, (tab, own) in enumerate(tabs))
    await asyncio.gather(*roaming)
    for tab, _ in tabs:
        await tab.page.unroute_all(behavior="wait")
    for place, sent in places.sent.items():
        if place is not None:
            await app.turn_to(place)
        else:
            app.chat_id = (await app.post("/api/chat-sessions/active"))["id"]
        await expect_answered(app, len(sent))
        said = [m["content"] for m in await app.history() if m["role"] == "user"]
        assert sorted(said) == sorted(sent)
    count = sum(map(len, places.sent.values()))
    prompts = [json.dumps(request.body) for request in provider.requests]
    assert len(prompts) == count >= moves // 3
    for prompt in prompts:
        places.check_prompt(prompt)
    print(f"{moves} moves in two browsers, {count} messages, none elsewhere")


async def expect_answered(app: App, count: int) -> None:
    """Until so many questions have come, and all their answers have ended."""
    async with asyncio.timeout(60):
        while True:
            said = await app.history()
            if len(said) >= 2 * count and all(m["status"] != "streaming" for m in said):
                return
            await asyncio.sleep(0.05)


async def wait_open(page: Page, place: str | None) -> None:
    """Until the chat of this place is on the screen and can be written into."""
    if place is not None:
        return await wait_linked(page, place)
    await page.wait_for_selector(".talk[data-phase]:not(.table__general)", timeout=WAIT)
    await page.wait_for_selector("textarea.composer__text:not([disabled])", timeout=WAIT)
    return None
