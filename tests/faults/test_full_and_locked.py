"""A full disk and a locked file under the whole product, from the page's point of view."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest

from tests.faults.browser import Guest, Tab
from tests.faults.server import say
from tests.faults.table import Table, until
from tests.storage.processes import LOCKS, SHORT_LOCK, Child, child
from ttrpg_assistant.ids import new_id

pytestmark = [pytest.mark.fault, pytest.mark.asyncio(loop_scope="session")]

DISK = "8m"


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of eight megabytes. Needs root."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("NO SMALL DISK: a tmpfs cannot be mounted here (it needs root)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@asynccontextmanager
async def on_small_disk(table: Table, folder: Path) -> AsyncIterator[Path]:
    """The table's server moves to a small disk until the block ends."""
    with small_disk(folder) as disk:
        home = table.server.data_dir
        await table.server.kill()
        table.server.data_dir = disk / "data"
        table.server.data_dir.mkdir()
        try:
            await table.server.start()
            await table.begin_anew()
            yield disk
        finally:
            await table.server.kill()
            table.server.data_dir = home


def fill(disk: Path) -> Path:
    """Use up all there is, and give back what to delete."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, pytest.raises(OSError):
        while True:
            file.write(b"\0" * 4096)
    return ballast


async def test_row_35_a_disk_that_fills_up_during_a_reply_keeps_it_and_finishes_it_later(
    table: Table, tmp_path: Path
) -> None:
    table.provider.words = 400
    table.provider.script = {"stalls": (200,)}
    async with on_small_disk(table, tmp_path / "disk") as disk, table.client() as client:
        posted = (await say(client, table.chat_id, new_id(), "one")).json()
        message_id = posted["assistant_message"]["id"]
        await table.provider.wait_stalled()
        first_half = table.provider.count_sent("one")
        sql = "SELECT length(content) FROM messages WHERE id = ?"
        await until(lambda: table.rows(sql, message_id)[0][0] == first_half)
        ballast = fill(disk)
        refused = new_id()
        answer = await say(client, table.chat_id, refused, "two " + "x" * 40_000)
        assert answer.status_code == 507, answer.text
        assert answer.headers["Retry-After"]
        state = (await client.get("/api/persistence")).json()
        assert state["state"] == "unavailable"
        table.provider.release()
        # Finishing the reply fails too, for as long as there is no room.
        await until(lambda: "end_not_stored" in table.server.read_log())
        assert table.rows(sql, message_id)[0][0] == first_half
        ballast.unlink()
        stored = (await table.wait_settled())[-1]
        assert (stored["status"], stored["content"]) == ("complete", table.answer("one"))
        again = await say(client, table.chat_id, refused, "two " + "x" * 40_000)
        assert again.status_code == 202
        await until(lambda: _state(client))
        with closing(sqlite3.connect(table.server.database)) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def _state(client: object) -> bool:
    answer = await client.get("/api/persistence")  # type: ignore[attr-defined]
    return bool(answer.json()["state"] == "available")


@asynccontextmanager
async def locked(table: Table, *seconds: float) -> AsyncIterator[Child]:
    """Another program holds the write lock of the database, until told or for so long."""
    with child("hold", table.server.database, *seconds) as other:
        other.hear("held")
        yield other


@pytest.mark.browser
async def test_row_33_a_database_locked_for_a_second_is_not_noticed_in_the_page(
    table: Table, profile: Guest
) -> None:
    tab = await profile.open_tab()
    await tab.page.evaluate(WATCH_BANNERS)
    waits = [await seconds_of_a_send(tab, "before")]
    for number in range(1, LOCKS + 1):
        await tab.page.evaluate("window.banners = []")
        await tab.composer.fill(f"locked {number}")
        async with locked(table, 1.0) as other:
            await tab.composer.press("Enter")
            held = await asyncio.to_thread(other.hear_released)
        await tab.wait_answered(2 * number)
        banners, sends = await tab.page.evaluate("window.banners"), await tab.page.evaluate(SENDS)
        waits.append(await seconds_of_a_send(tab, f"after {number}"))
        if banners:
            # Right where the machine made the lock longer, or takes long for every message.
            is_quick = max(waits[-2:]) < QUICK_SEND
            assert not (held < SHORT_LOCK and is_quick), (banners, held, waits)
        elif sends[-1] > QUICK_SEND:
            break  # It met the lock.
    else:
        pytest.skip(f"NO SHORT LOCK: this machine made each of {LOCKS} long, or every send slow")
    await table.wait_settled()
    rounds = range(1, number + 1)
    table.check_once(
        "before", *(f"{word} {each}" for each in rounds for word in ("locked", "after"))
    )


async def seconds_of_a_send(tab: Tab, text: str) -> float:
    """How long the server takes here and now for a message when nothing is locked."""
    before = await tab.page.evaluate(SENDS)
    await tab.send(text)
    await tab.wait_sign(text, "saved")
    seconds: list[float] = await until(lambda: _newer_sends(tab, len(before)))
    return seconds[-1]


async def _newer_sends(tab: Tab, count: int) -> list[float]:
    return [float(each) for each in (await tab.page.evaluate(SENDS))[count:]]


QUICK_SEND = 0.5
"""Seconds. Where a message takes longer than this with nothing in its way, the machine is slow."""

SENDS = """
() => performance.getEntriesByType("resource")
  .filter(({ name }) => name.endsWith("/turns"))
  .map(({ duration }) => duration / 1000)
"""
"""How long each message was on its way, in seconds, in their order."""


@pytest.mark.browser
@pytest.mark.slow
async def test_row_33_a_database_locked_for_long_is_told_and_recovers_by_itself(
    table: Table, profile: Guest
) -> None:
    """Thirty seconds with FAULTS=full, here only as long as the page needs to be told."""
    tab = await profile.open_tab()
    async with locked(table) as other:
        await tab.send("one")
        await tab.wait_banner("degraded")
        await tab.wait_banner("unavailable")
        await tab.send("two")
        if os.environ.get("FAULTS") == "full":
            await tab.page.wait_for_timeout(30_000)
        assert table.said() == []
        other.let_go()
    await tab.wait_answered(2)
    await tab.wait_banner(None)
    await table.wait_settled()
    table.check_once("one", "two")


WATCH_BANNERS = """
() => {
  window.banners = [];
  new MutationObserver(() => {
    for (const banner of document.querySelectorAll("[data-persistence]")) {
      window.banners.push(banner.innerText);
    }
  }).observe(document, { childList: true, subtree: true });
}
"""
