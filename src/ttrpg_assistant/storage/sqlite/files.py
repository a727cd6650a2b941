"""The file while it is being served: is it still there, is it sound, does its WAL grow."""

from __future__ import annotations

import time
from pathlib import Path

import structlog
from sqlalchemy import Connection, Engine

from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.storage.sqlite.connections import connect_writer, driver

_log = structlog.get_logger(__name__)
_LARGE_JOURNAL = 64 * 1024 * 1024
_LOOK_EVERY = 1.0

Identity = tuple[int, int]


class DatabaseFile:
    """The file at a path, recognised by its device and inode. Used by the writer's thread."""

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self._engine = engine
        self._wal = Path(f"{path}-wal")
        self._opened = _identify(path)
        self._opened_wal = _identify(self._wal)
        self._damage: str | None = None
        self._next_look = 0.0
        self._alarm_above = _LARGE_JOURNAL

    def check(self) -> None:
        """Raise `PersistenceUnavailable` unless this is the file that was opened.

        Writing to a deleted file still succeeds, and everything is gone when the program
        ends. The same is true of a deleted WAL.
        """
        if self._damage is not None:
            raise PersistenceUnavailable(
                f"The database file is damaged ({self._damage}); nothing more is written to it.",
                code="database_damaged",
                cure="Stop the server and restore a backup (ttrpg-assistant restore).",
            )
        wal = _identify(self._wal)
        if self._opened_wal is None:  # SQLite makes it when it first needs it
            self._opened_wal = wal
        if _identify(self.path) != self._opened or wal != self._opened_wal:
            raise PersistenceUnavailable(
                "The database file was moved or deleted while it was in use.",
                code="database_gone",
                cure=f"Put {self.path.name} and its -wal file back in place, or restart.",
            )

    def reopen(self, old: Connection) -> Connection:
        """A new writing connection after the old one failed. Nothing is trusted before it
        has opened, every page has been checked, and the WAL has been written home.
        """
        self.check()
        old.close()
        connection = connect_writer(self._engine)
        try:
            raw = driver(connection)
            answer = raw.execute("PRAGMA quick_check(1)").fetchone()
            if answer is None or answer[0] != "ok":
                self._damage = str(answer[0] if answer else "no answer")
                self.check()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except BaseException:
            connection.close()
            raise
        # The WAL may have been made anew when the last connection went.
        self._opened_wal = _identify(self._wal)
        _log.warning("database_reopened", path=str(self.path))
        return connection

    def watch_journal(self) -> None:
        """Warn when the WAL grows past 64 MB, and again at each doubling.

        It happens when a reader keeps one snapshot and nothing can be checkpointed past it.
        """
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + _LOOK_EVERY
        size = self._wal.stat().st_size if self._wal.exists() else 0
        if size > self._alarm_above:
            self._alarm_above = size * 2
            _log.warning("journal_large", path=str(self._wal), bytes=size)
        elif size < _LARGE_JOURNAL:
            self._alarm_above = _LARGE_JOURNAL


def _identify(path: Path) -> Identity | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
