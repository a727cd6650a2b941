"""What happens before a file is served: lock, look, back up, migrate."""

from __future__ import annotations

import os
import sqlite3
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import structlog
from filelock import FileLock
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from ttrpg_assistant.errors import StartupRefused
from ttrpg_assistant.storage import backup, schema
from ttrpg_assistant.storage.database import Patience
from ttrpg_assistant.storage.sqlite.connections import connect_writer, driver, make_engine
from ttrpg_assistant.storage.sqlite.faults import find_fault
from ttrpg_assistant.storage.sqlite.locking import lock_file

_log = structlog.get_logger(__name__)
_HEADER = b"SQLite format 3\x00"

CHECKED_AT_START = 16 * 1024**2
"""Bytes. Every page of a smaller file is checked before it is served, which takes no longer than
the rest of a start even when none of it is in memory; a larger one is served at once and checked by
a reader meanwhile."""


@dataclass(slots=True)
class Opened:
    """A file that is ready to be served, and what must be let go of afterwards."""

    engine: Engine
    connection: Connection
    lock: FileLock
    read_only: bool
    checked: bool


def open_file(path: Path, backups: Path, patience: Patience) -> Opened:
    """Make the file ready. Raises `StartupRefused`, and then nothing has been overwritten."""
    with ExitStack() as undo:
        lock = lock_file(path)
        undo.callback(lock.release)
        existing = look_at(path)
        if not existing:
            # Empty, and readable by its owner only; SQLite's own files copy its permissions.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        small = path.stat().st_size <= CHECKED_AT_START
        read_only = not os.access(path, os.W_OK)
        engine = make_engine(path, patience.busy)
        try:
            if existing:
                _prepare(path, backups, engine, check=small)
            else:
                schema.create_sqlite(path)
            connection = connect_writer(engine)
            undo.callback(connection.close)
            if not read_only:
                # SQLite discards a WAL whose database file is empty: let it never be so.
                driver(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except (sqlite3.Error, DBAPIError, OSError) as error:
            fault = find_fault(error)
            if fault is None:
                raise
            raise StartupRefused(
                f"{path}: {fault.sentence}", code=fault.code, cure=fault.cure
            ) from error
        undo.pop_all()
    return Opened(engine, connection, lock, read_only, checked=small)


def _prepare(path: Path, backups: Path, engine: Engine, *, check: bool) -> None:
    """Check what is there, and bring it to this program's schema after a backup."""
    with connect_writer(engine) as connection:
        raw = driver(connection)
        if check:
            check_pages(raw, path)
        current = schema.read_sqlite_revision(raw)
        if not schema.check_revision(current):
            return
        if current is None and raw.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise StartupRefused(
                f"{path} holds another program's data. Nothing has been changed.",
                code="database_not_ours",
                cure="Choose another data folder.",
            )
    if current is not None:
        target = backups / backup.name_before_migration(current)
        backup.back_up(path, target)
        backup.keep_newest(backups, target)
        _log.info("backup_made", path=str(target))
    schema.upgrade_sqlite(path)


def look_at(path: Path) -> bool:
    """True when a database is there, False when it must be made; `StartupRefused` when neither.

    SQLite throws a WAL away when the file beside it is empty or missing, and with it
    everything that was committed but not yet checkpointed. So such a pair is left alone.
    """
    wal = Path(f"{path}-wal")
    if not path.exists() or path.stat().st_size == 0:
        if wal.exists() and wal.stat().st_size > 0:
            raise StartupRefused(
                f"{path} is empty or missing, but its journal {wal.name} holds data.",
                code="database_damaged",
                cure="Restore a backup, or move both files elsewhere to start with a new database.",
            )
        return False
    with path.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise StartupRefused(
                f"{path} is not an SQLite database. Nothing has been overwritten.",
                code="database_damaged",
                cure="Restore a backup, or choose another data folder.",
            )
    return True


def check_pages(raw: sqlite3.Connection, path: Path) -> None:
    """SQLite's own check of every page. Raises `StartupRefused`."""
    answer = raw.execute("PRAGMA quick_check(1)").fetchone()
    if answer is None or answer[0] != "ok":
        raise StartupRefused(
            f"{path} is damaged ({answer[0] if answer else 'no answer'}). "
            "Nothing has been overwritten.",
            code="database_damaged",
            cure="Restore a backup (ttrpg-assistant restore).",
        )
