"""What must hold before an SQLite file is served."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.storage.processes import child, run_child
from ttrpg_assistant.errors import StartupRefused
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.inspection import inspect
from ttrpg_assistant.storage.preferences import put_preference
from ttrpg_assistant.storage.sqlite import opening


async def refusal(path: Path) -> StartupRefused:
    """Why the file is not served; it must be left byte for byte as it was."""
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(StartupRefused) as caught:
        await create_database(path).open()
    assert (path.read_bytes() if path.exists() else None) == before
    return caught.value


async def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "not" / "yet" / "there.db"
    database = create_database(path)
    await database.open()
    for name in path.parent.iterdir():
        assert name.stat().st_mode & 0o077 == 0, name
    assert path.parent.stat().st_mode & 0o077 == 0
    # Everything is home before the first request: a WAL beside an empty file is discarded.
    assert path.stat().st_size > 0
    assert Path(f"{path}-wal").stat().st_size == 0
    await database.close()


async def test_commits_reach_the_disk_and_only_the_writer_checkpoints(tmp_path: Path) -> None:
    database = create_database(tmp_path / "a.db")
    await database.open()

    def pragmas(tx: Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "query_only", "wal_autocheckpoint")
        return {name: tx.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}

    writer, reader = await database.write(pragmas), await database.read(pragmas)
    await database.close()
    assert writer["journal_mode"] == "wal"
    assert writer["synchronous"] == 2
    assert writer["foreign_keys"] == 1
    assert int(str(writer["wal_autocheckpoint"])) > 0
    assert reader["query_only"] == 1
    assert reader["wal_autocheckpoint"] == 0


async def test_a_second_server_on_the_same_file_refuses(sqlite_file: Path) -> None:
    with child("serve", sqlite_file) as other:
        other.hear("open")
        fault = await refusal(sqlite_file)
        assert fault.code == "database_in_use"
        assert str(sqlite_file) in fault.sentence
        other.tell()
        other.hear("closed")
    database = create_database(sqlite_file)
    await database.open()
    with pytest.raises(StartupRefused):
        await create_database(sqlite_file).open()
    assert (await database.probe()).state == "available"
    await database.close()


async def test_the_lock_of_a_killed_server_holds_nobody_up(sqlite_file: Path) -> None:
    with child("serve", sqlite_file) as other:
        other.hear("open")
    database = create_database(sqlite_file)
    await database.open()
    await database.close()


async def test_a_corrupt_page_is_refused_and_nothing_is_overwritten(sqlite_file: Path) -> None:
    with sqlite_file.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(4096))
    assert (await refusal(sqlite_file)).code == "database_damaged"


async def test_a_corrupt_header_is_refused(sqlite_file: Path) -> None:
    with sqlite_file.open("r+b") as file:
        file.write(b"\xff" * 512)
    assert (await refusal(sqlite_file)).code == "database_damaged"


async def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("Dear diary, today the party met a lich.\n" * 200)
    assert (await refusal(path)).code == "database_damaged"


async def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE chat_messages (id TEXT, content TEXT)")
        raw.execute("PRAGMA journal_mode=WAL")
    assert (await refusal(path)).code == "database_not_ours"


async def test_an_empty_file_beside_a_journal_that_holds_data_is_refused(
    sqlite_file: Path, tmp_path: Path
) -> None:
    raw = sqlite3.connect(sqlite_file)
    raw.execute("INSERT INTO preferences VALUES ('kept', '1', 'now')")
    raw.commit()
    copy = tmp_path / "copy" / "a.db"
    copy.parent.mkdir()
    copy.touch()
    shutil.copyfile(f"{sqlite_file}-wal", f"{copy}-wal")
    raw.close()
    journal = Path(f"{copy}-wal").read_bytes()
    assert (await refusal(copy)).code == "database_damaged"
    copy.unlink()
    assert (await refusal(copy)).code == "database_damaged"
    assert Path(f"{copy}-wal").read_bytes() == journal


async def test_a_database_of_a_newer_program_is_refused(sqlite_file: Path) -> None:
    with closing(sqlite3.connect(sqlite_file)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    refused = await refusal(sqlite_file)
    assert refused.code == "database_too_new"
    said = inspect(sqlite_file)
    assert said.is_too_new and [refused.sentence, refused.cure] == said.warnings[:2]


async def test_a_refused_file_can_be_opened_once_the_cause_is_gone(sqlite_file: Path) -> None:
    good = sqlite_file.read_bytes()
    sqlite_file.write_bytes(b"\xff" * len(good))
    await refusal(sqlite_file)
    sqlite_file.write_bytes(good)
    database = create_database(sqlite_file)
    await database.open()
    await database.close()


async def test_a_large_damaged_file_is_noticed_while_it_is_served(
    sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(sqlite_file)) as raw:
        page = raw.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_preferences_1'"
        ).fetchone()[0]
    with sqlite_file.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(os.urandom(4096))
    monkeypatch.setattr(opening, "CHECKED_AT_START", 0)
    database = create_database(sqlite_file)
    await database.open()
    assert database._checking is not None
    await database._checking
    assert (await database.probe()).state == "unavailable"
    assert "damaged" in database.health.sentence
    await database.close()


@pytest.mark.fault
async def test_a_read_only_file_can_be_read_and_says_so(sqlite_file: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("becoming another user needs root")
    database = create_database(sqlite_file)
    await database.open()
    await database.write(lambda tx: put_preference(tx, "kept", "the bridge is watched"))
    await database.close()
    Path(f"{sqlite_file}.lock").unlink(missing_ok=True)
    nobody = "65534"
    for folder in sqlite_file.parents:
        if folder.stat().st_mode & 0o005 != 0o005:
            folder.chmod(0o755)
    os.chown(sqlite_file.parent, int(nobody), int(nobody))
    sqlite_file.chmod(0o444)
    ran = run_child("read", sqlite_file, CHILD_USER=nobody)
    said = [line for line in ran.stdout.splitlines() if "[" not in line]
    assert said == [
        "read the bridge is watched",
        "unavailable",
        "refused database_read_only",
    ], ran.stderr
