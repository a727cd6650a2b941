"""Copies that can be trusted, and the way back from one."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import IO

import pytest

from tests.storage.processes import child
from ttrpg_assistant.errors import Fault, InvalidInput, NotFound, StartupRefused
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.storage import backup, schema
from ttrpg_assistant.storage.credential_rows import (
    CredentialRow,
    add_credential,
    list_credentials,
    remove_credential,
)
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.preferences import find_preference, put_preference


def values(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as raw:
        return dict(raw.execute("SELECT key, value FROM preferences").fetchall())


def test_a_copy_of_the_file_alone_misses_what_a_backup_has(
    sqlite_file: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(sqlite_file)) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("INSERT INTO preferences VALUES ('newest', '\"yes\"', 'now')")
        raw.commit()
        shutil.copyfile(sqlite_file, tmp_path / "copied.db")
        made = backup.back_up(sqlite_file, tmp_path / "backups" / "backed-up.db")
    assert values(tmp_path / "copied.db") == {}
    assert values(made.path) == {"newest": '"yes"'}
    assert made.tables["preferences"] == 1
    assert made.revision == schema.head_revision()
    assert made.path.stat().st_mode & 0o077 == 0
    assert [file.name for file in made.path.parent.iterdir()] == ["backed-up.db"]


async def test_a_backup_of_a_running_server_holds_what_was_acknowledged(
    sqlite_file: Path, tmp_path: Path
) -> None:
    database = create_database(sqlite_file)
    await database.open()
    acknowledged = 0

    async def go_on_writing() -> None:
        nonlocal acknowledged
        while True:
            key = f"{acknowledged:06d}"
            await database.write(lambda tx, key=key: put_preference(tx, key, "x" * 500))
            acknowledged += 1

    writing = asyncio.create_task(go_on_writing())
    for attempt in range(5):
        before = acknowledged
        made = await asyncio.to_thread(backup.back_up, sqlite_file, tmp_path / f"{attempt}.db")
        kept = sorted(values(made.path))
        assert len(kept) >= before
        assert kept == [f"{number:06d}" for number in range(len(kept))]
    writing.cancel()
    assert database.health.state == "available"
    await database.close()


def test_a_backup_never_takes_the_place_of_a_file(sqlite_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "precious.db"
    target.write_text("precious")
    with pytest.raises(InvalidInput):
        backup.back_up(sqlite_file, target)
    assert target.read_text() == "precious"
    with pytest.raises(NotFound):
        backup.back_up(tmp_path / "missing.db", tmp_path / "b.db")
    assert not (tmp_path / "missing.db").exists()


def damage(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\x5a" * 4096)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def make_foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE notes (id TEXT)")


def break_a_reference(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE a (id TEXT REFERENCES preferences (key))")
        raw.execute("INSERT INTO a VALUES ('nowhere')")
        raw.commit()


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()


@pytest.mark.parametrize("spoil", [damage, empty, make_foreign, break_a_reference, make_newer])
def test_a_backup_that_cannot_be_trusted_is_not_restored(
    spoil: object, sqlite_file: Path, tmp_path: Path
) -> None:
    made = backup.back_up(sqlite_file, tmp_path / "b.db")
    spoil(made.path)
    before = sqlite_file.read_bytes()
    with pytest.raises(Fault) as caught:
        backup.restore(made.path, sqlite_file)
    assert caught.value.code in ("backup_damaged", "database_too_new")
    assert sqlite_file.read_bytes() == before
    assert not list(sqlite_file.parent.glob("*.restoring"))


async def test_a_restored_backup_is_served_and_the_replaced_database_is_kept(
    sqlite_file: Path, tmp_path: Path
) -> None:
    database = create_database(sqlite_file)
    await database.open()
    await database.write(lambda tx: put_preference(tx, "then", "yes"))
    made = await asyncio.to_thread(backup.back_up, sqlite_file, tmp_path / "b.db")
    await database.write(lambda tx: put_preference(tx, "later", "yes"))
    with pytest.raises(StartupRefused) as caught:
        backup.restore(made.path, sqlite_file)
    assert caught.value.code == "database_in_use"
    await database.close()

    kept = backup.restore(made.path, sqlite_file)
    assert kept is not None
    assert values(kept) == {"then": '"yes"', "later": '"yes"'}
    await database.open()
    assert await database.read(lambda tx: find_preference(tx, "then")) == "yes"
    assert await database.read(lambda tx: find_preference(tx, "later")) is None
    await database.close()


def test_what_a_killed_server_left_in_its_journal_is_kept_aside_and_never_mixed_in(
    sqlite_file: Path, tmp_path: Path
) -> None:
    made = backup.back_up(sqlite_file, tmp_path / "b.db")
    with child("write", sqlite_file, 1_000_000) as writer:
        writer.hear("open")
        for number in range(20):
            writer.hear(f"acked {number}")
    assert Path(f"{sqlite_file}-wal").stat().st_size > 0
    kept = backup.restore(made.path, sqlite_file)
    assert kept is not None
    assert values(sqlite_file) == {}
    assert set(values(kept)) >= {f"{number:06d}" for number in range(20)}


async def test_a_restored_backup_lets_nobody_in_who_was_signed_out_since(
    sqlite_file: Path, tmp_path: Path
) -> None:
    database = create_database(sqlite_file)
    await database.open()
    moment = utc_now()
    row = CredentialRow(new_id(), "0" * 64, "Firefox on Linux", None, moment, moment)
    await database.write(lambda tx: add_credential(tx, row))
    made = await asyncio.to_thread(backup.back_up, sqlite_file, tmp_path / "b.db")
    await database.write(lambda tx: remove_credential(tx, row.id))
    await database.close()
    backup.restore(made.path, sqlite_file)
    await database.open()
    assert await database.read(list_credentials) == []
    await database.close()


def test_a_damaged_database_can_be_replaced_by_a_backup(sqlite_file: Path, tmp_path: Path) -> None:
    made = backup.back_up(sqlite_file, tmp_path / "b.db")
    sqlite_file.write_bytes(b"\xff" * 8192)
    kept = backup.restore(made.path, sqlite_file)
    assert kept is not None
    assert kept.read_bytes() == b"\xff" * 8192
    assert backup.verify_backup(sqlite_file).revision == schema.head_revision()


def test_a_backup_can_be_restored_where_there_is_no_database(
    sqlite_file: Path, tmp_path: Path
) -> None:
    made = backup.back_up(sqlite_file, tmp_path / "b.db")
    assert backup.restore(made.path, tmp_path / "new" / "a.db") is None
    assert values(tmp_path / "new" / "a.db") == {}


@pytest.fixture
def without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on FAT and exFAT, which cannot be mounted here."""

    def link(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)


@pytest.mark.usefixtures("without_links")
def test_a_backup_can_be_restored_where_the_file_system_knows_no_links(
    sqlite_file: Path, tmp_path: Path
) -> None:
    made = backup.back_up(sqlite_file, tmp_path / "b.db")
    replaced = sqlite_file.read_bytes()[:8192] + b"\xff" * 8192
    sqlite_file.write_bytes(replaced)
    kept = backup.restore(made.path, sqlite_file)
    assert kept is not None
    assert kept.read_bytes() == replaced
    assert kept.stat().st_mode & 0o077 == 0
    assert backup.verify_backup(sqlite_file).revision == schema.head_revision()


@pytest.mark.usefixtures("without_links")
@pytest.mark.parametrize("stopped_by", ["a file in the way", "a full disk"])
def test_a_database_that_cannot_be_kept_is_not_replaced(
    sqlite_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped_by: str
) -> None:
    made = backup.back_up(sqlite_file, tmp_path / "b.db")
    sqlite_file.write_bytes(b"\xff" * 8192)
    monkeypatch.setattr(backup, "spell_stamp", lambda: "now")
    kept = sqlite_file.with_name(f"{sqlite_file.name}.replaced-now")
    if stopped_by == "a file in the way":
        kept.write_bytes(b"mine")
    else:

        def copy_half(source: IO[bytes], target: IO[bytes], _: int) -> None:
            target.write(source.read(100))
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(shutil, "copyfileobj", copy_half)
    with pytest.raises(OSError, match=r"exists|space"):
        backup.restore(made.path, sqlite_file)
    assert sqlite_file.read_bytes() == b"\xff" * 8192
    assert kept.exists() == (stopped_by == "a file in the way")
    assert not kept.exists() or kept.read_bytes() == b"mine"


def test_only_the_last_ten_backups_before_migrations_are_kept(tmp_path: Path) -> None:
    for number in range(14):
        (tmp_path / f"before-migration-20260101-{number:02d}-from-0000.db").touch()
    (tmp_path / "my-own.db").touch()
    backup.keep_newest(tmp_path)
    left = sorted(file.name for file in tmp_path.iterdir())
    assert len(left) == 11
    assert left[0] == "before-migration-20260101-04-from-0000.db"
    assert left[-1] == "my-own.db"
