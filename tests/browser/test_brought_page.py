"""What is said at the table, and what is imported, is told what it contradicts, on the page."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, Request, expect

from tests.browser.campaign_book import get, go, make, open_book, open_table
from tests.browser.everybody import list_faults
from tests.browser.running_app import App, run_app
from tests.browser.test_continuity_page import DEBT, PROMISE, SIZES, take_pictures
from tests.browser.test_files_page import choose
from tests.providers import Script

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SLOW = (str(Path(__file__).with_name("slow_looks_server.py")),)
IN_TALK = "Show contradictions while you write at the table"
SWITCH = re.compile("/contradictions/in-talk")
BROUGHT = re.compile("/contradictions/brought")
TOLD = "This contradicts what was there"


def find_told(page: Page) -> Locator:
    return page.get_by_role("region", name=TOLD, exact=True)


async def lay(app: App) -> Any:
    """A campaign in which Tomas died in the first game session, and the second runs."""
    campaign = await make(app, "campaigns", name="The Salt Road")
    path = f"campaigns/{campaign['id']}"
    for name in ("Tomas", "Mira"):
        await make(app, f"{path}/npcs", name=name)
    for text in ("Tomas died at the ford.", None):
        game = await make(app, f"{path}/game-sessions")
        await make(app, f"game-sessions/{game['id']}/start")
        if text is not None:
            await make(app, f"game-sessions/{game['id']}/notes", text=text)
            await make(app, f"game-sessions/{game['id']}/end")
    return campaign["id"]


async def test_who_acts_after_their_death_brings_a_card_behind_the_first_word_of_the_answer(
    app: App,
) -> None:
    campaign_id = await lay(app)
    provider = await app.provide(
        "openai", Script(chunks=("He ", "smiles."), stalls=(0, 1)), *[Script()] * 3
    )
    tab = await open_table(app, campaign_id)
    page, asked = tab.page, list[str]()

    def note(request: Request) -> None:
        if BROUGHT.search(request.url):
            asked.append(request.url)

    page.on("request", note)
    await tab.send("Tomas pours them a drink. What does he say?")
    await tab.wait_phase("streaming")
    told = find_told(page)
    assert asked == []
    provider.release()
    await expect(told).to_contain_text("“Tomas pours them a drink.”")
    await expect(told).to_contain_text("“Tomas died at the ford.”")
    await tab.wait_phase("streaming")  # the answer goes on beside it
    assert len(asked) == 1
    assert await list_faults(page, "what was said contradicts", sizes=SIZES) == []
    await take_pictures(page, "said")
    provider.release()
    await tab.wait_last("complete")

    # On another device it is not told again.
    other = await open_table(app, campaign_id)
    await other.wait_last("complete")
    async with other.page.expect_request(BROUGHT) as asking:
        await other.send("Mira smiles.")
        await other.wait_last("complete")
    assert (await asking.value).url.count("by=") == 1
    await expect(find_told(other.page)).to_have_count(0)
    await tab.wait_last("complete")

    turn_off = told.get_by_role("button", name="Do not show this at the table", exact=True)
    await turn_off.press("Enter")
    await expect(told).to_have_count(0)
    await page.get_by_role("button", name="Undo", exact=True).last.click()
    await expect(told).to_have_count(1)
    let_rest = told.get_by_role("button", name=re.compile("^Let it rest"))
    await let_rest.press("Enter")
    await expect(told).to_have_count(0)
    await page.get_by_role("button", name="Undo", exact=True).last.click()
    await let_rest.press("Enter")
    await expect(told).to_have_count(0)
    async with page.expect_response(BROUGHT) as answered:
        await tab.send("Tomas laughs and leaves.")
        await tab.wait_last("complete")
    brought = (await (await answered.value).json())["brought"]
    assert [one["contradictions"] for one in brought] == [[]]
    await expect(told).to_have_count(0)

    await go(page, "/settings")
    shown = page.get_by_role("checkbox", name=IN_TALK, exact=True)
    await expect(shown).to_be_checked()
    async with page.expect_response(SWITCH):
        await shown.uncheck()
    assert await get(app, "contradictions/in-talk") == {"is_on": False}
    await page.locator("#contradictions-title").scroll_into_view_if_needed()
    await take_pictures(page, "settings")
    async with page.expect_response(SWITCH):
        await shown.check()
    assert await get(app, "contradictions/in-talk") == {"is_on": True}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def slow_server(
    tmp_path_factory: pytest.TempPathFactory, page_browser: Browser, chromium: Path
) -> AsyncIterator[App]:
    folder = tmp_path_factory.mktemp("slow")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEST_LOOKS_HELD", str(folder / "held"))
        async with run_app(folder, page_browser, chromium, launcher=SLOW) as app:
            yield app


@pytest_asyncio.fixture(loop_scope="session")
async def slow_app(slow_server: App) -> AsyncIterator[App]:
    """A server that looks for contradictions only while the file `held` is not beside its own."""
    await slow_server.make_ready()
    yield slow_server
    await slow_server.clean_up()


@pytest.mark.xdist_group("slow looks")
async def test_an_import_is_told_what_it_contradicts_also_when_the_look_takes_long(
    slow_app: App, tmp_path: Path
) -> None:
    app, held = slow_app, slow_app.server.data_dir.with_name("held")
    campaign = await make(app, "campaigns", name="The Salt Road")
    for place in ("Tarrow", "Vesk"):
        await make(app, f"campaigns/{campaign['id']}/facts", text=f"Ilvane was born in {place}.")
    card = {"name": "Ilvane", "description": "A ferryman.", "spec": "chara_card_v2"}
    (tmp_path / "ilvane.json").write_text(json.dumps({**card, "data": card}), encoding="utf-8")
    held.touch()
    page = await open_book(app, "/import")
    await page.clock.install()
    await choose(page, tmp_path / "ilvane.json")
    await expect(page.get_by_role("checkbox", name="Import Ilvane", exact=True)).to_be_checked()
    await page.get_by_role("combobox", name="Campaign", exact=True).select_option(campaign["id"])
    await page.get_by_role("button", name="Import", exact=True).click()
    await expect(page.get_by_text("1 thing made.", exact=True)).to_be_visible()
    await expect(page.get_by_text(re.compile("Still looking for contradictions"))).to_be_visible()
    await take_pictures(page, "still_looking")
    for seconds in (2, 4, 8, 16):
        async with page.expect_response(BROUGHT):
            await page.clock.fast_forward(seconds * 1000)
    await expect(page.get_by_text("The look for contradictions has not finished.")).to_be_visible()
    assert await list_faults(page, "a look is not finished", sizes=SIZES) == []
    await take_pictures(page, "not_looked")
    held.unlink()
    await page.get_by_role("button", name="Look again", exact=True).press("Enter")
    told = find_told(page)
    await expect(told).to_contain_text("“Ilvane was born in Tarrow.”")
    await expect(told).to_contain_text("“Ilvane was born in Vesk.”")
    assert await list_faults(page, "what was imported contradicts", sizes=SIZES) == []
    await take_pictures(page, "imported")
    await told.get_by_role("button", name=re.compile("^Retcon the old one")).press("Enter")
    await expect(told).to_have_count(0)


async def test_a_look_of_a_model_that_was_killed_goes_on_and_one_that_was_stopped_says_so(
    app: App,
) -> None:
    campaign = await make(app, "campaigns", name="The Salt Road")
    path = f"campaigns/{campaign['id']}"
    await make(app, f"{path}/npcs", name="Mira")
    game = await make(app, f"{path}/game-sessions", title="The ford")
    for text in (PROMISE, DEBT):
        await make(app, f"game-sessions/{game['id']}/notes", text=text)
    for what in ("start", "end"):
        await make(app, f"game-sessions/{game['id']}/{what}")
    said = [
        {"kind": "owed", "lines": [1, 2, 3, 4], "quote": "the guild of Tarrow remembers who lent"}
    ]
    stalled = Script(chunks=(json.dumps(said),), stalls=(0,))
    provider = await app.provide("openai", stalled, stalled, Script(chunks=stalled.chunks))
    page = await open_book(app, f"/campaigns/{campaign['id']}")
    threads = page.get_by_role("region", name="Loose threads", exact=True)
    await threads.get_by_role("button", name="Let the model look too", exact=True).press("Enter")
    reads = threads.get_by_text(re.compile("The model reads part 1 of"))
    await expect(reads).to_be_visible()
    await provider.wait_stalled()
    await app.server.restart()
    await provider.wait_stalled()
    await page.reload()
    await expect(reads).to_be_visible()
    await threads.get_by_role("button", name="Stop", exact=True).press("Enter")
    await expect(threads.get_by_text("The model has not read everything.")).to_be_visible()
    assert await list_faults(page, "a look was stopped", sizes=SIZES) == []
    await take_pictures(page, "stopped")
    provider.release(20)
    await threads.get_by_role("button", name="Let the model go on", exact=True).press("Enter")
    await expect(threads.get_by_text("The model has looked:")).to_be_visible()
    await expect(threads.get_by_text(DEBT)).to_be_visible()
