"""A campaign kept by hand: begun, filled, edited by two at once, deleted and brought back."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.campaign_book import (
    SAMPLE,
    get,
    list_names,
    load_sample,
    make,
    open_book,
    patch,
    wait_linked,
)
from tests.browser.everybody import list_faults
from tests.browser.running_app import App, Sheet, run_app
from tests.browser.talk_table import tab_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def new_app(tmp_path: Path, page_browser: Browser, chromium: Path) -> AsyncIterator[App]:
    """A server that has never been used."""
    async with run_app(tmp_path, page_browser, chromium) as app:
        yield app
        await app.clean_up()


async def test_from_nothing_to_a_chat_about_ones_own_campaign_with_two_npcs(
    new_app: App,
) -> None:
    page = (await new_app.open_tab()).page
    # The first screen names every way to begin, and what can be asked without any of them.
    for way in ("New campaign, step by step", "Import files"):
        await expect(page.get_by_role("link", name=way, exact=True)).to_be_visible()
    await expect(
        page.get_by_role("button", name="Load the sample campaign", exact=True)
    ).to_be_visible()
    assert await list_faults(page, "first screen") == []
    await page.get_by_role("button", name="Invent a tavern for tonight", exact=True).click()
    await expect(page.get_by_label("Message", exact=True)).to_have_value(
        "Invent a tavern for tonight"
    )
    await page.get_by_label("Message", exact=True).fill("")
    await page.get_by_role("button", name="New campaign", exact=True).click()
    await page.get_by_label("Name", exact=True).fill("Salt and Iron")
    await page.get_by_label("System", exact=True).fill("d20")
    await page.get_by_label("Setting", exact=True).fill("A mining town on a frozen sea")
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_role("heading", name="Salt and Iron", exact=True)).to_be_visible()

    # What next: done, dismissed for good, or a press away.
    steps = page.get_by_role("region", name="What next", exact=True)
    await expect(steps.get_by_role("listitem")).to_have_count(4)
    assert await list_faults(page, "overview") == []
    await steps.get_by_role(
        "button", name="Do not suggest “Choose a model” any more", exact=True
    ).click()
    await steps.get_by_role("button", name=re.compile("Write your first NPC")).first.click()
    await page.get_by_label("Name", exact=True).fill("Oda Brenn")
    await page.get_by_label("Role", exact=True).fill("Foreman")
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(steps.get_by_role("listitem")).to_have_count(2)
    await page.reload()
    await expect(steps.get_by_role("listitem")).to_have_count(2)

    await page.get_by_role("link", name=re.compile("^NPCs")).click()
    await expect(page.get_by_role("heading", name="Oda Brenn", exact=True)).to_be_visible()
    await page.get_by_role("button", name="New", exact=True).click()
    await page.get_by_label("Name", exact=True).fill("Kester Vole")
    await page.get_by_label("Role", exact=True).fill("Ice cutter")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("heading", name="Kester Vole", exact=True)).to_be_visible()

    await page.get_by_role("link", name="To the table", exact=True).click()
    tab = Sheet(page)
    await wait_linked(page, page.url.rsplit("/", 1)[1])
    await expect(page.locator(".knows")).to_contain_text("Campaign: Salt and Iron")
    await tab.send("Who are the NPCs in this campaign?")
    await tab.wait_last("complete")
    await tab.wait_text("Oda Brenn")
    await tab.wait_text("Kester Vole")

    await page.get_by_role("link", name=re.compile("Salt and Iron")).first.click()
    await steps.get_by_role("button", name=re.compile("Plan game session 1")).first.click()
    await expect(tab_of(tab, "Session 1 Planning")).to_have_attribute("aria-selected", "true")
    await page.go_back()
    await expect(steps.get_by_role("listitem")).to_have_count(1)
    await steps.get_by_role("button", name=re.compile("Start game session 1")).first.click()
    await expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()


async def test_the_sample_campaign_comes_with_one_press_and_goes_with_another(
    new_app: App,
) -> None:
    page = (await new_app.open_tab()).page
    await page.get_by_role("button", name="Load the sample campaign", exact=True).click()
    await expect(page.get_by_role("heading", name="The Ninth Tide", exact=True)).to_be_visible()
    assert page.url.endswith(SAMPLE)
    await page.get_by_role("link", name="Chat", exact=True).first.click()
    await expect(page.get_by_role("link", name="To the table", exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name="Load the sample campaign")).to_have_count(0)
    assert await list_faults(page, "what to go on with") == []
    await page.get_by_role("link", name="Campaigns", exact=True).first.click()
    await page.get_by_role("link", name="The Ninth Tide", exact=True).first.click()
    await page.get_by_role("link", name="Campaigns", exact=True).first.click()
    await page.get_by_role("button", name="Remove the sample", exact=True).click()
    await expect(page.get_by_role("button", name="New campaign", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Undo", exact=True).click()
    await expect(page.get_by_role("link", name="The Ninth Tide", exact=True)).to_be_visible()


async def test_two_edits_of_one_field_are_shown_side_by_side_and_neither_is_lost(
    app: App,
) -> None:
    campaign = await make(app, "campaigns", name="Two hands")
    npc = await make(app, f"campaigns/{campaign['id']}/npcs", name="Mira", personality="dry")
    page = await open_book(app, f"/npcs/{npc['id']}")
    await page.get_by_role("button", name="Edit Mira", exact=True).click()
    await page.get_by_label("Personality", exact=True).fill("warm, when nobody looks")

    other = await open_book(app, f"/npcs/{npc['id']}", context=page.context)
    await other.get_by_role("button", name="Edit Mira", exact=True).click()
    await other.get_by_label("Personality", exact=True).fill("cold as the tide")
    await other.get_by_role("button", name="Save", exact=True).click()
    await expect(other.get_by_text("cold as the tide")).to_be_visible()

    await page.get_by_role("button", name="Save", exact=True).click()
    clash = page.get_by_role("region", name="Personality", exact=True)
    await expect(clash.get_by_text("warm, when nobody looks")).to_be_visible()
    await expect(clash.get_by_text("cold as the tide")).to_be_visible()
    assert (await get(app, f"npcs/{npc['id']}"))["personality"] == "cold as the tide"

    await clash.get_by_role("button", name="Combine both", exact=True).click()
    await page.get_by_role("button", name="Save my choices", exact=True).click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    stored = (await get(app, f"npcs/{npc['id']}"))["personality"]
    assert "cold as the tide" in stored and "warm, when nobody looks" in stored


async def test_taking_theirs_keeps_theirs_and_keeping_mine_keeps_mine(app: App) -> None:
    campaign = await make(app, "campaigns", name="Choices")
    path = f"campaigns/{campaign['id']}/locations"
    place = await make(app, path, name="Inn", kind="inn", description="old")
    page = await open_book(app, f"/campaigns/{campaign['id']}?part=locations&show={place['id']}")
    await page.get_by_role("button", name="Edit", exact=True).click()
    await page.get_by_label("Kind", exact=True).fill("tavern")
    await page.get_by_label("Description", exact=True).fill("mine")
    await patch(app, f"locations/{place['id']}", 1, kind="taproom", description="theirs")

    await page.get_by_role("button", name="Save", exact=True).click()
    kind = page.get_by_role("region", name="Kind", exact=True)
    prose = page.get_by_role("region", name="Description", exact=True)
    await kind.get_by_role("button", name="Keep theirs", exact=True).click()
    await prose.get_by_role("button", name="Keep mine", exact=True).click()
    await page.get_by_role("button", name="Save my choices", exact=True).click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    stored = await get(app, f"locations/{place['id']}")
    assert (stored["kind"], stored["description"]) == ("taproom", "mine")


async def test_edits_of_different_fields_both_hold_without_a_question(app: App) -> None:
    campaign = await make(app, "campaigns", name="Different fields")
    npc = await make(app, f"campaigns/{campaign['id']}/npcs", name="Pell", role="monk")
    page = await open_book(app, f"/npcs/{npc['id']}")
    await page.get_by_role("button", name="Edit Pell", exact=True).click()
    await page.get_by_label("Role", exact=True).fill("bell keeper")
    await patch(app, f"npcs/{npc['id']}", 1, status="missing")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    stored = await get(app, f"npcs/{npc['id']}")
    assert (stored["role"], stored["status"]) == ("bell keeper", "missing")


async def test_what_was_typed_and_not_saved_is_still_there(app: App) -> None:
    campaign = await make(app, "campaigns", name="Interrupted")
    npc = await make(app, f"campaigns/{campaign['id']}/npcs", name="Nerys")
    page = await open_book(app, f"/npcs/{npc['id']}")
    await page.get_by_role("button", name="Edit Nerys", exact=True).click()
    await page.get_by_label("Background", exact=True).fill("Half a thought")
    await page.reload()
    await page.get_by_role("button", name="Edit Nerys", exact=True).click()
    await expect(page.get_by_label("Background", exact=True)).to_have_value("Half a thought")
    await page.get_by_role("button", name="Discard these changes", exact=True).click()
    await expect(page.get_by_label("Background", exact=True)).to_have_value("")


async def test_a_deleted_campaign_loses_no_talk_and_comes_back_whole(app: App) -> None:
    campaign = await make(app, "campaigns", name="Fragile")
    await make(app, f"campaigns/{campaign['id']}/npcs", name="Glass")
    await app.post(f"/api/chat-sessions/{app.chat_id}/link", {"campaign_id": campaign["id"]})
    await app.say("user", "Words about glass")
    page = await open_book(app, f"/campaigns/{campaign['id']}")
    await page.get_by_role("button", name="Delete", exact=True).click()
    await page.wait_for_url("**/campaigns")
    assert [message["content"] for message in await app.history()] == ["Words about glass"]
    await page.get_by_role("button", name="Undo", exact=True).click()
    await expect(page.get_by_role("heading", name="Fragile", exact=True)).to_be_visible()
    assert await list_names(app, campaign["id"]) == ["Glass"]


async def test_an_npc_is_put_away_found_among_those_and_deleted_with_a_way_back(
    app: App,
) -> None:
    campaign = await make(app, "campaigns", name="Comings and goings")
    npc = await make(app, f"campaigns/{campaign['id']}/npcs", name="Korrin")
    page = await open_book(app, f"/npcs/{npc['id']}")
    await page.get_by_role("button", name="Archive", exact=True).click()
    await expect(page.get_by_role("button", name="Add an NPC", exact=True)).to_be_visible()
    await page.get_by_label("Include archived", exact=True).check()
    await page.get_by_role("link", name="Korrin", exact=True).click()
    await page.get_by_role("button", name="Delete", exact=True).click()
    await page.get_by_role("button", name="Undo", exact=True).last.click()
    page = await open_book(app, f"/npcs/{npc['id']}", context=page.context)
    await expect(page.get_by_role("heading", name="Korrin", exact=True)).to_be_visible()

    # Others hear his name and nothing else, until the game master says who knows him.
    await page.get_by_role("button", name="Edit Korrin", exact=True).click()
    knows = page.get_by_label("Who knows it", exact=True)
    await expect(knows).to_have_value("name")
    await knows.select_option("gm")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert (await get(app, f"npcs/{npc['id']}"))["audience"] == "gm"
    await make(app, f"campaigns/{campaign['id']}/npcs", name="Nerys", audience="party")
    page = await open_book(app, f"/campaigns/{campaign['id']}?part=npcs", context=page.context)
    cards = page.get_by_role("region", name="NPCs", exact=True).locator(".card")
    await page.get_by_label("Include archived", exact=True).check()
    await expect(cards).to_contain_text(["Korrin", "Nerys"])
    await expect(page.locator(".card--secret")).to_contain_text("Korrin")
    await expect(cards.last.locator(".chip")).to_have_text("The party")
    await page.get_by_text("Filter and sort", exact=True).click()
    await page.get_by_label("Who knows it", exact=True).select_option("party")
    await expect(cards).to_contain_text(["Nerys"])


async def test_world_state_is_written_in_rows_and_read_as_json(app: App) -> None:
    campaign = await make(app, "campaigns", name="Rows", world_state={"Month": "Rain", "Year": 3})
    page = await open_book(app, f"/campaigns/{campaign['id']}")
    world = page.get_by_role("region", name="World state", exact=True)
    await world.get_by_role("button", name="Edit", exact=True).click()
    await page.get_by_label("Value of Month", exact=True).fill("Frost")
    await page.get_by_role("button", name="Add a list", exact=True).click()
    await page.get_by_label("Name 3", exact=True).fill("Rumours")
    await page.get_by_label("Rumours, one per line", exact=True).fill("lights\nbells")
    await page.get_by_role("button", name="Edit as JSON", exact=True).click()
    shown = page.get_by_label("World state as JSON", exact=True)
    await expect(shown).to_have_value(
        '{\n  "Month": "Frost",\n  "Year": 3,\n  "Rumours": [\n    "lights",\n    "bells"\n  ]\n}'
    )
    await shown.fill('{"Month": "Frost", "Year": 3, "Rumours": ["lights"], "Odd": [{"deep": true}]')
    await expect(page.get_by_role("dialog").get_by_text("Invalid JSON, not saved")).to_be_visible()
    await shown.press("End")
    await shown.fill(
        '{"Month": "Frost", "Year": 3, "Rumours": ["lights"], "Odd": [{"deep": true}]}'
    )
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(world.get_by_text("Frost")).to_be_visible()
    stored = (await get(app, f"campaigns/{campaign['id']}"))["world_state"]
    assert stored == {"Month": "Frost", "Year": 3, "Rumours": ["lights"], "Odd": [{"deep": True}]}


async def test_a_fact_is_told_to_one_npc_and_to_no_other(app: App) -> None:
    campaign = await make(app, "campaigns", name="Whispers")
    mira = await make(app, f"campaigns/{campaign['id']}/npcs", name="Mira")
    pell = await make(app, f"campaigns/{campaign['id']}/npcs", name="Pell")
    page = await open_book(app, f"/campaigns/{campaign['id']}?part=knowledge")
    await page.get_by_label("A new fact", exact=True).fill("The vault is empty")
    await page.keyboard.press("Enter")
    fact = page.get_by_role("listitem").filter(has_text="The vault is empty")
    await expect(fact.get_by_text("GM only")).to_be_visible()
    await fact.get_by_role("button", name="Edit this fact", exact=True).click()
    await page.get_by_label("Who knows it", exact=True).select_option("npcs")
    await page.get_by_label("Mira", exact=True).check()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(fact.get_by_text("Mira")).to_be_visible()
    knows = await get(app, f"npcs/{mira['id']}/knowledge")
    assert [each["fact"]["text"] for each in knows["knowledge"]] == ["The vault is empty"]
    assert (await get(app, f"npcs/{pell['id']}/knowledge"))["knowledge"] == []

    await make(app, f"campaigns/{campaign['id']}/things/character", fields={"name": "Ana"})
    await fact.get_by_role("button", name="Edit this fact", exact=True).click()
    await page.get_by_role("checkbox", name="Ana", exact=True).check()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(fact.get_by_text("Ana", exact=True)).to_be_visible()
    await fact.get_by_role("button", name="Edit this fact", exact=True).click()
    await expect(page.get_by_role("checkbox", name="Ana", exact=True)).to_be_checked()
    await page.get_by_label("Who knows it", exact=True).select_option("party")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(fact.get_by_text("the party knows")).to_be_visible()
    await expect(fact.get_by_text("Mira")).to_be_visible()
    stored = (await get(app, f"campaigns/{campaign['id']}/facts"))["facts"][0]
    assert stored["audience"] == "party"
    assert [each["npc_name"] for each in stored["listeners"]] == ["Mira"]


async def test_a_fact_taken_from_an_npc_meanwhile_is_not_given_back_by_an_edit(
    app: App,
) -> None:
    campaign = await make(app, "campaigns", name="Taken back")
    path = f"campaigns/{campaign['id']}"
    mira, bran = [await make(app, f"{path}/npcs", name=name) for name in ("Mira", "Bran")]
    stored = await make(
        app, f"{path}/facts", text="The vault is empty", npc_ids=[mira["id"], bran["id"]]
    )
    page = await open_book(app, f"/campaigns/{campaign['id']}?part=knowledge")
    await page.get_by_role("button", name="Edit this fact", exact=True).click()
    await page.get_by_label("Fact", exact=True).fill("The vault is quite empty")
    await expect(page.get_by_label("Bran", exact=True)).to_be_checked()
    async with app.server.client() as client:
        await client.delete(f"/api/npcs/{bran['id']}/knowledge/{stored['id']}")

    await page.get_by_role("button", name="Save", exact=True).click()
    clash = page.get_by_role("region", name="NPCs who know it", exact=True)
    mine, theirs = clash.locator("pre").first, clash.locator("pre").last
    await expect(mine).to_contain_text("Bran")
    await expect(theirs).to_have_text("Mira")
    assert (await get(app, f"npcs/{bran['id']}/knowledge"))["knowledge"] == []

    await clash.get_by_role("button", name="Keep theirs", exact=True).click()
    await page.get_by_role("button", name="Save my choices", exact=True).click()
    fact = page.get_by_role("listitem").filter(has_text="The vault is quite empty")
    await expect(fact.get_by_text("Mira")).to_be_visible()
    await expect(fact.get_by_text("Bran")).to_have_count(0)
    assert (await get(app, f"npcs/{bran['id']}/knowledge"))["knowledge"] == []


async def test_the_palette_finds_an_npc_by_another_name(app: App) -> None:
    await load_sample(app)
    page = await open_book(app)
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox").fill("the heron")
    await page.get_by_role("option", name=re.compile("^Mira Vale")).click()
    await expect(page.get_by_role("heading", name="Mira Vale", exact=True)).to_be_visible()
