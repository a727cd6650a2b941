"""A campaign is asked: the quotes open where they stand, and a model's answer leads to them."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.campaign_book import make, open_book
from tests.browser.everybody import list_faults
from tests.browser.running_app import App
from tests.faults.table import until
from tests.providers import Script

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def fill(app: App) -> str:
    """A campaign with an evening that was played, talk about it, and a plan."""
    campaign = await make(app, "campaigns", name="The Salt Road")
    await make(app, f"campaigns/{campaign['id']}/npcs", name="Mira Voss", role="ferrywoman")
    game = await make(app, f"campaigns/{campaign['id']}/game-sessions", title="Low water")
    thread = await make(app, "threads", purpose="general", campaign_id=campaign["id"])
    for role, text in (
        ("user", "Let us have a ferrywoman. She is called Mira Voss, and she stole the opal."),
        ("assistant", "Mira hides the opal in her boat. Bren knows of it."),
    ):
        await make(app, f"threads/{thread['id']}/messages", role=role, content=text)
    await app.post(f"/api/game-sessions/{game['id']}/start")
    await make(app, f"game-sessions/{game['id']}/notes", text="Mira gave them the opal.")
    await app.post(f"/api/game-sessions/{game['id']}/end")

    async def is_found() -> bool:
        async with app.server.client() as client:
            path = f"/api/campaigns/{campaign['id']}/evidence"
            return len((await client.get(path, params={"q": "opal"})).json()["evidence"]) == 3

    await until(is_found)
    return str(campaign["id"])


async def test_a_question_is_answered_by_quotes_that_open_where_they_stand(app: App) -> None:
    campaign_id = await fill(app)
    answer = "Mira hid it in her boat [2]. It is lost now."
    await app.provide("openai", Script(chunks=(answer,)))
    page = await open_book(app, f"/campaigns/{campaign_id}")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("where is the opal")
    palette = page.get_by_role("dialog", name="Find or do anything", exact=True)
    await palette.get_by_role("option", name=re.compile("^Ask The Salt Road: ")).click()
    await expect(page.get_by_label("Your question", exact=True)).to_have_value("where is the opal")
    quotes = page.get_by_role("list", name="Quotes, oldest first", exact=True)
    await expect(quotes.get_by_role("listitem")).to_have_count(3)

    field = page.get_by_label("Your question", exact=True)
    await field.fill("When did we last see Mira with the opal?")
    await field.press("Enter")
    short = page.get_by_role("region", name="In short", exact=True)
    await expect(short).to_contain_text("Mentioned 3 times, in one game session")
    await expect(short).to_contain_text("All 3 places with “Mira Voss” and “opal” are quoted here.")
    seen = short.locator("div").filter(has_text=re.compile("^Last seen at the table"))
    await expect(seen).to_contain_text("Game session 1: Low water")
    await seen.get_by_role("button", name="Quote 3", exact=True).click()
    await expect(quotes.get_by_role("listitem").nth(2)).to_be_focused()
    note = quotes.get_by_role("link").filter(has_text="Mira gave them the opal.")
    await expect(note).to_have_attribute("href", re.compile("game_session|part=game-sessions"))

    await page.get_by_role("button", name=re.compile("^Answer with ")).click()
    answered = page.get_by_role("region", name=re.compile("^Answer by "))
    await expect(answered).to_contain_text("Mira hid it in her boat [2]. It is lost now.")
    await expect(answered).to_contain_text("One sentence names no quote. Check it.")
    await answered.get_by_role("button", name="Quote 2", exact=True).click()
    await expect(quotes.get_by_role("listitem").nth(1)).to_be_focused()

    await quotes.get_by_role("button").filter(has_text="Bren knows of it.").click()
    opened = page.get_by_role("region", name="Conversation", exact=True)
    await expect(opened.locator(".opened__said--hit")).to_contain_text("Mira hides the opal")
    sizes = [(1280, 800), (390, 844)]
    assert await list_faults(page, "asking a campaign", sizes=sizes) == []
    await page.get_by_role("button", name="Close", exact=True).click()
    await field.fill("and then?")
    await field.press("Enter")
    await expect(page.get_by_text("There is no word to look for in this question.")).to_be_visible()
