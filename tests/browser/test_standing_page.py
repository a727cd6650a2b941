"""The page stands still: only the panes within it scroll, and none of them sideways."""

from __future__ import annotations

import pytest
from playwright.async_api import ViewportSize, expect

from tests.browser.campaign_book import SAMPLE, go, load_sample
from tests.browser.running_app import App

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

VIEWPORTS: list[ViewportSize] = [{"width": 1280, "height": 800}, {"width": 390, "height": 844}]

DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""What the page does for another width is done."""

LOOSE = """() => {
    const { scrollHeight, scrollWidth } = document.scrollingElement;
    const told = [];
    if (scrollHeight > innerHeight) told.push(`the page is ${scrollHeight} high`);
    if (scrollWidth > innerWidth) told.push(`the page is ${scrollWidth} wide`);
    const panes = ".book, .settings, .timeline__scroll, .table__part, .wizard__page, .opened__talk";
    for (const pane of document.querySelectorAll(panes)) {
        if (pane.scrollWidth > pane.clientWidth) {
            told.push(`${pane.className} is ${pane.scrollWidth} wide in ${pane.clientWidth}`);
        }
    }
    for (const sign of document.querySelectorAll(".shell :is(.sr-only, input)")) {
        if (sign.offsetParent === document.body) told.push(`${sign.outerHTML} hangs on the page`);
    }
    return told;
}"""
"""What can be scrolled that should stand still."""


FIRST = 5
"""Screens that are looked at in each run: those with panes of their own."""


@pytest.mark.parametrize("everywhere", [False, pytest.param(True, marks=pytest.mark.deep)])
async def test_on_no_screen_does_the_page_itself_scroll(app: App, everywhere: bool) -> None:
    await load_sample(app)
    await app.fill(40)
    long = await app.say("assistant", "`" + "lamplight_" * 30 + "` shines. " + "A word. " * 300)
    page = (await app.open_tab()).page
    screens = {
        "/chat": "article.message",
        "/settings": ".provider__toggle",
        f"/campaigns/{SAMPLE}": ".book__title",
        f"/session/{SAMPLE}": ".table textarea.composer__text:not([disabled])",
        f"/search?q=lamplight*&message={long['id']}": ".opened__said--hit",
        "/campaigns": ".book__title",
        f"/campaigns/{SAMPLE}?part=npcs": ".book__title",
        "/wizard": ".wizard__page",
        "/import": ".drop",
    }
    told = []
    looked_at = list(screens.items())[: None if everywhere else FIRST]
    for path, sign in looked_at:
        await go(page, path)
        await expect(page.locator(sign).first).to_be_visible()
        await page.evaluate("document.fonts.ready")
        for size in VIEWPORTS:
            await page.set_viewport_size(size)
            await page.evaluate(DRAWN)
            where = f"{path} at {size['width']} px"
            told += [f"{where}: {fault}" for fault in await page.evaluate(LOOSE)]
            await page.mouse.move(30, 30)
            await page.mouse.wheel(0, 4000)
            assert await page.evaluate("scrollY") == 0, where
    print(f"{len(looked_at)} screens, in {len(VIEWPORTS)} sizes: {len(told)} that scroll")
    assert not told


async def test_an_address_that_cannot_be_read_leads_to_the_open_conversation(
    app: App,
) -> None:
    for path in ("/chat/%", "/chat/%E0%A4%A", "/campaigns/%zz"):
        tab = await app.open_tab(path)
        await expect(tab.composer).to_be_visible()
        assert tab.page.url.endswith("/chat")
        await tab.page.close()
