"""The machine loses power right after the page has taken a message.

The browser runs under strace, and only what it has fsynced is left of its outbox: see
power_loss.py. `kill -9` of the browser could not show the difference.
"""

from __future__ import annotations

import shlex
import shutil
import time
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext

from tests.browser_finder import find_chromium
from tests.faults.browser import OUTBOX, Profile, Tab
from tests.faults.checker import Evidence, no_lost_acceptance
from tests.faults.power_loss import NO_STRACE, Disk, can_trace, read_calls, tracing
from tests.faults.proxy import TURNS
from tests.faults.recorder import Recorder
from tests.faults.table import Table, until
from tests.faults.test_mutants import serve_relaxed
from tests.faults.views import read_sql

pytestmark = [
    pytest.mark.fault,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]

MESSAGES = 8


@pytest.mark.parametrize(
    ("durability", "broken"),
    [("strict", False), pytest.param("relaxed", True, marks=pytest.mark.deep)],
)
async def test_row_05_what_the_page_took_survives_a_power_cut_only_with_strict_durability(
    table: Table,
    tmp_path: Path,
    durability: str,
    broken: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if not can_trace():
        pytest.skip(NO_STRACE)
    record = Recorder()
    folder, log = tmp_path / "profile", tmp_path / "calls"
    prepare = serve_relaxed_everywhere if broken else None
    async with Profile(folder, table.proxy.address, prepare=prepare) as profile:
        await (await profile.open_tab()).send("before")
        await until(lambda: table.said() == ["before"])
        await profile.close()
        disk = Disk.of([path for path in folder.rglob("*") if is_outbox(path)])
        table.proxy.hold(TURNS, times=None)
        profile.executable = traced_chromium(tmp_path, log)
        await profile.reopen()
        tab = await profile.open_tab()
        for number in range(MESSAGES):
            content = f"{durability}{number}"
            record.note("tab", "accept", "invoke", content=content)
            await tab.send(content)
            record.note("tab", "accept", "ok", content=content)
        power_cut = time.time()  # what dies afterwards may still tidy up
        await profile.kill()
    for call in read_calls(log, folder):
        if call.t <= power_cut and is_outbox(Path(call.path)):
            disk.apply(call)
    after = tmp_path / "after"
    shutil.copytree(folder, after, ignore=lambda _, names: {n for n in names if "Single" in n})
    for path in after.rglob("*"):
        if is_outbox(path):
            path.unlink()
    disk.save(after, folder)
    table.proxy.clear()
    async with Profile(after, table.proxy.address) as profile:
        tab = await profile.open_tab()
        await until(lambda: is_empty(tab))
    lost = list(no_lost_acceptance(Evidence(record.events, read_sql(table.server.database)["sql"])))
    with capsys.disabled():
        print(f"\n{durability}: {MESSAGES} taken, {len(lost)} lost at a power cut")
    assert bool(lost) is broken
    if not broken:
        assert table.said() == ["before", *(f"{durability}{number}" for number in range(MESSAGES))]


def is_outbox(path: Path) -> bool:
    """Whether the file belongs to the browser's database."""
    return path.parent.name.endswith(".indexeddb.leveldb") and not path.is_dir()


def traced_chromium(folder: Path, log: Path) -> Path:
    """A program that starts Chromium under strace."""
    program = folder / "chromium"
    command = shlex.join([*tracing(log), str(find_chromium())])
    program.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    program.chmod(0o755)
    return program


async def serve_relaxed_everywhere(context: BrowserContext) -> None:
    """Every page of the context gets the outbox without its promise."""
    await context.route(OUTBOX, serve_relaxed)


async def is_empty(tab: Tab) -> bool:
    return not await tab.waiting()
