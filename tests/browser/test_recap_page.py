"""The end of an evening: two recaps are drafted, edited, and kept when they are said to be."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.everybody import list_faults
from tests.browser.running_app import App, Sheet
from tests.browser.talk_table import Laid, in_pieces, lay_campaign, prompt_of, read
from tests.providers import Script

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SEEN = "The ferry burned to the waterline."
HIDDEN = "Mira lit the fire herself."


async def play(app: App) -> tuple[Laid, str]:
    """A second evening that runs, with something noted."""
    laid = await lay_campaign(app)
    game = await app.post(f"/api/campaigns/{laid.campaign_id}/game-sessions")
    await app.post(f"/api/game-sessions/{game['id']}/start")
    for text, gm_only in ((SEEN, False), (HIDDEN, True)):
        body = {"text": text, "gm_only": gm_only}
        await app.post(f"/api/game-sessions/{game['id']}/notes", body)
    return laid, game["id"]


async def end(app: App, laid: Laid) -> Sheet:
    tab = await app.open_tab(laid.table)
    await tab.button("End").click()
    await expect(tab.page.get_by_role("dialog")).to_contain_text("Recap: Game session 2")
    return tab


def gm(page: Page) -> Any:
    return page.get_by_role("textbox", name=re.compile("^For the GM"))


def players(page: Page) -> Any:
    return page.get_by_label("For the players", exact=True)


async def test_the_end_offers_both_recaps_and_keeps_what_is_confirmed(app: App) -> None:
    laid, game_id = await play(app)
    tab = await end(app, laid)
    page = tab.page
    await expect(gm(page)).to_have_value(f"- {SEEN}\n- {HIDDEN}")
    await expect(players(page)).to_have_value(SEEN)
    assert await list_faults(page) == []
    assert (await read(app, f"/api/game-sessions/{game_id}"))["recap_players"] == ""

    await players(page).fill("You saw the ferry burn.")
    await page.get_by_role("button", name="Keep as draft", exact=True).click()
    await page.reload()
    await tab.wait_ready()
    await tab.button("Write the recap").click()
    await expect(players(page)).to_have_value("You saw the ferry burn.")
    await page.get_by_role("button", name="Save the recap", exact=True).click()
    await expect(tab.button("Recap")).to_be_visible()
    kept = await read(app, f"/api/game-sessions/{game_id}")
    assert kept["recap_gm"] == f"- {SEEN}\n- {HIDDEN}"
    assert kept["recap_players"] == "You saw the ferry burn."


async def test_a_model_that_fails_leaves_the_fields_to_be_written(app: App) -> None:
    laid, game_id = await play(app)
    provider = await app.provide("openai", Script(status=501))
    tab = await end(app, laid)
    page = tab.page
    for field in ("recap_gm", "recap_players"):
        box = page.locator(f".recap__field[data-field={field}]")
        await expect(box).to_have_attribute("data-state", "failed")
        await expect(box).to_contain_text("The draft failed")
    await gm(page).fill("By hand.")
    provider.requests.clear()
    provider.enqueue(in_pieces("Told by the model."))
    failed = page.locator(".recap__field[data-field=recap_players]")
    await failed.get_by_role("button", name="Retry", exact=True).click()
    await expect(players(page)).to_have_value("Told by the model.")
    assert SEEN in prompt_of(provider.requests[-1])
    assert "Mira lit" not in str([request.body for request in provider.requests])
    await page.get_by_role("button", name="Save the recap", exact=True).click()
    await expect(tab.button("Recap")).to_be_visible()
    kept = await read(app, f"/api/game-sessions/{game_id}")
    assert (kept["recap_gm"], kept["recap_players"]) == ("By hand.", "Told by the model.")


async def test_what_was_kept_elsewhere_meanwhile_is_not_written_over(app: App) -> None:
    laid, game_id = await play(app)
    tab = await end(app, laid)
    page = tab.page
    await expect(players(page)).to_have_value(SEEN)
    await expect(gm(page)).to_have_value(f"- {SEEN}\n- {HIDDEN}")
    game = await read(app, f"/api/game-sessions/{game_id}")
    async with app.server.client() as client:
        change = {"revision": game["revision"], "changes": {"recap_players": "From the phone."}}
        await client.patch(f"/api/game-sessions/{game_id}", json=change)
    await page.get_by_role("button", name="Save the recap", exact=True).click()
    await expect(
        page.get_by_text("This was changed elsewhere while you were editing.")
    ).to_be_visible()
    await page.get_by_role("button", name="Keep theirs", exact=True).click()
    await page.get_by_role("button", name="Save my choices", exact=True).click()
    await expect(tab.button("Recap")).to_be_visible()
    kept = await read(app, f"/api/game-sessions/{game_id}")
    assert kept["recap_players"] == "From the phone."
    assert kept["recap_gm"] == f"- {SEEN}\n- {HIDDEN}"


async def test_a_kept_draft_is_not_put_over_what_was_kept_since(app: App) -> None:
    laid, game_id = await play(app)
    await app.post(f"/api/game-sessions/{game_id}/end")
    tab = await app.open_tab(laid.table)
    page = tab.page
    await tab.button("Write the recap").click()
    await gm(page).fill("Mine, half written.")
    await page.get_by_role("button", name="Keep as draft", exact=True).click()

    game = await read(app, f"/api/game-sessions/{game_id}")
    theirs = {"recap_gm": "From the phone.", "recap_players": "You saw it burn."}
    async with app.server.client() as client:
        change = {"revision": game["revision"], "changes": theirs}
        await client.patch(f"/api/game-sessions/{game_id}", json=change)
    await page.reload()
    await tab.button("Write the recap").click()
    await expect(gm(page)).to_have_value("Mine, half written.")
    await expect(players(page)).to_have_value("You saw it burn.")
    await page.get_by_role("button", name="Save the recap", exact=True).click()
    await page.get_by_role("button", name="Combine both", exact=True).click()
    await page.get_by_role("button", name="Save my choices", exact=True).click()
    await expect(tab.button("Recap")).to_be_visible()
    kept = await read(app, f"/api/game-sessions/{game_id}")
    assert kept["recap_gm"] == "From the phone.\n\nMine, half written."
    assert kept["recap_players"] == "You saw it burn."
