"""A campaign's relations: made one after another, and walked in the picture and in the list."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.campaign_book import open_book
from tests.browser.everybody import list_faults
from tests.browser.running_app import App, run_app
from tests.browser.typist import Typist

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PARTY = ("Aldo Finch", "Brisa", "Corvin Ash", "Dagny", "Edda Vale")
FACTIONS = ("The Salt Guild", "Harbour Watch", "Drowned Court")

Told = tuple[str, str, str, str]
"""Who, to whom, how, and the first letters of the attitude."""

RELATIONS: Sequence[Told] = (
    ("Aldo Finch", "The Salt Guild", "owes a debt", "w"),
    ("Aldo Finch", "Brisa", "trusts", "f"),
    ("Brisa", "Drowned Court", "was raised by", ""),
    ("Corvin Ash", "Harbour Watch", "deserted from", "h"),
    ("Corvin Ash", "Dagny", "saved by", "d"),
    ("Dagny", "Harbour Watch", "serves", "f"),
    ("Edda Vale", "The Salt Guild", "sworn to", "d"),
    ("The Salt Guild", "Harbour Watch", "bribes", "w"),
    ("Drowned Court", "The Salt Guild", "hunts", "h"),
)
FOUR_MINUTES = 240
CLOSE_AND_OPEN = """async (picture) => {
  document.querySelector("dialog[open]").requestClose();
  for (let turn = 0; turn < 10; turn += 1) await null;
  picture.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  await new Promise((go) => requestAnimationFrame(() => setTimeout(go, 100)));
}"""
"""Escape and Enter before the browser says that the dialog was closed, and until that is over."""


async def begin_campaign(typist: Typist, name: str) -> None:
    page = typist.page
    await typist.go_to(page.get_by_role("button", name="New campaign", exact=True))
    await typist.press("Enter")
    form = page.get_by_role("dialog", name="New campaign", exact=True)
    await expect(form.get_by_label("Name", exact=True)).to_be_focused()
    await typist.type(name)
    await typist.press("Enter")
    await expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


async def add_by_name(typist: Typist, part: str, one: str, names: Sequence[str]) -> None:
    """The list of a kind, and a thing in it for each name."""
    page = typist.page
    await typist.find(part)
    section = page.get_by_role("region", name=re.compile(f"^{part}$", re.I))
    field = section.get_by_role("textbox", name=f"Add {one} by name", exact=True)
    await expect(field).to_be_visible()
    await typist.press("n")
    await expect(field).to_be_focused()
    for name in names:
        await typist.type(name)
        await typist.press("Enter")
        await expect(field).to_have_value("")
    await expect(section.get_by_role("link", name=names[-1], exact=True)).to_be_visible()
    await expect(section.locator(".card__name")).to_have_count(len(names))
    await expect(field).to_be_focused()


async def relate(typist: Typist, told: Sequence[Told]) -> None:
    """The relations, one after another, in the form beside the picture."""
    page = typist.page
    await typist.find("relations")
    await expect(page.get_by_text(re.compile("^No relations yet"))).to_be_visible()
    await typist.press("n")
    form = page.get_by_role("form", name="A new relation", exact=True)
    one, other = (form.get_by_role("combobox", name=name, exact=True) for name in ("From", "To"))
    earlier = ""
    for who, to, label, attitude in told:
        if earlier and earlier != who:
            await typist.press("Shift+Tab")
        if earlier != who:
            await typist.choose(one, who, who[:3] if not who.startswith("The") else "salt")
            await typist.press("Tab")
        await typist.choose(other, to, to[:3] if not to.startswith("The") else "salt")
        await typist.press("Tab")
        await typist.type(label)
        if attitude:
            await typist.press("Tab", attitude)
        await typist.press("Enter")
        await expect(form.get_by_text(re.compile(f"^Saved: {who} → {to}"))).to_be_visible()
        earlier = who
    # The first closes the names that are offered for the next one.
    await typist.press("Escape", "Escape")
    await expect(page.get_by_role("button", name="Add a relation", exact=True)).to_be_focused()


async def wait_drawn(page: Page) -> None:
    await page.locator("canvas[data-drawn='true']").wait_for()


def row(page: Page, name: str, level: int = 1) -> Locator:
    tree = page.get_by_role("tree", name="Things and their relations", exact=True)
    return tree.get_by_role("treeitem", name=re.compile(f"^{re.escape(name)}"), level=level)


async def walk_the_list(page: Page) -> None:
    """The list by its keys; the picture's words are always those of the same thing."""
    keys, said = page.keyboard, page.locator(".graph-chosen").get_by_role("status")
    await page.get_by_role("searchbox", name="Find in the list", exact=True).press("ArrowDown")
    await expect(row(page, "Aldo Finch")).to_be_focused()
    await expect(said).to_contain_text("Aldo Finch, player character, 2 relations.")
    await expect(row(page, "Aldo Finch")).to_have_attribute("aria-expanded", "false")
    await keys.press("ArrowRight")
    await expect(row(page, "Aldo Finch")).to_have_attribute("aria-expanded", "true")
    await keys.press("ArrowRight")
    await expect(row(page, "To Brisa: trusts, friendly, GM only", 2)).to_be_focused()
    await expect(said).to_contain_text("To Brisa: trusts, friendly, GM only.")
    await keys.press("ArrowRight")
    await expect(row(page, "Brisa")).to_be_focused()
    await expect(said).to_contain_text("Brisa, player character")
    await keys.press("ArrowLeft")
    await expect(row(page, "Brisa")).to_have_attribute("aria-expanded", "false")
    await keys.press("ArrowUp")
    await expect(row(page, "Aldo Finch")).to_be_focused()
    await keys.press("Enter")
    sheet = page.get_by_role("dialog", name="Aldo Finch", exact=True)
    await expect(sheet.get_by_text(re.compile("^To Brisa: trusts"))).to_be_visible()
    await keys.press("Escape")
    await expect(row(page, "Aldo Finch")).to_be_focused()
    # Folded already: nothing changes, and nothing of it is left for later.
    await keys.press("ArrowLeft")


async def walk_the_picture(page: Page) -> None:
    """The picture by its keys; the list goes with it."""
    keys = page.keyboard
    picture = page.get_by_role("application", name="Picture of the relations", exact=True)
    chosen = page.get_by_role("treeitem", selected=True)
    await picture.focus()
    await keys.press("Escape")
    await expect(chosen).to_have_count(0)
    await keys.press("ArrowRight")
    first = await chosen.get_attribute("aria-label")
    assert first
    met = {first}
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        await keys.press(key)
        await expect(picture).to_be_focused()
        await expect(chosen).to_have_count(1)
        met.add(str(await chosen.get_attribute("aria-label")))
    assert len(met) > 1, "no arrow key led anywhere"
    for key in ("+", "-", "Shift+ArrowLeft", "0"):
        await keys.press(key)
    await keys.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    # Closed and opened again with nothing between: what closed it does not close it once more.
    await picture.evaluate(CLOSE_AND_OPEN)
    await expect(page.get_by_role("dialog")).to_be_visible()
    await keys.press("Escape")
    await expect(picture).to_be_focused()


async def narrow_it(page: Page) -> None:
    """By kind, and to what is around one thing."""
    things = page.get_by_role("tree").get_by_role("treeitem", level=1)
    shown = page.get_by_label("Show", exact=True)
    everything = await things.count()
    await page.get_by_role("checkbox", name=re.compile("^Factions")).press("Space")
    await expect(row(page, "The Salt Guild")).to_have_count(0)
    await page.get_by_role("button", name="Show everything", exact=True).press("Enter")
    await expect(things).to_have_count(everything)
    await page.get_by_role("searchbox", name="Find in the list", exact=True).fill("brisa")
    await page.keyboard.press("Enter")
    await page.get_by_role("searchbox", name="Find in the list", exact=True).fill("")
    await shown.select_option(label="Brisa and its neighbours")
    await expect(things).to_have_count(2)
    await shown.select_option(label="Up to 2 relations from Brisa")
    await expect(things).to_have_count(3)
    await shown.select_option(label="Everything")
    await expect(things).to_have_count(everything)


async def test_relations_are_made_and_walked_in_the_picture_and_the_list_by_keys(app: App) -> None:
    page = await open_book(app)
    typist = Typist(page)
    await begin_campaign(typist, "The Short Road")
    await add_by_name(typist, "player characters", "a player character", PARTY[:2])
    await add_by_name(typist, "factions", "a faction", FACTIONS[:1])
    await relate(typist, RELATIONS[:2])
    await wait_drawn(page)
    await walk_the_list(page)
    await walk_the_picture(page)
    await narrow_it(page)
    row_of_guild = row(page, "The Salt Guild")
    await row_of_guild.click()
    await expect(row_of_guild).to_have_attribute("aria-selected", "true")
    sizes = [(1280, 800), (390, 844)]
    assert await list_faults(page, "the picture of relations", sizes=sizes) == []


@pytest.mark.deep
async def test_a_party_of_five_three_factions_and_their_picture_take_less_than_four_minutes(
    tmp_path: Path, page_browser: Browser, chromium: Path
) -> None:
    """From nothing, by keys alone, as fast as a person types."""
    async with run_app(tmp_path, page_browser, chromium) as fresh:
        await fresh.make_ready()
        page = await open_book(fresh)
        typist = Typist(page, is_human=True)
        began = time.monotonic()
        await begin_campaign(typist, "The Salt Road")
        await add_by_name(typist, "player characters", "a player character", PARTY)
        await add_by_name(typist, "factions", "a faction", FACTIONS)
        await relate(typist, RELATIONS)
        await wait_drawn(page)
        took = time.monotonic() - began
        print(
            f"\n{len(PARTY)} characters, {len(FACTIONS)} factions, {len(RELATIONS)} relations:"
            f" {typist.keys} keys and {typist.characters} characters typed,"
            f" {typist.seconds:.0f} s for a person, {took:.0f} s here"
        )
        things = page.get_by_role("tree").get_by_role("treeitem", level=1)
        await expect(things).to_have_count(len(PARTY) + len(FACTIONS))
        assert typist.seconds < FOUR_MINUTES
        await fresh.clean_up()
