"""What the page asks for and holds on to: little, however long the conversation."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.running_app import App
from tests.faults.table import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FILES = """() => performance.getEntriesByType("resource")
    .filter(each => new URL(each.name).pathname.startsWith("/v/"))
    .map(each => [new URL(each.name).pathname, each.transferSize])"""

NODES = """() => {
    const walker = document.createTreeWalker(document);
    let count = 1;
    while (walker.nextNode()) count += 1;
    return count;
}"""

TO_THE_START = """() => {
    const scroller = document.querySelector(".timeline__scroll");
    scroller.scrollTop = 0;
    const first = document.querySelector("article.message .message__body");
    return first.innerText.trim() === "Line 0";
}"""


async def test_the_page_is_few_files_and_a_second_visit_asks_for_none(app: App) -> None:
    context = await app.new_context()
    tab = await app.open_tab(context=context)
    files = await tab.page.evaluate(FILES)
    assert len(files) < 20, files
    assert sum(path.endswith(("page.js", "page.css")) for path, _ in files) == 2
    again = await app.open_tab(context=context)
    assert {path for path, size in await again.page.evaluate(FILES) if size > 0} == set()


@pytest.mark.deep
async def test_lines_that_are_no_longer_shown_are_let_go(app: App) -> None:
    await app.fill(560)
    tab = await app.open_tab()

    async def is_reached() -> bool:
        return bool(await tab.page.evaluate(TO_THE_START))

    await until(is_reached)
    assert await tab.page.locator("article.message").count() <= 400
    devtools = await tab.page.context.new_cdp_session(tab.page)
    await devtools.send("Performance.enable")
    await devtools.send("HeapProfiler.collectGarbage")
    told: dict[str, Any] = await devtools.send("Performance.getMetrics")
    held = next(each["value"] for each in told["metrics"] if each["name"] == "Nodes")
    shown = await tab.page.evaluate(NODES)
    print(f"\n560 lines read to the first: {held:.0f} nodes in memory, {shown} on the page")
    assert held < 1.25 * shown, "what left the page is still in memory"
