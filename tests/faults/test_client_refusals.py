"""The server does not take what is sent: the page keeps it, says so, and sends it later."""

from __future__ import annotations

import json
import time

import pytest
from playwright.async_api import Page, expect

from tests.faults.browser import Guest
from tests.faults.checker import Evidence, View, honest_state
from tests.faults.proxy import TURNS, Request
from tests.faults.recorder import Event
from tests.faults.table import Table, until

pytestmark = [
    pytest.mark.fault,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
]

REFUSAL = json.dumps({"code": "invalid_input", "detail": "This cannot be taken."}).encode()
NOTHING_SAVED = {"code": "persistence_unavailable", "detail": "Nothing can be saved."}
UNAVAILABLE = json.dumps(NOTHING_SAVED).encode()
EVERY_WRITE = r"POST /api/[a-z-]+/[^/]+/(turns|messages)"
"""What the page posts to store something said, also once it was answered without a database."""

NOTE_WRITES_AND_BANNERS = """
(() => {
  window.noted = [];
  let shown = "";
  const note = (op, more) => window.noted.push({ op, t: performance.now() / 1000, ...more });
  const real = window.fetch;
  window.fetch = async (...given) => {
    const isTurn = given[1]?.method === "POST" && /\\/(turns|messages)$/.test(given[0]);
    try {
      const answer = await real(...given);
      if (isTurn && answer.ok) note("send");
      else if (isTurn && !shown) note("failed_write");
      return answer;
    } catch (error) {
      if (isTurn && !shown) note("failed_write");
      throw error;
    }
  };
  new MutationObserver(() => {
    const kind = document.querySelector("[data-persistence]")?.dataset.persistence ?? "";
    if (kind !== shown) note("banner", { kind });
    shown = kind;
  }).observe(document, { childList: true, subtree: true, attributes: true });
})();
"""
"""Writes that failed before anything was told, writes that succeeded, and every banner."""

FILL_OUTBOX = """
contents => new Promise((done, fail) => {
  const open = indexedDB.open("ttrpg-assistant");
  open.onsuccess = () => {
    const tx = open.result.transaction("outbox", "readwrite");
    const store = tx.objectStore("outbox");
    store.getAll().onsuccess = ({ target }) => {
      const { order, ...first } = target.result[0];
      for (const content of contents) store.add({ ...first, id: crypto.randomUUID(), content });
    };
    tx.oncomplete = () => { open.result.close(); done(); };
    tx.onerror = () => fail(tx.error);
  };
})
"""
"""Puts more entries behind the first, as if each had been sent."""

DROP_FROM_OUTBOX = """
contents => new Promise((done, fail) => {
  const open = indexedDB.open("ttrpg-assistant");
  open.onsuccess = () => {
    const tx = open.result.transaction("outbox", "readwrite");
    tx.objectStore("outbox").openCursor().onsuccess = ({ target }) => {
      if (!target.result) return;
      if (contents.includes(target.result.value.content)) target.result.delete();
      target.result.continue();
    };
    tx.oncomplete = () => { open.result.close(); done(); };
    tx.onerror = () => fail(tx.error);
  };
})
"""
"""Takes entries out again, as if each had been delivered."""


def says(text: str) -> object:
    """Whether a request carries this text."""
    return lambda request: isinstance(request, Request) and text.encode() in request.body


async def test_row_12_a_message_the_server_never_takes_is_set_aside_and_the_next_go_on(
    table: Table, profile: Guest
) -> None:
    tab = await profile.open_tab()
    table.proxy.rule(TURNS, answer=(422, REFUSAL), times=None, only=says("poison"))
    await tab.send("poison")
    await tab.wait_sign("poison", "refused")
    await tab.send("one")
    await tab.send("two")
    await tab.wait_sign("two", "saved")
    refused = tab.page.get_by_role("group", name="This message is not saved", exact=True)
    for name in ("Retry", "Edit", "Copy", "Discard"):
        await expect(refused.get_by_role("button", name=name, exact=True)).to_be_visible()
    await expect(refused).to_contain_text("This cannot be taken.")
    table.proxy.clear()
    await refused.get_by_role("button", name="Retry", exact=True).click()
    await tab.wait_sign("poison", "saved")
    await table.wait_settled()
    table.check_once("one", "two", "poison")


async def test_row_13_a_page_that_is_shut_out_keeps_what_is_written_and_sends_it_when_let_in(
    table: Table, profile: Guest
) -> None:
    tab = await profile.open_tab()
    await tab.send("one")
    await tab.wait_answered(1)
    await table.server.kill()
    await tab.send("two")
    old_token, table.server.token = table.server.token, "another-token-of-the-table"
    try:
        await table.server.start()
        await tab.page.get_by_label("Start link or token", exact=True).wait_for()
        await expect(tab.page.locator("main")).to_contain_text("kept on this device")
        assert [entry["content"] for entry in await tab.waiting()] == ["two"]
        await tab.page.get_by_label("Start link or token", exact=True).fill(
            "another-token-of-the-table"
        )
        await tab.page.get_by_role("button", name="Sign in", exact=True).click()
        await tab.wait_answered(2)
        await table.wait_settled()
        table.check_once("one", "two")
    finally:
        table.server.token = old_token
        await table.server.restart()


async def test_row_14_what_is_sent_while_offline_goes_out_in_order_afterwards(
    table: Table, profile: Guest
) -> None:
    tab = await profile.open_tab()
    await profile.context.set_offline(True)
    contents = [f"offline{number}" for number in range(5)]
    for content in contents:
        await tab.send(content)
    await tab.wait_banner("degraded")
    await tab.wait_sign(contents[-1], "on_device")
    assert table.said() == []
    await profile.context.set_offline(False)
    await tab.wait_answered(5)
    await tab.wait_banner(None)
    await table.wait_settled()
    table.check_once(*contents)


async def list_facts(page: Page) -> list[Event]:
    """What the page itself has noted, by its own clock."""
    noted = await page.evaluate("window.noted")
    return [Event(fact["t"], "tab", fact["op"], "ok", facts=fact) for fact in noted]


async def check_honest(page: Page) -> None:
    """Told within two seconds of the first failed write, and until one has succeeded."""
    facts = await list_facts(page)
    banners = [bool(fact.facts["kind"]) for fact in facts if fact.op == "banner"]
    assert banners[0] and not banners[-1], facts
    assert list(honest_state(Evidence(facts, View("the file", ())))) == []


async def test_row_15_a_server_that_is_down_is_told_although_the_browser_says_online(
    table: Table, fresh_profile: Guest
) -> None:
    await fresh_profile.context.add_init_script(NOTE_WRITES_AND_BANNERS)
    tab = await fresh_profile.open_tab()
    await table.server.kill()
    await tab.send("one")
    await tab.wait_banner("degraded")
    assert await tab.page.evaluate("navigator.onLine") is True
    await tab.wait_sign("one", "not_saved")
    await table.server.start()
    await tab.wait_sign("one", "saved")
    await tab.wait_banner(None)
    await check_honest(tab.page)
    await table.wait_settled()
    table.check_once("one")


async def test_a_refused_write_is_told_within_two_seconds_and_until_one_succeeds(
    table: Table, fresh_profile: Guest
) -> None:
    await fresh_profile.context.add_init_script(NOTE_WRITES_AND_BANNERS)
    tab = await fresh_profile.open_tab()
    rule = table.proxy.answer(EVERY_WRITE, 503, times=None, body=UNAVAILABLE)
    await tab.send("one")
    await until(lambda: rule.hits >= 3)
    await tab.page.wait_for_selector("[data-persistence]")
    assert "failed_write" in {fact.op for fact in await list_facts(tab.page)}
    # While it stands: once writes are let through the banner may go before a hand reaches it.
    tried = rule.hits
    await (
        tab.page.locator("[data-persistence]")
        .get_by_role("button", name="Retry", exact=True)
        .click()
    )
    await until(lambda: rule.hits > tried)
    table.proxy.clear()
    await tab.page.evaluate("dispatchEvent(new Event('focus'))")
    await tab.wait_sign("one", "saved")
    await tab.wait_banner(None)
    await check_honest(tab.page)
    assert table.said() == ["one"]


async def test_row_16_the_hundred_and_first_message_is_refused_and_its_text_kept(
    table: Table, profile: Guest
) -> None:
    table.provider.words = 1
    tab = await profile.open_tab()
    await table.proxy.down()
    contents = [f"queued{number}" for number in range(100)]
    await tab.send(contents[0])
    await tab.page.evaluate(FILL_OUTBOX, contents[1:99])
    await tab.send(contents[99])
    await tab.press_enter("one too many")
    await tab.page.get_by_role("alert").filter(has_text="hundred").wait_for()
    await tab.wait_composer("one too many")
    assert len(await tab.waiting()) == 100
    # That many can be delivered; each has its answer, and a few of them show the same.
    await tab.page.evaluate(DROP_FROM_OUTBOX, contents[5:95])
    contents[5:95] = []
    await table.proxy.up()
    await until(lambda: len(table.said()) == len(contents), 120)
    await tab.wait_sign(contents[-1], "saved")
    await tab.composer.press("Enter")
    await tab.wait_sign("one too many", "saved")
    assert table.said() == [*contents, "one too many"]


async def test_row_20_order_comes_from_the_server_and_not_from_any_clock(
    table: Table, fresh_profile: Guest
) -> None:
    behind, ahead = await fresh_profile.open_tab(), await fresh_profile.open_tab()
    day = 24 * 3600
    await behind.page.clock.set_system_time(time.time() - day)
    await ahead.page.clock.set_system_time(time.time() + day)
    for number, tab in enumerate((ahead, behind, ahead, behind)):
        await tab.send(f"turn{number}")
        await tab.wait_sign(f"turn{number}", "saved")
    contents = [f"turn{number}" for number in range(4)]
    for tab in (behind, ahead):
        await tab.wait_answered(4)
        await tab.wait_contents(*contents, role="user")
    await table.wait_settled()
    table.check_once(*contents)
