"""The browser or a part of it dies: what was accepted arrives all the same, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.browser import DURABILITY, Guest
from tests.faults.proxy import TURNS
from tests.faults.table import Table

pytestmark = [
    pytest.mark.fault,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
]


async def test_row_03_a_killed_browser_delivers_what_waited_when_it_is_opened_again(
    table: Table, tmp_path: Path
) -> None:
    async with table.browser(tmp_path / "profile") as profile:
        tab = await profile.open_tab()
        held = table.proxy.hold(TURNS, times=None)
        for content in ("one", "two", "three"):
            await tab.send(content)
        await held.reached.wait()
        await tab.press_enter("four")
        await profile.kill()
        held.release()
        await profile.reopen()
        tab = await profile.open_tab()
        await tab.wait_answered(3)
        await table.wait_settled()
        said = table.said()
        assert said[:3] == ["one", "two", "three"]
        if said[3:] != ["four"]:
            assert said[3:] == []
            assert await tab.composer.input_value() in ("four", "")
        assert all(table.provider.calls[content] == 1 for content in said)


async def test_row_04_a_crashed_tab_lets_go_and_another_tab_delivers(
    table: Table, profile: Guest
) -> None:
    first, second = await profile.open_tab(), await profile.open_tab()
    await table.proxy.down()
    await first.send("one")
    await first.send("two")
    await first.crash()
    await table.proxy.up()
    await second.wait_answered(2)
    await table.wait_settled()
    table.check_once("one", "two")


async def test_row_07_when_the_delivering_tab_dies_another_sends_under_the_same_id(
    table: Table, profile: Guest
) -> None:
    first, second = await profile.open_tab(), await profile.open_tab()
    held = table.proxy.hold(TURNS)
    await first.send("one")
    await held.reached.wait()
    await first.crash()
    await second.wait_answered(1)
    held.release()
    await table.wait_settled()
    requests = table.proxy.seen(TURNS)
    assert len(requests) == 2
    assert requests[0].body == requests[1].body
    table.check_once("one")


async def test_row_05_the_page_asks_the_browser_to_flush_before_it_calls_a_message_kept(
    table: Table, fresh_profile: Guest
) -> None:
    await fresh_profile.context.add_init_script(DURABILITY)
    tab = await fresh_profile.open_tab()
    await tab.send("one")
    await tab.wait_answered(1)
    writes = await tab.page.evaluate("window.writes")
    assert writes and set(writes) == {"strict"}
