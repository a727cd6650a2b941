"""The browser cannot keep what it should: the text stays, and the page says how it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.faults.browser import OUTBOX, Guest, Tab
from tests.faults.proxy import TURNS
from tests.faults.table import Table, until

pytestmark = [
    pytest.mark.fault,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
]

NO_INDEXEDDB = """
IDBFactory.prototype.open = () => { throw new DOMException("broken", "UnknownError"); };
"""
LATE_QUOTA = """
(() => {
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (...given) {
    if (window.full) throw new DOMException("full", "QuotaExceededError");
    return add.apply(this, given);
  };
})();
"""


async def check_sends_without_keeping(table: Table, tab: Tab) -> None:
    """A text leaves the composer only when the server has it."""
    held = table.proxy.hold(TURNS)
    await tab.press_enter("one")
    await held.reached.wait()
    await tab.wait_composer("one")
    assert table.said() == []
    held.release()
    await tab.wait_composer("")
    await tab.wait_answered(1)
    table.proxy.answer(TURNS, 503)
    await tab.press_enter("two")
    await tab.page.locator(".composer__why--refused").wait_for()
    await tab.wait_composer("two")
    await tab.composer.press("Enter")
    await tab.wait_composer("")
    await tab.wait_answered(2)
    await table.wait_settled()
    table.check_once("one", "two")


async def test_row_17_without_room_in_the_browser_the_text_stays_until_the_server_has_it(
    table: Table, fresh_profile: Guest
) -> None:
    page = await fresh_profile.context.new_page()
    devtools = await fresh_profile.context.new_cdp_session(page)
    await devtools.send(
        "Storage.overrideQuotaForOrigin", {"origin": fresh_profile.address, "quotaSize": 1}
    )
    await page.goto(f"{fresh_profile.address}/chat?token={fresh_profile.token}")
    tab = Tab(page)
    await tab.wait_ready()
    await check_sends_without_keeping(table, tab)
    await tab.wait_banner("degraded")


async def test_row_17_room_that_runs_out_later_loses_nothing_either(
    table: Table, fresh_profile: Guest
) -> None:
    await fresh_profile.context.add_init_script(LATE_QUOTA)
    tab = await fresh_profile.open_tab()
    await tab.page.evaluate("window.full = true")
    await check_sends_without_keeping(table, tab)


async def test_row_18_where_indexeddb_does_not_open_only_the_servers_word_clears_the_composer(
    table: Table, fresh_profile: Guest
) -> None:
    await fresh_profile.context.add_init_script(NO_INDEXEDDB)
    tab = await fresh_profile.open_tab()
    await tab.wait_banner("degraded")
    await expect(tab.page.locator("[data-persistence]")).to_contain_text("cannot keep")
    await check_sends_without_keeping(table, tab)


async def test_row_18_a_damaged_outbox_is_told_and_the_page_goes_on(
    table: Table, tmp_path: Path
) -> None:
    async with table.browser(tmp_path / "profile") as profile:
        tab = await profile.open_tab()
        await table.proxy.down()
        await tab.send("lost with the browser's file")
        await tab.wait_sign("lost with the browser's file", "on_device")
        await profile.close()
        (manifest,) = tmp_path.glob("profile/**/*.indexeddb.leveldb/MANIFEST-*")
        manifest.write_bytes(b"\xff" * manifest.stat().st_size)
        await table.proxy.up()
        await profile.reopen()
        tab = await profile.open_tab()
        await tab.wait_banner("degraded")
        await expect(tab.page.locator("[data-persistence]")).to_contain_text("cleared")
        await tab.send("said afterwards")
        await tab.wait_sign("said afterwards", "saved")
    await table.wait_settled()
    assert table.said() == ["said afterwards"]


async def test_row_19_cleared_site_data_touches_nothing_saved_and_is_told(
    table: Table, profile: Guest
) -> None:
    tab = await profile.open_tab()
    await tab.send("saved")
    await tab.wait_answered(1)
    await table.proxy.down()
    await tab.send("lost with the site's data")
    await tab.wait_sign("lost with the site's data", "on_device")
    await tab.page.close()
    blank = await profile.context.new_page()
    devtools = await profile.context.new_cdp_session(blank)
    await devtools.send(
        "Storage.clearDataForOrigin",
        {"origin": profile.address, "storageTypes": "indexeddb,local_storage"},
    )
    # Only now the network: a closing tab may try once more while its process goes away.
    held = table.proxy.hold(TURNS, times=None)
    await table.proxy.up()
    tab = await profile.open_tab()
    await tab.wait_banner("degraded")
    await expect(tab.page.locator("[data-persistence]")).to_contain_text("cleared")
    assert not held.reached.is_set()
    await tab.wait_contents("saved", role="user")
    assert table.said() == ["saved"]


NEXT_BUILD = """
    upgrade(database, old) {
      if (old >= 1) return;
"""


async def test_row_22_an_old_tab_says_so_after_an_upgrade_and_its_outbox_is_delivered(
    table: Table, fresh_profile: Guest
) -> None:
    old = await fresh_profile.open_tab()
    await table.proxy.down()
    await old.send("one")
    await old.wait_sign("one", "on_device")
    held = table.proxy.hold(TURNS, times=None)
    await table.proxy.up()

    await fresh_profile.context.route(OUTBOX, serve_next_build)
    new = await fresh_profile.open_tab()
    await until(lambda: _says(old.page, "older than another open one"))
    await new.wait_sign("one", "on_device")
    held.release()
    await new.wait_sign("one", "saved")
    await old.press_enter("two")
    await old.page.locator(".composer__why--refused").wait_for()
    await old.wait_composer("two")
    await old.page.get_by_role("button", name="Reload", exact=True).click()
    await old.wait_composer("two")
    await old.composer.press("Enter")
    await old.wait_sign("two", "saved")
    await table.wait_settled()
    table.check_once("one", "two")


async def serve_next_build(route: object) -> None:
    """The same store, one version on."""
    answer = await route.fetch()  # type: ignore[attr-defined]
    text = await answer.text()
    changed = text.replace('openDB("ttrpg-assistant", VERSION', 'openDB("ttrpg-assistant", 2')
    changed = changed.replace("    upgrade(database) {\n", NEXT_BUILD.lstrip("\n"))
    assert changed.count('"ttrpg-assistant", 2') == changed.count("old >= 1") == 1
    await route.fulfill(response=answer, body=changed)  # type: ignore[attr-defined]


async def _says(page: Page, words: str) -> bool:
    return words in await page.inner_text("body")
