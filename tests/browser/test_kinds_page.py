"""Every kind that has no page of its own, on the page: also one that nothing but its declaration
knows of."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.campaign_book import get, make, open_book, patch
from tests.browser.everybody import list_faults
from tests.browser.running_app import App, run_app
from tests.browser.talk_table import block, card, in_pieces, prompt_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SERVER = str(Path(__file__).with_name("kind_server.py"))
EXAMPLES = {"line": "Short and clear", "prose": "First line\nSecond line"}
"""What is written into a field of each shape."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def kind_app(
    tmp_path_factory: pytest.TempPathFactory, page_browser: Browser, chromium: Path
) -> AsyncIterator[App]:
    """A server that knows one kind more."""
    folder = tmp_path_factory.mktemp("kinds")
    async with run_app(folder, page_browser, chromium, launcher=(SERVER,)) as app:
        await app.make_ready()
        yield app
        await app.clean_up()


async def list_kinds(app: App) -> list[Any]:
    """The kinds of things that have no page of their own."""
    kinds = (await get(app, "kinds"))["kinds"]
    return [kind for kind in kinds if kind["is_thing"] and not kind["path"]]


def field(within: Page | Locator, label: str) -> Locator:
    return within.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*(\(GM only\))?$"))


async def make_by_form(page: Page, kind: Any, name: str) -> Locator:
    """A new thing by the button and the short form of its kind; its sheet."""
    await page.get_by_role("button", name=f"New {kind['noun']}", exact=True).click()
    form = page.get_by_role("dialog", name=f"New {kind['noun']}", exact=True)
    await field(form, "Name").fill(name)
    for one in kind["fields"]:
        if one["is_first"] and one["shape"] in EXAMPLES:
            await field(form, one["label"]).fill(EXAMPLES[one["shape"]])
    await form.get_by_role("button", name="Create", exact=True).click()
    sheet = page.get_by_role("dialog", name=name, exact=True)
    await expect(sheet.get_by_text("Second line").first).to_be_visible()
    return sheet


async def edit_with_conflict(app: App, page: Page, kind: Any, sheet: Locator, at: str) -> None:
    """The same field changed elsewhere meanwhile: both are shown, and mine is kept."""
    main = next(one for one in kind["fields"] if one["shape"] == "prose" and one["is_first"])
    thing = (await get(app, at))["things"][0]
    await sheet.get_by_role("button", name="Edit", exact=True).click()
    form = page.get_by_role("dialog", name=f"Edit {thing['name']}", exact=True)
    await field(form, "Tags").fill("old\nmine")
    await field(form, main["label"]).fill("Mine now")
    await patch(app, f"{at}/{thing['id']}", 1, **{main["name"]: "Theirs now"})
    await form.get_by_role("button", name="Save", exact=True).click()
    clash = form.get_by_role("region", name=main["label"], exact=True)
    await expect(clash).to_contain_text("Theirs now")
    await clash.get_by_role("button", name="Keep mine", exact=True).click()
    await form.get_by_role("button", name="Save my choices", exact=True).click()
    await expect(sheet.get_by_text("Mine now")).to_be_visible()
    await sheet.get_by_role("button", name="Close", exact=True).click()


async def find_in_list(page: Page, kind: Any, name: str) -> None:
    """By its name, then by a tag and by the fields that narrow a list."""
    section = page.get_by_role("region", name=kind["plural"], exact=True)
    cards = section.locator(".card__name")
    await expect(cards).to_have_count(2)
    search = section.get_by_role("searchbox")
    await search.fill("Other")
    await expect(cards).to_have_text(["Other one"])
    await search.fill("")
    await section.get_by_text("Filter and sort", exact=True).click()
    await section.get_by_label("Tag", exact=True).select_option("old")
    await expect(cards).to_have_text([name])
    await section.get_by_label("Who knows it", exact=True).select_option("some")
    await expect(section.get_by_text("No matches.")).to_be_visible()
    await section.get_by_role("button", name="Show without filters", exact=True).click()
    await section.get_by_label("Sorted by", exact=True).select_option("newest")
    await expect(cards).to_have_text(["Other one", name])


async def delete_and_undo(page: Page, name: str) -> None:
    await page.get_by_role("link", name=name, exact=True).click()
    sheet = page.get_by_role("dialog", name=name, exact=True)
    await sheet.get_by_role("button", name="Delete", exact=True).click()
    await expect(page.get_by_role("link", name=name, exact=True)).to_have_count(0)
    toast = page.get_by_role("status").filter(has_text=f"“{name}” is deleted.")
    await toast.get_by_role("button", name="Undo", exact=True).click()
    await expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


async def relate_by_keys(app: App, page: Page, campaign: str, one: str, other: str) -> list[str]:
    """A relation is added, read from its other end, edited while somebody else edits it, removed
    and brought back, by keys alone. What axe-core finds on the way."""
    keys, sheet = page.keyboard, page.get_by_role("dialog", name=one, exact=True)
    relations = page.get_by_role("region", name="Relations", exact=True)
    lines = relations.get_by_role("listitem")
    await page.get_by_role("link", name=one, exact=True).press("Enter")
    add = sheet.get_by_role("button", name="Add a relation", exact=True)
    await expect(relations.get_by_text("No relations yet.")).to_be_visible()
    await add.press("Enter")
    form = relations.get_by_role("form", name="A new relation", exact=True)
    await expect(form.get_by_role("combobox", name="Related to", exact=True)).to_be_focused()
    await keys.type(other[4:].upper())
    matches = form.get_by_role("listbox", name="Matching things", exact=True)
    await expect(matches.get_by_role("option")).to_have_count(1)
    faults = await list_faults(page, "a new relation", sizes=[(390, 844), (1280, 800)])
    # The direction is chosen as well, and read from both ends.
    await keys.press("Enter")
    await keys.press("Tab")
    to, back = f"{one} → {other}", f"{other} → {one}"
    await expect(form.get_by_role("radio", name=to, exact=True)).to_be_checked()
    await keys.press("ArrowDown")
    await expect(form.get_by_role("radio", name=back, exact=True)).to_be_checked()
    for written in ("Tab", "owes a debt", "Tab", "wary"):
        await (keys.press if written[0].isupper() else keys.type)(written)
    await expect(form.get_by_label("Attitude", exact=True)).to_have_value("-1")
    await keys.press("Control+Enter")
    await expect(lines).to_contain_text([re.compile(f"From {other}: owes a debt.*GM only", re.S)])
    await expect(add).to_be_focused()

    await lines.get_by_role("link", name=other, exact=True).press("Enter")
    said = f"To {one}: owes a debt"
    await expect(lines).to_contain_text([said])
    await relations.get_by_role("button", name=f"Edit “{said}”", exact=True).press("Enter")
    await expect(relations.get_by_label("How they are related", exact=True)).to_be_focused()
    await keys.press("Control+a")
    await keys.type("owes two debts")
    await relations.get_by_label("Who knows it", exact=True).press("E")
    stored = (await get(app, f"campaigns/{campaign}/relations"))["relations"][0]
    await patch(app, f"relations/{stored['id']}", stored["revision"], label="owes nothing")
    await keys.press("Control+Enter")
    clash = relations.get_by_role("region", name="How they are related", exact=True)
    await expect(clash).to_contain_text("owes nothing")
    await clash.get_by_role("button", name="Keep mine", exact=True).press("Enter")
    await relations.get_by_role("button", name="Save my choices", exact=True).press("Enter")
    said = f"To {one}: owes two debts"
    await expect(lines).to_contain_text(
        [re.compile(f"{said}.*Attitude: wary.*everyone knows", re.S)]
    )
    faults += await list_faults(page, "a relation", sizes=[(390, 844), (1280, 800)])

    await relations.get_by_role("button", name=f"Remove “{said}”", exact=True).press("Enter")
    await expect(lines).to_have_count(0)
    await page.get_by_role("button", name="Undo", exact=True).press("Enter")
    await expect(lines).to_contain_text([said])
    await keys.press("Escape")
    return faults


async def tag_several_by_keys(page: Page, kind: Any, names: list[str]) -> list[str]:
    """Two things are selected, tagged, given an audience and changed back, by keys alone."""
    keys = page.keyboard
    section = page.get_by_role("region", name=kind["plural"], exact=True)
    await section.get_by_role("button", name="Select several", exact=True).press("Enter")
    bar = section.get_by_role("group", name="Select several", exact=True)
    await expect(bar.get_by_label("Select all 2 shown", exact=True)).to_be_focused()
    first = section.get_by_label(f"Select “{names[0]}”", exact=True)
    await first.press("Space")
    await expect(bar.get_by_role("status")).to_have_text("1 selected")
    await keys.press("Shift+ArrowDown")
    await expect(section.get_by_label(f"Select “{names[1]}”", exact=True)).to_be_focused()
    await expect(bar.get_by_role("status")).to_have_text("2 selected")
    faults = await list_faults(page, "selecting", sizes=[(390, 844), (1280, 800)])
    await bar.get_by_role("button", name="Tags and audience", exact=True).press("Enter")
    form = page.get_by_role("dialog", name="Edit 2 things", exact=True)
    await expect(form.get_by_label("Add tags", exact=True)).to_be_focused()
    await keys.type("harbour,docks")
    await keys.press("Enter")
    await form.get_by_label("old (1)", exact=True).press("Space")
    await form.get_by_label("Who knows it", exact=True).select_option("gm")
    faults += await list_faults(page, "several things", sizes=[(390, 844), (1280, 800)])
    await form.get_by_role("button", name="Apply", exact=True).press("Enter")
    await expect(form).to_have_count(0)
    tags = section.locator(".chip--tag")
    await expect(tags).to_contain_text(["harbour", "docks", "mine", "harbour", "docks"])
    await expect(section.locator(".card--secret")).to_have_count(2)
    toast = page.get_by_role("status").filter(has_text="2 things changed.")
    await toast.get_by_role("button", name="Undo", exact=True).press("Enter")
    await expect(tags).to_have_text(["old", "mine"])
    await expect(section.locator(".card--secret")).to_have_count(0)
    await bar.get_by_role("button", name="Done", exact=True).press("Enter")
    await expect(bar).to_have_count(0)
    await expect(section.get_by_role("button", name="Select several", exact=True)).to_be_focused()
    return faults


async def find_beside_the_talk(app: App, page: Page, campaign: str, kinds: list[Any]) -> list[str]:
    """Each kind in the side panel of the table: found, looked into, opened; the talk stays."""
    await page.goto(f"{app.server.address}/session/{campaign}")
    panel = page.get_by_role("complementary", name="Side panel", exact=True)
    await panel.get_by_role("tab", name="More", exact=True).click()
    written = page.get_by_label("Message", exact=True)
    await written.fill("Half a sentence")
    for kind in kinds:
        name = f"The first {kind['noun']}"
        await panel.get_by_role("button", name=kind["plural"], exact=True).click()
        items = panel.locator(".hand__item")
        await expect(items).to_have_count(2)
        await panel.get_by_role("searchbox").fill(name[4:])
        await expect(items).to_have_count(1)
        look = items.get_by_role("button", name=re.compile(f"^{name}(?!:)"))
        await look.click()
        await expect(look).to_have_attribute("aria-expanded", "true")
        await expect(items.get_by_text("Mine now").first).to_be_visible()
        await items.get_by_role("button", name=f"Open {name}", exact=True).click()
        sheet = page.get_by_role("dialog", name=name, exact=True)
        await expect(sheet.get_by_role("region", name="Relations", exact=True)).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(sheet).to_have_count(0)
    await expect(written).to_have_value("Half a sentence")
    return await list_faults(page, "kinds beside the talk", sizes=[(1280, 800)])


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.deep)])
async def test_every_kind_is_made_found_edited_narrowed_and_deleted_on_the_page(
    kind_app: App, every: bool
) -> None:
    """The first of them and the one that is only declared; `every` one in the deep part. What the
    page makes of each declaration is tested by itself in tests/page."""
    campaign = (await make(kind_app, "campaigns", name="All kinds"))["id"]
    page = await open_book(kind_app, f"/campaigns/{campaign}")
    parts = page.get_by_role("navigation", name="Parts of the campaign", exact=True)
    kinds = await list_kinds(kind_app)
    assert [kind["name"] for kind in kinds][-1] == "vehicle"
    kinds = kinds if every else [kinds[0], kinds[-1]]
    for kind in kinds:
        # What there is none of takes no room.
        await expect(parts.get_by_role("link", name=kind["plural"])).to_have_count(0)
        await parts.get_by_role("link", name="More", exact=True).click()
        name = f"The first {kind['noun']}"
        sheet = await make_by_form(page, kind, name)
        await expect(
            parts.get_by_role("link", name=f"{kind['plural']} 1", exact=True)
        ).to_be_visible()
        at = f"campaigns/{campaign}/things/{kind['name']}"
        await edit_with_conflict(kind_app, page, kind, sheet, at)
        await make(kind_app, at, fields={"name": "Other one"})
        await find_in_list(page, kind, name)
        await delete_and_undo(page, name)
    last, first = (f"The first {kind['noun']}" for kind in (kinds[-1], kinds[0]))
    faults = await tag_several_by_keys(page, kinds[-1], ["Other one", last])
    faults += await relate_by_keys(kind_app, page, campaign, last, first)
    faults += await list_faults(page, "a list", sizes=[(1280, 800), (390, 844)])
    await parts.get_by_role("link", name="More", exact=True).click()
    await expect(page.get_by_role("region", name=re.compile("^What else"))).to_be_visible()
    faults += await list_faults(page, "more", sizes=[(390, 844), (1280, 800)])
    assert faults + await find_beside_the_talk(kind_app, page, campaign, kinds) == []
    print(f"{len(kinds)} kinds made, edited, found, narrowed, tagged and deleted")


async def test_a_kind_added_by_its_declaration_alone_is_proposed_mentioned_and_undone(
    kind_app: App,
) -> None:
    campaign = (await make(kind_app, "campaigns", name="The sea road"))["id"]
    at = f"campaigns/{campaign}/things/vehicle"
    gull = await make(kind_app, at, fields={"name": "The Gull", "description": "Leaks amidships"})
    proposal = block(
        {"kind": "ship", "fields": {"name": "Iron Duke", "hull": "iron", "description": "Fast."}}
    )
    said = f"Take [The Gull](ttrpg:vehicle/{gull['id']}), or a new one:\n\n{proposal}"
    provider = await kind_app.provide("openai", in_pieces(said))
    tab = await kind_app.open_tab(f"/session/{campaign}")
    await tab.page.wait_for_selector(f".table__general[data-linked='{campaign}']")
    await tab.send("Which ship leaves tonight?")
    await tab.wait_last("complete")
    assert "Leaks amidships" in prompt_of(provider.requests[-1])

    # Its card has its own words, is accepted, and undone.
    duke = card(tab.page, "Iron Duke")
    await expect(duke.locator("dt")).to_have_text(["Name", "Hull", "Description"])
    await duke.get_by_role("button", name="Accept", exact=True).click()
    await expect(duke).to_have_attribute("data-status", "accepted")
    assert [one["hull"] for one in (await get(kind_app, at))["things"]] == ["wood", "iron"][::-1]
    await duke.get_by_role("button", name="Undo", exact=True).click()
    await expect(duke).to_have_attribute("data-status", "undone")
    assert [one["name"] for one in (await get(kind_app, at))["things"]] == ["The Gull"]

    # A mention, the search and the palette open its sheet, which leads to paper and the archive.
    page = tab.page
    await tab.answer.get_by_role("link", name="The Gull", exact=True).click()
    sheet = page.get_by_role("dialog", name="The Gull", exact=True)
    await expect(sheet.get_by_text("Leaks amidships")).to_be_visible()
    await page.goto(f"{kind_app.server.address}/search?q=amidships")
    await page.get_by_role("link", name=re.compile("Vehicle · The sea road")).click()
    await sheet.get_by_role("link", name="Print", exact=True).click()
    await expect(page.locator(".paper")).to_contain_text("Leaks amidships")
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox").fill("gull")
    await page.get_by_role("option", name=re.compile("The Gull")).first.click()
    await sheet.get_by_role("button", name="Archive", exact=True).click()
    await expect(page.get_by_text("“The Gull” is archived.", exact=True)).to_be_visible()
    section = page.get_by_role("region", name=re.compile("Vehicles"))
    await expect(section.locator(".card")).to_have_count(0)
    await section.get_by_label("Include archived", exact=True).check()
    await expect(section.locator(".card")).to_have_count(1)
