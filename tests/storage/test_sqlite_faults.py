"""Faults injected for real under the SQLite writer, and what the callers are told."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Connection

from tests.databases import QUICK
from tests.storage.processes import LOCKS, SHORT_LOCK, acked, child, run_child
from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.storage.database import Database, Patience
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.health import PersistenceState
from ttrpg_assistant.storage.preferences import find_preference, put_preference
from ttrpg_assistant.storage.sqlite import files

pytestmark = pytest.mark.fault


class States:
    """Every state the health went through, and a way to wait for one."""

    def __init__(self, database: Database) -> None:
        self.seen: list[PersistenceState] = []
        self._health = database.health
        self._changed = asyncio.Event()
        database.health.subscribe(self._note)

    def _note(self, _: object) -> None:
        self.seen.append(self._health.state)
        self._changed.set()

    async def reach(self, state: PersistenceState) -> None:
        async with asyncio.timeout(60):
            while self._health.state != state:
                self._changed.clear()
                await self._changed.wait()


@pytest.fixture
async def served(sqlite_file: Path) -> AsyncIterator[Database]:
    database = create_database(sqlite_file, patience=QUICK)
    await database.open()
    yield database
    await database.close()


async def put(database: Database, key: str) -> None:
    await database.write(lambda tx: put_preference(tx, key, "kept"))


async def find(database: Database, key: str) -> object:
    return await database.read(lambda tx: find_preference(tx, key))


async def test_a_database_locked_for_a_second_is_not_noticed(sqlite_file: Path) -> None:
    database = create_database(sqlite_file, patience=Patience())
    await database.open()
    for number in range(LOCKS):
        states = States(database)
        with child("hold", sqlite_file, 1.0) as other:
            other.hear("held")
            writing = asyncio.create_task(put(database, f"{number}"))
            held = await asyncio.to_thread(other.hear_released)
            refused = isinstance(
                (await asyncio.gather(writing, return_exceptions=True))[0], PersistenceUnavailable
            )
        if states.seen == [] and not refused:
            break
        assert held > SHORT_LOCK, f"noticed after {held} s: {states.seen}"
        await states.reach("available")
    else:
        pytest.skip(f"NO SHORT LOCK: this machine held each of {LOCKS} for over {SHORT_LOCK} s")
    assert await find(database, f"{number}") == "kept"
    await database.close()


async def test_a_database_locked_for_long_is_told_and_recovers_by_itself(
    served: Database, sqlite_file: Path
) -> None:
    states = States(served)
    with child("hold", sqlite_file) as other:
        other.hear("held")
        refusals = await asyncio.gather(
            *[put(served, f"{number}") for number in range(5)], return_exceptions=True
        )
        for refusal in refusals:
            assert isinstance(refusal, PersistenceUnavailable)
            assert refusal.retry_after > 0
        assert len({id(refusal) for refusal in refusals}) == 5
        await states.reach("unavailable")
        assert states.seen == ["degraded", "unavailable"]
        with pytest.raises(PersistenceUnavailable):
            await put(served, "still locked")
        assert await find(served, "0") is None  # reading goes on
        other.let_go()
        await states.reach("available")  # by the probe alone
    assert states.seen == ["degraded", "unavailable", "available"]
    await put(served, "after")
    assert await find(served, "still locked") is None


async def test_a_deleted_file_is_noticed_before_anything_is_acknowledged(
    served: Database, sqlite_file: Path
) -> None:
    await put(served, "before")
    hidden = sqlite_file.with_name("hidden.db")
    sqlite_file.rename(hidden)
    with pytest.raises(PersistenceUnavailable) as caught:
        await put(served, "lost")
    assert caught.value.code == "database_gone"
    assert served.health.state == "unavailable"
    shutil.copyfile(hidden, sqlite_file)  # another file in its place does not do either
    with pytest.raises(PersistenceUnavailable):
        await put(served, "lost")
    states = States(served)
    hidden.replace(sqlite_file)
    await states.reach("available")
    assert await find(served, "before") == "kept"
    assert await find(served, "lost") is None


async def test_a_deleted_journal_is_noticed_and_its_content_is_home_after_closing(
    served: Database, sqlite_file: Path
) -> None:
    await put(served, "before")
    Path(f"{sqlite_file}-wal").unlink()
    with pytest.raises(PersistenceUnavailable) as caught:
        await put(served, "lost")
    assert caught.value.code == "database_gone"
    await served.close()
    with closing(sqlite3.connect(sqlite_file)) as raw:
        assert raw.execute("SELECT key FROM preferences").fetchall() == [("before",)]
    await served.open()


def overwrite_page(path: Path, page: int) -> None:
    """Done by another process: closing any handle of this one would drop SQLite's own locks."""
    at = f"seek={page - 1}"
    command = ["dd", "if=/dev/urandom", f"of={path}", "bs=4096", at, "count=1", "conv=notrunc"]
    subprocess.run(command, check=True, capture_output=True)


async def test_damage_found_while_serving_stops_every_write(
    served: Database, sqlite_file: Path
) -> None:
    await put(served, "before")
    await served.close()
    await served.open()
    with closing(sqlite3.connect(f"file:{sqlite_file}?mode=ro", uri=True)) as raw:
        names = ("preferences", "sqlite_autoindex_preferences_1")
        pages = [
            raw.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
            for name in names
        ]
    for page in pages:
        overwrite_page(sqlite_file, page)
    with pytest.raises(PersistenceUnavailable):
        await put(served, "after")
    for _ in range(2):
        with pytest.raises(PersistenceUnavailable) as caught:
            await put(served, "after")
        assert caught.value.code == "database_damaged"
    assert served.health.state == "unavailable"


@pytest.mark.parametrize("in_its_place", ["nothing", "an empty folder"])
async def test_reading_goes_on_when_a_folder_that_was_away_is_back(
    served: Database, sqlite_file: Path, in_its_place: str
) -> None:
    await put(served, "a")
    folder, away = sqlite_file.parent, sqlite_file.parent.with_name("away")
    folder.rename(away)
    if in_its_place == "an empty folder":  # where a drive was mounted
        folder.mkdir()

    def touch_the_disk(tx: Connection) -> None:
        tx.exec_driver_sql(f"ATTACH '{folder}/more/b.db' AS b")

    for _ in range(6):
        with pytest.raises(PersistenceUnavailable):
            await served.read(touch_the_disk)
    if folder.exists():
        assert list(folder.iterdir()) == []
        folder.rmdir()
    away.rename(folder)
    for _ in range(6):
        assert await find(served, "a") == "kept"
    assert await asyncio.gather(*(find(served, "a") for _ in range(6))) == ["kept"] * 6


async def test_a_database_whose_folder_is_away_is_let_go_of_when_it_closes(
    sqlite_file: Path,
) -> None:
    database = create_database(sqlite_file, patience=QUICK)
    await database.open()
    await put(database, "a")
    folder, away = sqlite_file.parent, sqlite_file.parent.with_name("away")
    folder.rename(away)
    for _ in range(2):
        with pytest.raises(PersistenceUnavailable):
            await database.read(
                lambda tx: tx.exec_driver_sql(f"ATTACH '{folder}/more/b.db' AS b") and None
            )
    await database.close()
    away.rename(folder)
    await database.open()  # nobody holds it
    assert await find(database, "a") == "kept"
    await database.close()


async def test_a_reader_that_holds_on_makes_the_journal_grow_and_sets_off_an_alarm(
    served: Database, sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_LARGE_JOURNAL", 2_000_000)
    monkeypatch.setattr(files, "_LOOK_EVERY", 0.0)
    await served.close()
    await served.open()
    with closing(sqlite3.connect(sqlite_file, isolation_level=None)) as stuck:
        stuck.execute("BEGIN")
        stuck.execute("SELECT count(*) FROM preferences").fetchone()
        with structlog.testing.capture_logs() as logs:
            for number in range(40):
                await served.write(
                    lambda tx, number=number: put_preference(tx, f"{number}", "x" * 100_000)
                )
    alarms = [log for log in logs if log["event"] == "journal_large"]
    assert 1 <= len(alarms) <= 3


def test_killed_before_the_commit_nothing_is_there_after_it_everything(
    sqlite_file: Path,
) -> None:
    for name, extra in (("before_commit", 0), ("after_commit", 1)):
        ran = run_child("write", sqlite_file, 50, TTRPG_FAILPOINT=f"{name}:7")
        assert ran.returncode == -9
        done = acked(ran.stdout)
        assert done == list(range(6))
        with closing(sqlite3.connect(sqlite_file)) as raw:
            stored = [int(key) for (key,) in raw.execute("SELECT key FROM preferences ORDER BY 1")]
            assert stored == list(range(6 + extra))
            raw.execute("DELETE FROM preferences")
            raw.commit()


def test_killed_around_a_group_commit_nothing_acknowledged_is_missing(sqlite_file: Path) -> None:
    for name in ("before_commit", "after_commit"):
        ran = run_child("together", sqlite_file, 40, TTRPG_FAILPOINT=f"{name}:4")
        assert ran.returncode == -9, ran.stderr
        done = set(acked(ran.stdout))
        with closing(sqlite3.connect(sqlite_file)) as raw:
            stored = {int(key) for (key,) in raw.execute("SELECT key FROM preferences")}
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            raw.execute("DELETE FROM preferences")
            raw.commit()
        assert done and done <= stored
        # Each of the forty wrote its ten in order, so what is there of each has no gap.
        for caller in range(40):
            own = sorted(number for number in stored if number // 10 == caller)
            assert own == list(range(caller * 10, caller * 10 + len(own)))


def can_mount() -> bool:
    tried = subprocess.run(["unshare", "-Urm", "true"], capture_output=True)
    return tried.returncode == 0


def test_a_full_disk_is_said_and_recovers_without_a_restart(
    sqlite_file: Path, tmp_path: Path
) -> None:
    if shutil.which("unshare") is None or not can_mount():
        pytest.skip("no user namespaces here, so no small disk can be mounted")
    disk = tmp_path / "disk"
    disk.mkdir()
    script = (
        'mount -t tmpfs -o size=4m tmpfs "$1" && cp "$2" "$1/a.db" && '
        'head -c 2000000 /dev/zero > "$1/ballast" && shift 2 && exec "$@"'
    )
    ran = run_child(
        "fill",
        disk / "a.db",
        disk / "ballast",
        under=["unshare", "-Urm", "sh", "-c", script, "sh", str(disk), str(sqlite_file)],
    )
    said = [line for line in ran.stdout.splitlines() if line.startswith(("refused", "recovered"))]
    assert len(said) == 2, ran.stdout + ran.stderr
    assert said[0] == "refused disk_full unavailable"
    assert said[1].startswith("recovered") and said[1].endswith(" ok")


def test_a_file_size_limit_is_a_kind_of_full_disk(sqlite_file: Path) -> None:
    if shutil.which("prlimit") is None:
        pytest.skip("no prlimit here")
    limit = sqlite_file.stat().st_size + 100_000
    done: list[int] = []
    with child("write", sqlite_file, 100_000) as writer:
        writer.hear("open")
        subprocess.run(
            ["prlimit", "--pid", str(writer.pid), f"--fsize={limit}:unlimited"], check=True
        )
        line = writer.read()
        while line.startswith("acked"):
            done.append(int(line.split()[1]))
            line = writer.read()
        assert line.split()[:2] == ["refused", "disk_full"]
        subprocess.run(
            ["prlimit", "--pid", str(writer.pid), "--fsize=unlimited:unlimited"], check=True
        )
        while not line.startswith("acked"):
            line = writer.read()
    with closing(sqlite3.connect(sqlite_file)) as raw:
        stored = {int(key) for (key,) in raw.execute("SELECT key FROM preferences")}
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert set(done) <= stored


@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("fdatasync", "EIO"),
        pytest.param("pwrite64", "EIO", marks=pytest.mark.deep),
        ("pwrite64", "ENOSPC"),
    ],
)
def test_a_failing_disk_call_never_leads_to_a_false_acknowledgement(
    sqlite_template: Path, tmp_path: Path, call: str, error: str
) -> None:
    """The Nth call fails, once, for a sweep of N."""
    if shutil.which("strace") is None:
        pytest.skip("no strace here")
    refused = 0
    for nth in (3, 7, 12, 20):
        path = tmp_path / f"{call}-{nth}.db"
        shutil.copyfile(sqlite_template, path)
        inject = f"inject={call}:error={error}:when={nth}"
        ran = run_child(
            "write",
            path,
            6,
            under=["strace", "-f", "-o", os.devnull, "-e", f"trace={call}", "-e", inject],
        )
        if "Operation not permitted" in ran.stderr:
            pytest.skip("strace may not trace here")
        if ran.returncode != 0:
            assert "StartupRefused" in ran.stderr, ran.stderr
            assert acked(ran.stdout) == []
            continue
        assert acked(ran.stdout) == list(range(6))
        refused += ran.stdout.count("refused")
        with closing(sqlite3.connect(path)) as raw:
            stored = [int(key) for (key,) in raw.execute("SELECT key FROM preferences ORDER BY 1")]
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert stored == list(range(6))
    print(f"{call} {error}: {refused} refused, none acknowledged and lost")
    assert refused > 0
