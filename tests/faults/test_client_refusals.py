"""The server does not take what is sent: the page keeps it, says so, and sends it later."""

from __future__ import annotations

import json
import time

import pytest

from tests.faults.browser import Guest
from tests.faults.checker import Evidence, View, honest_state
from tests.faults.proxy import TURNS, Request
from tests.faults.recorder import Recorder
from tests.faults.table import Table, until

pytestmark = [
    pytest.mark.fault,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
]

REFUSAL = json.dumps({"code": "invalid_input", "detail": "This cannot be taken."}).encode()
FULL = json.dumps({"code": "persistence_unavailable", "detail": "Nothing can be saved."}).encode()


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
    refused = tab.page.get_by_role("group", name="This message is not saved")
    for name in ("Retry", "Edit", "Copy", "Discard"):
        assert await refused.get_by_role("button", name=name).is_visible()
    assert "This cannot be taken." in await refused.inner_text()
    table.proxy.clear()
    await refused.get_by_role("button", name="Retry").click()
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
    (table.server.data_dir / "access.key").unlink()
    old_token, table.server.token = table.server.token, "another-token"
    try:
        await table.server.start()
        await tab.page.get_by_label("Start link or token").wait_for()
        assert "kept on this device" in await tab.page.inner_text("main")
        assert [entry["content"] for entry in await tab.waiting()] == ["two"]
        await tab.page.get_by_label("Start link or token").fill("another-token")
        await tab.page.get_by_role("button", name="Go in").click()
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


async def test_row_15_a_server_that_is_down_is_told_although_the_browser_says_online(
    table: Table, profile: Guest
) -> None:
    """The banner is there within two seconds of the failed write and goes with a real one."""
    record = Recorder()
    tab = await profile.open_tab()
    await table.server.kill()
    await tab.send("one")
    record.note("tab", "failed_write", "ok")
    await tab.wait_banner("degraded")
    record.note("tab", "banner", "ok", kind="degraded")
    assert await tab.page.evaluate("navigator.onLine") is True
    await tab.wait_sign("one", "not_saved")
    await table.server.start()
    await tab.wait_sign("one", "saved")
    record.note("tab", "send", "ok", "one")
    await tab.wait_banner(None)
    record.note("tab", "banner", "ok", kind="")
    assert list(honest_state(Evidence(record.events, View("the file", ())))) == []
    await table.wait_settled()
    table.check_once("one")


async def test_a_refused_write_is_told_within_two_seconds_and_until_one_succeeds(
    table: Table, profile: Guest
) -> None:
    record = Recorder()
    tab = await profile.open_tab()
    rule = table.proxy.answer(TURNS, 503, times=None, body=FULL)
    await tab.send("one")
    await until(rule.reached.is_set)
    record.note("tab", "failed_write", "ok")
    await tab.page.wait_for_selector("[data-persistence]")
    record.note("tab", "banner", "ok", kind="degraded")
    await tab.wait_sign("one", "not_saved")
    assert await tab.page.locator("[data-persistence]").count() == 1
    table.proxy.clear()
    await tab.page.get_by_role("button", name="Retry").first.click()
    await tab.wait_sign("one", "saved")
    record.note("tab", "send", "ok", "one")
    await tab.wait_banner(None)
    record.note("tab", "banner", "ok", kind="")
    assert list(honest_state(Evidence(record.events, View("the file", ())))) == []
    table.check_once("one")


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
    assert await tab.composer.input_value() == "one too many"
    assert len(await tab.waiting()) == 100
    await table.proxy.up()
    await tab.wait_sign(contents[-1], "saved")
    await tab.composer.press("Enter")
    await tab.wait_sign("one too many", "saved")
    assert table.said() == [*contents, "one too many"]


async def test_row_20_order_comes_from_the_server_and_not_from_any_clock(
    table: Table, profile: Guest
) -> None:
    behind, ahead = await profile.open_tab(), await profile.open_tab()
    day = 24 * 3600
    await behind.page.clock.set_system_time(time.time() - day)
    await ahead.page.clock.set_system_time(time.time() + day)
    for number, tab in enumerate((ahead, behind, ahead, behind)):
        await tab.send(f"turn{number}")
        await tab.wait_sign(f"turn{number}", "saved")
    contents = [f"turn{number}" for number in range(4)]
    for tab in (behind, ahead):
        await tab.wait_answered(4)
        assert [line.text for line in await tab.lines() if line.role == "user"] == contents
    await table.wait_settled()
    table.check_once(*contents)
