"""The stream of a reply is cut, refused, frozen, outlived: what is read stays the same."""

from __future__ import annotations

import json
import signal
from typing import Any

import httpx2
import psutil
import pytest
from playwright.async_api import Page

from tests.faults.browser import Guest, Tab
from tests.faults.checker import Evidence, View, resume_equality
from tests.faults.proxy import CHANGES, STREAM
from tests.faults.server import say
from tests.faults.table import Table, until
from ttrpg_assistant.ids import new_id

pytestmark = [
    pytest.mark.fault,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
]


class Reading:
    """One reader of a reply, from the first byte to `done`, through any number of cuts."""

    def __init__(self, table: Table, message_id: str) -> None:
        self.path = f"/api/replies/{message_id}/stream"
        self.table = table
        self.text = ""
        self.last_id: str | None = None
        self.stored: Any = None

    async def to_the_end(self) -> str:
        async with self.table.client() as client:
            while self.stored is None:
                headers = {} if self.last_id is None else {"Last-Event-ID": self.last_id}
                try:
                    async with client.stream("GET", self.path, headers=headers) as answer:
                        await self._read(answer)
                except httpx2.HTTPError:
                    continue
        return self.text

    async def _read(self, answer: Any) -> None:
        event: dict[str, str] = {}
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            if line:
                event[name] = value
                continue
            if "data" in event:
                body = json.loads(event["data"])
                if event["event"] == "snapshot":
                    self.text = body["content"]
                elif event["event"] == "text":
                    self.text += body["text"]
                elif event["event"] == "done":
                    self.stored = body["message"]
                self.last_id = event.get("id", self.last_id)
            event = {}


async def test_row_54_a_stream_cut_after_any_event_reads_like_one_that_was_not(
    table: Table,
) -> None:
    table.provider.words = 30
    table.provider.pace = 60
    transcripts = []
    async with table.client() as client:
        for after in (None, 1, 2, 3, 5):
            said = await say(client, table.chat_id, new_id(), f"cut{after}")
            if after is not None:
                table.proxy.cut_events(STREAM, after, times=8)
            reading = Reading(table, said.json()["assistant_message"]["id"])
            text = await reading.to_the_end()
            assert text == reading.stored["content"] == table.answer(f"cut{after}")
            transcripts.append(text.replace(f"cut{after}", "cut"))
            table.proxy.clear()
    assert not list(resume_equality(Evidence((), View("", ()), transcripts=transcripts)))


async def test_row_55_a_refusal_or_an_empty_answer_on_reconnect_is_tried_again(
    table: Table, profile: Guest
) -> None:
    table.provider.words = 40
    table.provider.script = {"stalls": (20,)}
    tab = await profile.open_tab()
    await tab.send("one")
    await table.provider.wait_stalled()
    table.proxy.answer(STREAM, 503)
    table.proxy.answer(STREAM, 204)
    table.proxy.answer(CHANGES, 204)
    before = len(table.proxy.seen(STREAM))
    table.proxy.cut_all()
    await until(lambda: len(table.proxy.seen(STREAM)) >= before + 3)
    table.provider.release()
    await tab.wait_answered(1)
    await tab.wait_contents(table.answer("one").strip(), role="assistant")


@pytest.mark.deep
async def test_row_56_seven_tabs_that_watch_a_reply_can_all_send(
    table: Table, profile: Guest
) -> None:
    table.provider.script = {"stalls": (3,)}
    tabs = [await profile.open_tab() for _ in range(7)]
    await tabs[0].send("one")
    await table.provider.wait_stalled()
    table.provider.script = {}
    for number, tab in enumerate(tabs):
        await tab.send(f"from{number}")
    for number, tab in enumerate(tabs):
        await tab.wait_sign(f"from{number}", "saved")
    table.provider.release()
    for tab in tabs:
        await tab.wait_answered(8)
    await table.wait_settled()
    table.check_once("one", *(f"from{number}" for number in range(7)))


async def test_row_57_an_offset_the_server_does_not_know_gives_the_text_anew_and_not_doubled(
    table: Table, profile: Guest
) -> None:
    table.provider.words = 60
    table.provider.script = {"stalls": (40,)}
    tab = await profile.open_tab()
    await tab.send("one")
    await table.provider.wait_stalled()
    await tab.page.locator("article.message").get_by_text("one#39").wait_for()
    await table.server.restart()  # the page has more of the text than was stored
    stored = (await table.wait_settled())[-1]
    assert stored["status"] == "interrupted"
    await tab.wait_sign("one", "saved")
    await tab.page.wait_for_selector("[data-sign=interrupted]")
    assert stored["content"].count("[Stream interrupted]") == 1
    await until(lambda: is_shown_last(tab, stored["content"]))
    async with table.client() as client:
        headers = {"Last-Event-ID": "999999"}
        path = f"/api/replies/{stored['id']}/stream"
        answer = await client.get(path, headers=headers)
        assert answer.text.count("event: snapshot") == 1
        assert answer.text.count("event: done") == 1


async def is_shown_last(tab: Tab, content: str) -> bool:
    """Whether the last message on the page is this, word for word."""
    return (await tab.lines())[-1].text.split() == content.split()


async def test_row_58_a_late_subscriber_of_one_answer_never_gets_the_next_one(
    table: Table, profile: Guest
) -> None:
    table.provider.script = {"stalls": (3,)}
    tab = await profile.open_tab()
    await tab.send("first")
    await table.provider.wait_stalled()
    held = table.proxy.hold(STREAM)
    table.proxy.cut_all()
    await held.reached.wait()
    first = (await table.history())[-1]
    async with table.server.client() as client:
        await client.post(f"/api/replies/{first['id']}/stop")
        table.provider.script = {}
        await say(client, table.chat_id, new_id(), "second")
    await table.wait_settled()
    held.release()
    await tab.wait_sign("second", "saved")
    await tab.wait_sign(table.answer("second").strip(), "complete")
    await tab.page.wait_for_selector("[data-sign=stopped]")
    answers = [line for line in await tab.lines() if line.role == "assistant"]
    assert [line.sign for line in answers] == ["stopped", "complete"]
    assert "second" not in answers[0].text
    await tab.wait_contents(answers[0].text, table.answer("second").strip(), role="assistant")


async def test_row_21_a_tab_that_was_frozen_while_a_reply_was_written_has_all_of_it_after(
    table: Table, profile: Guest
) -> None:
    table.provider.words = 40
    table.provider.script = {"stalls": (10,)}
    tab = await profile.open_tab()
    await tab.send("one")
    await table.provider.wait_stalled()
    await tab.page.locator("article.message").get_by_text("one#9").wait_for()
    pid = await renderer_of(tab.page)
    pid.send_signal(signal.SIGSTOP)
    try:
        table.provider.release()
        await table.wait_settled()
        table.proxy.cut_all()
    finally:
        pid.send_signal(signal.SIGCONT)
    await tab.wait_answered(1)
    await tab.wait_contents(table.answer("one").strip(), role="assistant")


async def renderer_of(page: Page) -> psutil.Process:
    """The process that runs the page: the one that works when the page is told to."""
    browser = page.context.browser
    assert browser is not None
    devtools = await browser.new_browser_cdp_session()
    found = await devtools.send("SystemInfo.getProcessInfo")
    pids = [p["id"] for p in found["processInfo"] if p["type"] == "renderer"]
    processes = [psutil.Process(pid) for pid in pids]
    before = {p.pid: p.cpu_times().user for p in processes}
    await page.evaluate("() => { const end = Date.now() + 400; while (Date.now() < end); }")
    return max(processes, key=lambda p: p.cpu_times().user - before[p.pid])


async def test_row_53_leaving_stops_nothing_and_only_stop_stops(
    table: Table, profile: Guest
) -> None:
    table.provider.script = {"stalls": (3,)}
    tab = await profile.open_tab()
    await tab.send("one")
    await table.provider.wait_stalled()
    await tab.page.close()
    table.provider.release()
    assert (await table.wait_settled())[-1]["status"] == "complete"
    tab = await profile.open_tab()
    await tab.send("two")
    await table.provider.wait_stalled()
    await tab.page.get_by_role("button", name="Stop the answer", exact=True).click()
    await tab.page.wait_for_selector("[data-sign=stopped]")
    stored = (await table.wait_settled())[-1]
    assert (stored["status"], stored["content"]) == ("stopped", "two#0 two#1 two#2 ")
