"""Canon states, loose threads before an evening and contradictions, on the page."""

from __future__ import annotations

import json
import os
import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.campaign_book import get, go, make, open_book
from tests.browser.everybody import list_faults
from tests.browser.running_app import App
from tests.browser.test_other_tools_page import ask_as_tool
from tests.providers import Script
from ttrpg_assistant.ids import new_id

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DEBT = "It is time that the guild of Tarrow remembers who lent Mira the boat."
PROMISE = "We promised Mira to bring her brother home."
SIZES = ((1280, 800), (390, 844))


async def take_pictures(page: Page, of: str) -> None:
    folder = os.environ.get("CONTINUITY_PICTURES")
    for theme in ("light", "dark") if folder else ():
        await page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        for width, height in SIZES:
            await page.set_viewport_size({"width": width, "height": height})
            await page.screenshot(path=f"{folder}/{of}_{theme}_{width}.png", full_page=True)
    await page.set_viewport_size({"width": 1280, "height": 800})


async def test_an_evening_is_prepared_with_what_was_promised_and_nothing_that_cannot_be_so(
    app: App,
) -> None:
    campaign = await make(app, "campaigns", name="The Salt Road")
    path = f"campaigns/{campaign['id']}"
    mira = await make(app, f"{path}/npcs", name="Mira", canon="prepped")
    game = await make(app, f"{path}/game-sessions", title="The ford")
    await make(app, f"game-sessions/{game['id']}/notes", text=PROMISE)
    await make(app, f"game-sessions/{game['id']}/start")
    await make(app, f"game-sessions/{game['id']}/end")
    await make(app, f"{path}/facts", text="Mira was born in Tarrow.")
    new = await make(app, f"{path}/facts", text="Mira was born in Vesk.")

    page = await open_book(app, f"/campaigns/{campaign['id']}")
    threads = page.get_by_role("region", name="Loose threads", exact=True)
    pairs = page.get_by_role("region", name="Contradictions", exact=True)
    await expect(threads.get_by_text(PROMISE)).to_be_visible()
    await expect(pairs.get_by_text("“Mira was born in Tarrow.”")).to_be_visible()
    assert await list_faults(page, "before an evening", sizes=SIZES) == []
    await take_pictures(page, "before")

    await threads.get_by_role("button", name=f"Into tonight's plan: {PROMISE}", exact=True).press(
        "Enter"
    )
    await expect(
        threads.get_by_role("button", name=f"Out of tonight's plan: {PROMISE}", exact=True)
    ).to_be_visible()
    sessions = (await get(app, f"{path}/game-sessions"))["game_sessions"]
    assert [one["plan"] for one in sessions if one["status"] == "planned"] == [f"- [ ] {PROMISE}"]
    await threads.get_by_role("button", name=f"Let it rest: {PROMISE}", exact=True).press("Enter")
    await expect(threads).to_have_count(0)
    await page.get_by_role("button", name="Undo", exact=True).last.click()
    await expect(threads.get_by_text(PROMISE)).to_be_visible()

    said = "Two answers about Mira: where born."
    await pairs.get_by_role("button", name=f"Retcon the old one: {said}", exact=True).click()
    await expect(pairs).to_have_count(0)
    facts = (await get(app, f"{path}/facts"))["facts"]
    assert {one["canon"] for one in facts if one["id"] != new["id"]} == {"retconned"}

    await go(page, f"/npcs/{mira['id']}")
    steps = page.get_by_role("group", name="Canon of “Mira”", exact=True)
    prepared = steps.get_by_role("button", name="Prepared", exact=True)
    await expect(prepared).to_have_attribute("aria-pressed", "true")
    await steps.get_by_role("button", name="Happened", exact=True).press("Enter")
    await expect(prepared).to_have_attribute("aria-pressed", "false")
    await page.get_by_role("button", name="Undo", exact=True).last.click()
    await expect(prepared).to_have_attribute("aria-pressed", "true")
    await go(page, f"/campaigns/{campaign['id']}?part=knowledge")
    old = page.get_by_role("listitem").filter(has_text="Mira was born in Tarrow.")
    await expect(old.get_by_text("Retconned", exact=True)).to_be_visible()
    await _accept_what_contradicts(app, page, campaign["id"])
    game_id = await _note_what_contradicts(app, page, campaign["id"])
    await _let_a_model_look(app, page, campaign["id"], game_id)


async def test_what_is_perhaps_open_is_folded_below_what_is_sure(app: App) -> None:
    campaign = await make(app, "campaigns", name="The Salt Road")
    path = f"campaigns/{campaign['id']}"
    await make(app, f"{path}/npcs", name="Mira")
    game = await make(app, f"{path}/game-sessions", title="The ford")
    perhaps = "Somebody had been in Mira's room before them."
    for text in (PROMISE, "We owe Mira forty crowns for the horses.", perhaps):
        await make(app, f"game-sessions/{game['id']}/notes", text=text)
    await make(app, f"game-sessions/{game['id']}/start")
    await make(app, f"game-sessions/{game['id']}/end")

    page = await open_book(app, f"/campaigns/{campaign['id']}")
    threads = page.get_by_role("region", name="Loose threads", exact=True)
    await expect(threads.get_by_text(PROMISE)).to_be_visible()
    await expect(threads.get_by_text(perhaps)).to_be_hidden()
    await threads.get_by_text("Perhaps also: 1", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(threads.get_by_text(perhaps)).to_be_visible()
    assert await list_faults(page, "what is perhaps open", sizes=SIZES) == []
    await take_pictures(page, "perhaps")
    await threads.get_by_role("button", name=f"Let it rest: {perhaps}", exact=True).press("Enter")
    await expect(threads.get_by_text(perhaps)).to_have_count(0)


async def _accept_what_contradicts(app: App, page: Page, campaign_id: str) -> None:
    """What an accepted suggestion contradicts is told where it was accepted, and nothing waits."""
    body = {"campaign_id": campaign_id, "name": f"Codex {new_id()[-6:]}", "scopes": ["propose"]}
    secret = (await app.post("/api/tokens", body))["secret"]
    for text in ("Mira was born in Orle.", "Mira keeps bees."):
        said = {"id": new_id(), "kind": "fact", "fields": {"text": text}}
        made = await ask_as_tool(app, secret, "POST", "/api/doors/proposals", said)
        assert made.status_code == 200, made.text
    await go(page, f"/campaigns/{campaign_id}")
    for text in ("Mira keeps bees.", "Mira was born in Orle."):
        waiting = page.get_by_role("article", name=re.compile(re.escape(text)))
        await waiting.get_by_role("button", name="Accept", exact=True).press("Enter")
        await expect(waiting).to_have_count(0)
    told = page.get_by_role("region", name=re.compile("contradicts what was there"))
    await expect(told).to_have_count(1)
    await expect(told).to_contain_text("“Mira was born in Vesk.”")
    await expect(told.get_by_role("link", name="Fact", exact=True)).to_have_count(2)
    assert await list_faults(page, "what was accepted contradicts", sizes=SIZES) == []
    await take_pictures(page, "accepted")
    await told.get_by_role("button", name=re.compile("^Retcon the new one")).press("Enter")
    await expect(told).to_have_count(0)


async def _note_what_contradicts(app: App, page: Page, campaign_id: str) -> str:
    """What a note at the table contradicts is told under it; the game session."""
    games = (await get(app, f"campaigns/{campaign_id}/game-sessions"))["game_sessions"]
    planned = next(one for one in games if one["status"] == "planned")
    await make(app, f"game-sessions/{planned['id']}/start")
    await go(page, f"/session/{campaign_id}")
    note = page.get_by_label("Quick note", exact=True)
    await note.fill("Mira was born in Dun.")
    await note.press("Enter")
    told = page.get_by_role("region", name="This contradicts what was there", exact=True)
    await expect(told).to_contain_text("“Mira was born in Dun.”")
    assert await list_faults(page, "a note contradicts", sizes=SIZES) == []
    await take_pictures(page, "noted")
    await told.get_by_role("button", name=re.compile("^Let it rest")).press("Enter")
    await expect(told).to_have_count(0)
    return str(planned["id"])


async def _let_a_model_look(app: App, page: Page, campaign_id: str, game_id: str) -> None:
    """A model is asked by a press, stopped, asked again; what it says stands among the rest."""
    await make(app, f"game-sessions/{game_id}/notes", text=DEBT)
    numbers = [1, 2, 3, 4, 5, 6]
    said = [
        {"kind": "owed", "lines": numbers, "quote": "the guild of Tarrow remembers who lent"},
        {"settled": "B", "lines": numbers, "quote": "the guild of Tarrow remembers who lent"},
        {"kind": "owed", "lines": numbers, "quote": "Zorblax owes the moon a cow"},
    ]
    answer = json.dumps(said)
    await go(page, f"/campaigns/{campaign_id}")
    threads = page.get_by_role("region", name="Loose threads", exact=True)
    await expect(threads.get_by_text("Found without a model.")).to_be_visible()
    await expect(threads.get_by_role("link", name="Choose a model", exact=True)).to_be_visible()
    provider = await app.provide(
        "openai", Script(chunks=(answer,), stalls=(0,)), Script(chunks=(answer,))
    )
    await make(app, f"game-sessions/{game_id}/notes", text="Rain.")
    await threads.get_by_role("button", name="Let the model look too", exact=True).press("Enter")
    await expect(threads.get_by_text(re.compile("The model reads part 1 of"))).to_be_visible()
    assert await list_faults(page, "a model looks", sizes=SIZES) == []
    await take_pictures(page, "looking")
    await threads.get_by_role("button", name="Stop", exact=True).press("Enter")
    await expect(threads.get_by_text("The model has not read everything.")).to_be_visible()
    provider.release()
    await threads.get_by_role("button", name="Let the model go on", exact=True).press("Enter")
    await expect(threads.get_by_text("The model has looked:")).to_be_visible()
    await expect(threads.get_by_text("Left out, because no line says so:")).to_be_visible()
    await expect(threads.get_by_text(DEBT).first).to_be_visible()
    await expect(threads.get_by_text("found by openai:test-model")).to_be_visible()
    await expect(threads.get_by_text(PROMISE)).to_be_hidden()
    await threads.get_by_text("The model takes 1 for settled").click()
    await expect(threads.get_by_text(PROMISE)).to_be_visible()
    assert await list_faults(page, "a model has looked", sizes=SIZES) == []
    await take_pictures(page, "looked")
