"""What happens before a file is served: lock, look, back up, migrate."""

from __future__ import annotations

import os
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection

from ttrpg_assistant.errors import StartupRefused
from ttrpg_assistant.storage.sqlite.connections import driver

_HEADER = b"SQLite format 3\x00"


def make_folder(path: Path) -> None:
    """The folder of the file, readable by its owner only when it is made here."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True, mode=0o700)


def lock_file(path: Path) -> FileLock:
    """Hold the file for this process until it ends. Raises `StartupRefused`."""
    lock = FileLock(f"{path}.lock", thread_local=False, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StartupRefused(
            f"Another server is already using {path}.",
            code="database_in_use",
            cure="Use the server that is running, stop it first, or choose another data folder.",
        ) from None
    return lock


def check_file(path: Path) -> bool:
    """True when a database is there, False when it must be made; `StartupRefused` when neither.

    SQLite throws a WAL away when the file beside it is empty or missing, and with it
    everything that was committed but not yet checkpointed. So such a pair is left alone.
    """
    wal = Path(f"{path}-wal")
    size = path.stat().st_size if path.exists() else 0
    if size == 0:
        if wal.exists() and wal.stat().st_size > 0:
            raise StartupRefused(
                f"{path} is empty or missing, but its journal {wal.name} holds data.",
                code="database_damaged",
                cure="Restore a backup, or move both files away to start anew.",
            )
        return False
    with path.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise StartupRefused(
                f"{path} is not an SQLite database.",
                code="database_damaged",
                cure="Restore a backup, or choose another data folder.",
            )
    return True


def make_file(path: Path) -> None:
    """An empty file that only its owner can read; SQLite's own files copy its permissions."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def check_pages(connection: Connection, path: Path) -> None:
    """SQLite's own check of every page. Raises `StartupRefused`."""
    answer = driver(connection).execute("PRAGMA quick_check(1)").fetchone()
    if answer is None or answer[0] != "ok":
        raise StartupRefused(
            f"{path} is damaged: {answer[0] if answer else 'no answer'}.",
            code="database_damaged",
            cure="Restore a backup (ttrpg-assistant restore). Nothing has been overwritten.",
        )
