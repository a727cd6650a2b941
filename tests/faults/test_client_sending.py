"""What a game master sends arrives once and in order, whatever the network does to it."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.browser import Guest
from tests.faults.proxy import TURNS
from tests.faults.table import Table

pytestmark = [
    pytest.mark.fault,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
]


async def test_row_01_leaving_the_conversation_while_a_message_is_on_its_way_sends_it_once(
    table: Table, profile: Guest
) -> None:
    tab = await profile.open_tab()
    held = table.proxy.hold(TURNS)
    await tab.send("one")
    await held.reached.wait()
    await tab.page.get_by_role("link", name="Settings", exact=True).first.click()
    await tab.page.wait_for_url("**/settings")
    held.release()
    await tab.page.go_back()
    await tab.wait_ready()
    await tab.send("two")
    await tab.wait_answered(2)
    await table.wait_settled()
    table.check_once("one", "two")
    await tab.wait_contents("one", table.answer("one").strip(), "two", table.answer("two").strip())


async def test_row_08_a_reply_lost_after_the_commit_is_asked_for_again_and_given_the_first_row(
    table: Table, profile: Guest
) -> None:
    tab = await profile.open_tab()
    table.proxy.drop_reply(TURNS)
    await tab.send("one")
    await tab.wait_answered(1)
    assert len(table.proxy.seen(TURNS)) >= 2
    await table.wait_settled()
    table.check_once("one")


async def test_row_09_a_request_that_arrives_twice_at_once_is_stored_and_answered_once(
    table: Table, profile: Guest
) -> None:
    tab = await profile.open_tab()
    table.proxy.duplicate(TURNS)
    for content in ("one", "two", "three"):
        await tab.send(content)
    await tab.wait_answered(3)
    await table.wait_settled()
    table.check_once("one", "two", "three")


async def test_row_10_a_slow_first_message_is_not_overtaken_by_the_second(
    table: Table, profile: Guest
) -> None:
    tab = await profile.open_tab()
    held = table.proxy.hold(TURNS)
    await tab.send("one")
    await held.reached.wait()
    await tab.send("two")
    await tab.wait_sign("two", "on_device")
    assert len(table.proxy.seen(TURNS)) == 1, "one in flight a conversation"
    held.release()
    await tab.wait_answered(2)
    await table.wait_settled()
    table.check_once("one", "two")


async def test_row_32_a_connection_cut_at_any_byte_of_a_request_or_answer_loses_nothing(
    table: Table, profile: Guest
) -> None:
    tab = await profile.open_tab()
    contents = [f"cut{number}" for number in range(6)]
    for number, content in enumerate(contents):
        if number % 2:
            table.proxy.rule(TURNS, cut_bytes=1 + 40 * number)
        else:
            table.proxy.rule(TURNS, cut_request=1 + 150 * number)
        await tab.send(content)
        await tab.wait_answered(number + 1)
    await table.wait_settled()
    table.check_once(*contents)


async def test_row_06_two_tabs_sending_at_once_show_one_order(table: Table, profile: Guest) -> None:
    table.provider.words = 2
    tabs = [await profile.open_tab(), await profile.open_tab()]
    each = 12

    async def send(tab: int) -> None:
        for number in range(each):
            await tabs[tab].send(f"t{tab}-{number}")

    await asyncio.gather(send(0), send(1))
    for tab in tabs:
        await tab.wait_answered(2 * each)
    await table.wait_settled()
    stored = [m["content"] for m in await table.history() if m["role"] == "user"]
    assert len(stored) == len(set(stored)) == 2 * each
    for tab in range(2):
        own = [content for content in stored if content.startswith(f"t{tab}-")]
        assert own == [f"t{tab}-{number}" for number in range(each)]
    for page in tabs:
        await page.wait_contents(*stored, role="user")
