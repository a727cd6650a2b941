"""`Database` on one SQLite file."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.errors import PersistenceUnavailable, StartupRefused
from ttrpg_assistant.storage import probe
from ttrpg_assistant.storage.database import EngineName, Patience, T, Work
from ttrpg_assistant.storage.health import PersistenceHealth
from ttrpg_assistant.storage.sqlite.connections import driver
from ttrpg_assistant.storage.sqlite.files import DatabaseFile
from ttrpg_assistant.storage.sqlite.opening import Opened, check_pages, open_file
from ttrpg_assistant.storage.sqlite.readers import Readers
from ttrpg_assistant.storage.sqlite.writer import Writer

_log = structlog.get_logger(__name__)
_READERS = 4
_NOT_OPEN = "The database is not open."
_READ_ONLY = "The database file is read-only: it can be read, but nothing new is saved."


class SqliteDatabase:
    """One file, held by this process alone."""

    def __init__(self, path: Path, backups: Path, patience: Patience) -> None:
        self.path = path
        self.health = PersistenceHealth()
        self._backups = backups
        self._patience = patience
        self._opened: Opened | None = None
        self._writer: Writer | None = None
        self._readers: Readers | None = None
        self._checking: asyncio.Task[None] | None = None

    @property
    def engine_name(self) -> EngineName:
        """Always `sqlite`."""
        return "sqlite"

    async def open(self) -> None:
        """Lock, check, back up, migrate, serve. Raises `StartupRefused`."""
        loop = asyncio.get_running_loop()
        self.health.bind(loop)
        opened = await asyncio.to_thread(open_file, self.path, self._backups, self._patience)
        self._opened = opened
        if opened.read_only:
            self.health.become("unavailable", _READ_ONLY)
        self._readers = Readers(self.path, opened.engine, _READERS, self._patience.read)
        self._writer = Writer(
            opened.connection,
            DatabaseFile(self.path, opened.engine),
            health=self.health,
            patience=self._patience,
            loop=loop,
        )
        self._writer.start()
        if not opened.checked:
            self._checking = asyncio.create_task(self._check_while_serving())

    async def close(self) -> None:
        """Finish what was queued. Readers go first, so that the last to close is the writer,
        who may write the WAL home.
        """
        if self._checking is not None:
            self._checking.cancel()
        if self._readers is not None:
            readers, self._readers = self._readers, None
            await asyncio.to_thread(readers.close)
        if self._writer is not None:
            writer, self._writer = self._writer, None
            await asyncio.to_thread(writer.stop)
            writer.connection.close()
        if self._opened is not None:
            self._opened.engine.dispose()
            self._opened.lock.release()
            self._opened = None

    async def read(self, work: Work[T]) -> T:
        """Run the work on one snapshot, in a reader's thread. A read that takes longer than
        `Patience.read` is stopped: `Fault` with code `read_too_slow`.
        """
        if self._readers is None:
            raise PersistenceUnavailable(_NOT_OPEN)
        return await self._readers.read(work)

    async def write(self, work: Work[T]) -> T:
        """Run the work in the writer's thread; return when it is on the disk."""
        if self._writer is None:
            raise PersistenceUnavailable(_NOT_OPEN)
        value: T = await self._writer.submit(work)
        return value

    async def probe(self) -> PersistenceHealth:
        """Make a real durable write and say what it showed."""
        try:
            await self.write(probe.touch)
        except PersistenceUnavailable as fault:
            self.health.become("unavailable", fault.sentence)
        return self.health

    async def _check_while_serving(self) -> None:
        """A file too large to be checked before it is served is checked now."""

        def check(tx: Connection) -> None:
            check_pages(driver(tx), self.path)

        assert self._readers is not None
        try:
            await self._readers.read(check, bounded=False)
        except StartupRefused as fault:
            _log.error("database_damaged", path=str(self.path), sentence=fault.sentence)
            if self._writer is not None:
                self._writer.distrust()
        except Exception:  # noqa: BLE001 (it is logged)
            # The file is served as it is; that nobody could check it must be known.
            _log.exception("database_not_checked", path=str(self.path))
