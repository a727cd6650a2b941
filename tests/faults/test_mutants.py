"""Each durability setting, taken away, is noticed by the checker; and only then."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from tests.faults.browser import DURABILITY, OUTBOX, Guest
from tests.faults.checker import Evidence, Stored, View, check
from tests.faults.mutants import LAUNCHER
from tests.faults.power_loss import NO_STRACE, Disk, can_trace, kill_traced, read_calls, tracing
from tests.faults.proxy import TURNS
from tests.faults.recorder import Recorder
from tests.faults.server import say
from tests.faults.table import Table
from tests.faults.views import read_api, read_sql
from ttrpg_assistant.ids import new_id

pytestmark = [pytest.mark.fault, pytest.mark.asyncio(loop_scope="session")]


@asynccontextmanager
async def mutated(
    table: Table, mutant: str, folder: Path, **environment: str
) -> AsyncIterator[Table]:
    """The table with a mutant of the server on a data folder of its own."""
    server = table.server
    home, launcher = server.data_dir, server.launcher
    await server.kill()
    server.data_dir, server.launcher = folder / "data", (LAUNCHER, mutant)
    try:
        await server.start(**environment)
        await table.begin_anew()
        yield table
    finally:
        await server.kill()
        server.data_dir, server.launcher, server.under = home, launcher, ()


async def send(table: Table, record: Recorder, content: str, message_id: str | None = None) -> None:
    """Post a message as a caller that records what it is told."""
    message_id = message_id or new_id()
    record.note("api", "send", "invoke", message_id, content=content)
    async with table.client() as client:
        answer = await say(client, table.chat_id, message_id, content)
    assert answer.status_code == 202, answer.text
    seq = answer.json()["user_message"]["seq"]
    record.note(
        "api", "send", "ok", message_id, conversation=table.chat_id, seq=seq, wall=time.time()
    )


async def judge(table: Table, record: Recorder) -> set[str]:
    """The invariants that the checker finds broken once all is quiet."""
    await table.wait_settled()
    async with table.server.client() as client:
        api = await read_api(client, {table.chat_id: "chat"})
    evidence = Evidence(
        events=record.events,
        others=[api],
        calls=dict(table.provider.calls),
        answer=table.answer,
        **read_sql(table.server.database),
    )
    return {violation.invariant for violation in check(evidence)}


async def arrive_twice(table: Table, record: Recorder, name: str, hold: Path) -> None:
    table.proxy.duplicate(TURNS)
    await send(table, record, f"{name}, twice")
    await send(table, record, f"{name}, once")


async def talk_by_two_clocks(table: Table, record: Recorder, name: str, hold: Path) -> None:
    await send(table, record, f"{name}, today")
    yesterday = f"0{new_id()[1:8]}".replace(new_id()[:4], "0100", 1)
    await send(table, record, f"{name}, yesterday", yesterday + new_id()[8:])


async def die_after_an_acknowledgement(
    table: Table, record: Recorder, name: str, hold: Path
) -> None:
    await send(table, record, f"{name}, stored")
    await table.wait_settled()
    hold.write_text(f"{name}, acknowledged")
    await send(table, record, f"{name}, acknowledged")
    hold.unlink()
    await table.server.kill()
    await table.server.start(MUTANT_HOLD=str(hold))


FINDINGS = {
    "no_unique_index": (arrive_twice, "I3"),
    "order_by_uuid": (talk_by_two_clocks, "I5"),
    "ack_before_commit": (die_after_an_acknowledgement, "I1"),
}
"""What provokes each mutant, and the invariant that it breaks."""


@pytest.mark.deep
async def test_each_mutant_is_found_by_what_it_breaks_and_the_unchanged_server_by_nothing(
    table: Table, tmp_path: Path
) -> None:
    hold = tmp_path / "hold"
    provoked = {
        "unchanged": [provoke for provoke, _ in FINDINGS.values()],
        **{mutant: [provoke] for mutant, (provoke, _) in FINDINGS.items()},
    }
    for mutant, ways in provoked.items():
        record = Recorder()
        folder = tmp_path / mutant
        folder.mkdir()
        async with mutated(table, mutant, folder, MUTANT_HOLD=str(hold)):
            for number, provoke in enumerate(ways):
                await provoke(table, record, f"{mutant} {number}", hold)
            found = await judge(table, record)
        if mutant == "unchanged":
            assert not found
        else:
            assert FINDINGS[mutant][1] in found, f"{mutant}: {found}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mutant", "broken"),
    [("unchanged", False), pytest.param("normal_sync", True, marks=pytest.mark.deep)],
)
async def test_row_42_after_a_power_cut_every_acknowledged_message_is_there_only_with_full_sync(
    table: Table, tmp_path: Path, mutant: str, broken: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """The power is cut right after each acknowledgement, as well as at the end."""
    if not can_trace():
        pytest.skip(NO_STRACE)
    record = Recorder()
    log = tmp_path / "calls"
    async with mutated(table, mutant, tmp_path):
        assert await table.server.stop() == 0
        database = table.server.database
        files = [database, database.with_name(f"{database.name}-wal")]
        disk = Disk.of(files)
        table.server.under = tracing(log)
        await table.server.start()
        for number in range(12):
            await send(table, record, f"message{number}")
        kill_traced(table.server.pid)
        await table.server.kill()
        acks = [event for event in record.events if event.type == "ok"]
        calls = list(read_calls(log, database.parent))
        syncs = sum(call.name == "sync" for call in calls)
    lost = 0
    for number, ack in enumerate(acks):
        while calls and calls[0].t <= ack.facts["wall"]:
            disk.apply(calls.pop(0))
        folder = tmp_path / f"cut{number}"
        disk.save(folder, database.parent)
        so_far = [event for event in record.events if event.t <= ack.t]
        evidence = Evidence(so_far, read_users(folder / database.name))
        lost += sum(violation.invariant == "I1" for violation in check(evidence))
    with capsys.disabled():
        print(f"\n{mutant}: {len(acks)} power cuts, {syncs} fsyncs, {lost} acknowledged rows lost")
    assert (lost > 0) is broken


def read_users(database: Path) -> View:
    """The game master's messages that a power cut has left."""
    with closing(sqlite3.connect(database)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = raw.execute(
            "SELECT id, conversation_id, role, content, status, seq FROM messages"
            " WHERE role = 'user'"
        ).fetchall()
    return View("what the power cut left", tuple(Stored(*row) for row in rows))


@pytest.mark.browser
async def test_relaxed_durability_of_the_outbox_is_noticed(
    table: Table, fresh_profile: Guest
) -> None:
    await fresh_profile.context.route(OUTBOX, serve_relaxed)
    await fresh_profile.context.add_init_script(DURABILITY)
    tab = await fresh_profile.open_tab()
    await tab.send("one")
    await tab.wait_answered(1)
    assert "relaxed" in await tab.page.evaluate("window.writes")


async def serve_relaxed(route: object) -> None:
    """The outbox with the durability that every advice on speed gives."""
    answer = await route.fetch()  # type: ignore[attr-defined]
    text = await answer.text()
    changed = text.replace('durability: "strict"', 'durability: "relaxed"')
    assert changed.count("relaxed") == text.count("relaxed") + 1
    await route.fulfill(response=answer, body=changed)  # type: ignore[attr-defined]
