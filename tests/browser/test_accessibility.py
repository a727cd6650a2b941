"""The page for everybody: axe finds nothing, a keyboard is enough, text can be twice as large."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.campaign_book import go
from tests.browser.everybody import list_faults
from tests.browser.running_app import App, Sheet
from tests.providers import Script, words

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
NO_SIDEWAYS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
TALK = """## The harbour at night

It is **quiet**, and *cold*. See [the map](https://example.com/map):

| who | where |
|-----|------:|
| Mira | pier 7 |

1. wait
2. listen

> "Nobody comes here."

`2d6+3`
"""


async def check_axe(page: Page) -> None:
    """Axe finds nothing to complain of, in either theme."""
    assert not await list_faults(page)


async def set_table(app: App) -> None:
    """A conversation with something of everything in it."""
    await app.say("user", "Describe the harbour")
    await app.say("assistant", TALK)
    await app.say("user", "And then?")
    await app.say("assistant", "The bell", status="interrupted")


async def test_axe_finds_nothing_on_files_and_on_finding_ones_way(app: App, tmp_path: Path) -> None:
    await app.post("/api/campaigns", {"name": "Lamplight"})
    await set_table(app)
    tab = await app.open_tab(viewport=PHONE)
    await tab.choose_from_menu("Find in this conversation")
    await tab.page.locator(".find__words").fill("bell")
    await expect(tab.page.locator(".find__count")).to_have_text("1 of 1")
    await check_axe(tab.page)
    assert await tab.page.evaluate(NO_SIDEWAYS)
    await tab.choose_from_menu("Export this conversation")
    await check_axe(tab.page)
    await tab.page.goto(f"{app.server.address}/import")
    await tab.page.locator(".drop").wait_for()
    await check_axe(tab.page)
    (tmp_path / "evening.txt").write_text("GM: The gate.\nMira: I knock.\n", encoding="utf-8")
    await tab.page.locator(".drop__file").set_input_files(str(tmp_path / "evening.txt"))
    await expect(tab.button("Import")).to_be_enabled()
    await check_axe(tab.page)
    assert await tab.page.evaluate(NO_SIDEWAYS)
    (tmp_path / "npcs.csv").write_text("Name,Job,Shoes\nMira,smith,39\n", encoding="utf-8")
    (tmp_path / "Gull.md").write_text("# The Gull\nA tavern.\n# GM\nIt sinks.\n", encoding="utf-8")
    await tab.page.goto(f"{app.server.address}/import")
    files = [str(tmp_path / name) for name in ("npcs.csv", "Gull.md", "evening.txt")]
    await tab.page.locator(".drop__file").set_input_files(files)
    await tab.page.get_by_role("checkbox", name="Import Mira", exact=True).wait_for()
    for _ in ("light", "dark"):  # One theme at each look.
        await check_axe(tab.page)
    assert await tab.page.evaluate(NO_SIDEWAYS)


@pytest.mark.parametrize(
    "viewport",
    [
        pytest.param(DESKTOP, id="desktop"),
        pytest.param(PHONE, id="phone", marks=pytest.mark.deep),
    ],
)
async def test_axe_finds_nothing_on_the_chat_and_the_settings(
    app: App, viewport: dict[str, int]
) -> None:
    await set_table(app)
    tab = await app.open_tab(viewport=viewport)
    await check_axe(tab.page)
    assert await tab.page.evaluate(NO_SIDEWAYS)
    await tab.button("More").click()
    await check_axe(tab.page)
    await tab.page.keyboard.press("Escape")
    await tab.button("Past conversations").click()
    await tab.page.locator(".past__item").first.wait_for()
    await check_axe(tab.page)
    await tab.page.keyboard.press("Escape")
    await go(tab.page, "/settings")
    toggles = tab.page.locator(".provider__toggle")
    await toggles.first.wait_for()
    for toggle in await toggles.all():
        if await toggle.get_attribute("aria-expanded") == "false":
            await toggle.click()
    await check_axe(tab.page)
    assert await tab.page.evaluate(NO_SIDEWAYS)
    await tab.button("Choose a model").click()
    await tab.page.get_by_role("dialog").get_by_role("option").first.wait_for()
    await check_axe(tab.page)


async def test_axe_finds_nothing_when_things_go_wrong(app: App) -> None:
    await app.provide("openai", Script(chunks=words(4), stalls=(2,)))
    tab = await app.open_tab()
    await tab.send("Begin")
    await tab.wait_text("word1")
    await check_axe(tab.page)
    await app.server.kill()
    await tab.send("Are you there?")
    await tab.wait_banner("degraded")
    await check_axe(tab.page)
    await app.server.start()
    await tab.wait_banner(None)
    app.providers["openai"].release(4)
    stranger = await (await app.lend_context()).new_page()
    await stranger.goto(f"{app.server.address}/chat")
    await stranger.get_by_text("This browser is not signed in").wait_for()
    await check_axe(stranger)


async def test_zoomed_to_twice_the_size_nothing_has_to_be_scrolled_sideways(
    app: App,
) -> None:
    await set_table(app)
    half = {"width": 640, "height": 400}
    tab = await app.open_tab(viewport=half, device_scale_factor=2)
    assert await tab.page.evaluate(NO_SIDEWAYS)
    await expect(tab.composer).to_be_in_viewport()
    await expect(tab.button("Send")).to_be_in_viewport()
    await go(tab.page, "/settings")
    await tab.page.locator(".provider__toggle").first.wait_for()
    assert await tab.page.evaluate(NO_SIDEWAYS)


async def tab_to(tab: Sheet, name: str, *, back: bool = False) -> None:
    """Move the focus by the Tab key until it is on this."""
    for _ in range(80):
        focused = await tab.page.evaluate(
            """() => {
                const it = document.activeElement;
                return it?.getAttribute("aria-label") ?? it?.textContent?.trim() ?? "";
            }"""
        )
        if focused == name:
            return
        await tab.page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"the keyboard does not reach {name}")


async def test_a_keyboard_is_enough_to_send_stop_ask_again_and_choose_a_model(
    app: App,
) -> None:
    await app.provide(
        "openai", Script(chunks=words(6), stalls=(3,)), Script(chunks=("Another ", "one."))
    )
    tab = await app.open_tab()
    keys = tab.page.keyboard
    await expect(tab.composer).to_be_focused()
    await keys.type("Begin")
    await keys.press("Enter")
    await tab.wait_text("word2")
    await keys.press("Escape")
    await tab.wait_last("stopped")
    await expect(tab.composer).to_be_focused()
    await tab_to(tab, "Answer again", back=True)
    assert await tab.page.evaluate("document.activeElement.matches(':focus-visible')")
    await keys.press("Enter")
    await tab.wait_sign("Another one.", "complete")
    await tab_to(tab, "Earlier answer")
    await keys.press("Enter")
    await tab.wait_last("stopped")
    await tab_to(tab, "Settings", back=True)
    await keys.press("Enter")
    await expect(tab.page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    await tab.page.locator(".provider__toggle").first.wait_for()
    await tab_to(tab, "Use the built-in model")
    await keys.press("Enter")
    await expect(tab.page.locator(".current-model h3")).to_have_text("Built-in model")
    await tab_to(tab, "Chat", back=True)
    await keys.press("Enter")
    await expect(tab.composer).to_be_focused()
    await keys.press("Control+k")
    await expect(tab.page.get_by_role("dialog")).to_be_visible()
    await keys.press("Escape")
    await expect(tab.page.get_by_role("dialog")).to_have_count(0)


async def test_a_screen_reader_is_told_that_a_reply_has_finished_and_not_every_word(
    app: App,
) -> None:
    await app.provide("openai", Script(chunks=words(6), stalls=(3,)))
    tab = await app.open_tab()
    await tab.send("Begin")
    await tab.wait_text("word2")
    live = tab.page.locator("[aria-live=polite], [role=status]")
    assert "word2" not in "".join(await live.all_inner_texts())
    app.providers["openai"].release()
    await tab.wait_last("complete")
    await expect(tab.page.get_by_text("Answer finished.", exact=True)).to_have_count(1)
    await expect(tab.newest.get_by_text("Saved", exact=True)).to_have_count(1)
