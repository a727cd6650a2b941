"""Nothing on any campaign screen keeps anybody out, in either theme, on a desktop or a phone."""

from __future__ import annotations

import re
from itertools import cycle

import pytest
from playwright.async_api import Page, expect

from tests.browser.campaign_book import SAMPLE, go, load_sample, wait_linked
from tests.browser.everybody import list_faults
from tests.browser.running_app import App

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MIRA = "01b227bb-a3a4-5499-8b9b-145a6abe53d5"
WIDTHS = {"desk": (1280, 800), "phone": (390, 844)}
PARTS = ("overview", "npcs", "plot_points", "game_sessions", "conversations", "knowledge")


async def open_page(app: App, width: str) -> Page:
    wide, high = WIDTHS[width]
    tab = await app.open_tab(
        "/campaigns",
        wait=False,
        viewport={"width": wide, "height": high},
        reduced_motion="reduce",
    )
    await expect(tab.page.get_by_role("link", name="The Ninth Tide", exact=True)).to_be_visible()
    return tab.page


@pytest.mark.parametrize("everywhere", [False, pytest.param(True, marks=pytest.mark.deep)])
async def test_axe_finds_nothing_in_the_campaign_book(app: App, everywhere: bool) -> None:
    """Each screen in one of two sizes, in turn; `everywhere` in both."""
    await load_sample(app)
    page = await open_page(app, "desk")
    turns = cycle(WIDTHS.values())

    async def list_here(where: str) -> list[str]:
        sizes = list(WIDTHS.values()) if everywhere else [next(turns)]
        return await list_faults(page, where, sizes=sizes)

    faults = await list_here("campaigns")
    book = f"/campaigns/{SAMPLE}"
    for part in PARTS:
        await go(page, f"{book}?part={part}")
        await expect(page.get_by_role("link", name="Conversations", exact=True)).to_be_visible()
        await page.get_by_role("main").get_by_role("listitem").first.wait_for()
        faults += await list_here(part)
    await go(page, f"{book}?part=plot_points")
    await page.locator(".card__name a").first.click()
    await page.get_by_role("dialog").get_by_role("button", name="Edit", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).wait_for()
    faults += await list_here("a form")
    await expect(
        page.get_by_role("dialog").get_by_role("button", name="Save", exact=True)
    ).to_be_visible()
    await page.goto(f"{app.server.address}{book}")
    await page.get_by_role("region", name="World state", exact=True).get_by_role("button").click()
    await page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).wait_for()
    faults += await list_here("world state")
    await expect(
        page.get_by_role("dialog").get_by_role("button", name="Save", exact=True)
    ).to_be_visible()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("width", ["desk", pytest.param("phone", marks=pytest.mark.deep)])
async def test_axe_finds_nothing_at_the_table_or_on_an_npcs_page(app: App, width: str) -> None:
    await load_sample(app)
    page = await open_page(app, width)
    await go(page, f"/session/{SAMPLE}")
    await wait_linked(page, SAMPLE)
    faults = await list_faults(page, "talk at the table")
    tabs = page.get_by_role(
        "tablist",
        name="Parts of the game session" if width == "phone" else "Side panel",
        exact=True,
    )
    for name in ("NPCs", "Locations", "Plot", "Dice"):
        await tabs.get_by_role("tab", name=re.compile(re.escape(name))).click()
        await page.get_by_role("tabpanel", name=re.compile(re.escape(name))).wait_for()
        if name == "Dice":
            await page.get_by_role("button", name="d20", exact=True).click()
        else:
            await page.locator(".hand__item").first.wait_for()
        faults += await list_faults(page, name)
    await go(page, f"/npcs/{MIRA}")
    await page.get_by_role("region", name=re.compile("What Mira Vale knows")).wait_for()
    faults += await list_faults(page, "an NPC")
    assert not faults, "\n".join(faults)
