"""Names and values of a campaign: what is typed there is stored, or said to be unfinished."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.campaign_book import get, make, open_book
from tests.browser.running_app import App

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def edit(app: App, **world: Any) -> tuple[Page, str]:
    """The world state of a new campaign, open to be edited."""
    campaign = await make(app, "campaigns", name="Realms", world_state=world)
    page = await open_book(app, f"/campaigns/{campaign['id']}")
    await reopen(page)
    return page, campaign["id"]


async def reopen(page: Page) -> None:
    world = page.get_by_role("region", name="World state", exact=True)
    await world.get_by_role("button", name="Edit", exact=True).click()


async def stored(app: App, campaign_id: str) -> Any:
    return (await get(app, f"campaigns/{campaign_id}"))["world_state"]


def save(page: Page) -> Any:
    return page.get_by_role("button", name="Save", exact=True)


async def test_a_group_keeps_what_is_in_it_when_the_one_above_is_taken_away(
    app: App,
) -> None:
    north = {"ruler": "Anna", "army": 300}
    page, campaign_id = await edit(app, north=north, south={"ruler": "Boris", "army": 900})
    await page.get_by_role("button", name="Remove “north”", exact=True).click()
    await expect(page.get_by_label("Value of ruler", exact=True)).to_have_value("Boris")
    army = page.get_by_label("Value of army", exact=True)
    await army.fill("")
    await army.press_sequentially("1000")
    await save(page).click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert await stored(app, campaign_id) == {"south": {"ruler": "Boris", "army": 1000}}


async def test_a_line_without_a_name_or_named_twice_is_not_saved_and_not_lost(
    app: App,
) -> None:
    page, campaign_id = await edit(app, month="Rain")
    await page.get_by_role("button", name="Add a text", exact=True).click()
    await page.get_by_label("Value of 2", exact=True).fill("The king is dead")
    await page.get_by_label("Value of 2", exact=True).press("Control+Enter")
    await expect(page.get_by_text("This has no name yet.")).to_be_visible()
    await expect(page.get_by_label("Name 2", exact=True)).to_be_focused()
    await page.get_by_label("Name 2", exact=True).fill("month")
    await save(page).click()
    await expect(page.get_by_text("“month” is here twice. Rename one of them.")).to_be_visible()

    await page.get_by_role("button", name="Keep as draft", exact=True).click()
    await page.reload()
    await reopen(page)
    await expect(page.get_by_label("Value of month", exact=True).last).to_have_value(
        "The king is dead"
    )
    assert await stored(app, campaign_id) == {"month": "Rain"}
    await page.get_by_label("Name 2", exact=True).fill("throne")
    await save(page).click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert await stored(app, campaign_id) == {"month": "Rain", "throne": "The king is dead"}


async def test_json_that_is_not_understood_stays_to_be_put_right(app: App) -> None:
    page, campaign_id = await edit(app, month="Rain")
    await page.get_by_role("button", name="Edit as JSON", exact=True).click()
    text = page.get_by_label("World state as JSON", exact=True)
    await text.fill('{"month": "Frost",')
    await save(page).click()
    await expect(text).to_be_focused()
    await expect(page.get_by_role("button", name="Edit as rows", exact=True)).to_be_disabled()
    await page.keyboard.press("Escape")
    await reopen(page)
    await expect(text).to_have_value('{"month": "Frost",')
    await page.get_by_role("button", name="Restore the last valid JSON", exact=True).click()
    await expect(text).to_have_value('{\n  "month": "Rain"\n}')
    await text.fill('{"month": "Frost"}')
    await page.get_by_role("button", name="Edit as rows", exact=True).click()
    await expect(page.get_by_label("Value of month", exact=True)).to_have_value("Frost")
    await save(page).click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert await stored(app, campaign_id) == {"month": "Frost"}


async def test_what_was_discarded_is_not_stored_with_the_next_edit(app: App) -> None:
    page, campaign_id = await edit(app, month="Rain", year=3)
    await page.get_by_label("Value of month", exact=True).fill("Never mind")
    await page.get_by_role("button", name="Keep as draft", exact=True).click()
    await reopen(page)
    await page.get_by_role("button", name="Discard these changes", exact=True).click()
    await expect(page.get_by_label("Value of month", exact=True)).to_have_value("Rain")
    await page.get_by_label("Value of year", exact=True).fill("4")
    await save(page).click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert await stored(app, campaign_id) == {"month": "Rain", "year": 4}


async def test_what_is_typed_into_one_part_takes_nothing_from_another(app: App) -> None:
    page, _ = await edit(app, month="Rain")
    await page.get_by_label("Value of month", exact=True).fill("Half a thought")
    await page.get_by_role("button", name="Keep as draft", exact=True).click()
    about = page.get_by_role("region", name="About", exact=True)
    await about.get_by_role("button", name="Edit", exact=True).click()
    await page.get_by_label("System", exact=True).fill("d20")
    await save(page).click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    await reopen(page)
    await expect(page.get_by_label("Value of month", exact=True)).to_have_value("Half a thought")
