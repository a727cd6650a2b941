"""`Database` on one SQLite file."""

from __future__ import annotations

import asyncio
from pathlib import Path

from filelock import FileLock
from sqlalchemy import Connection, Engine, text

from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.storage import schema
from ttrpg_assistant.storage.database import EngineName, Patience, T, Work
from ttrpg_assistant.storage.health import PersistenceHealth
from ttrpg_assistant.storage.sqlite import opening
from ttrpg_assistant.storage.sqlite.connections import connect_writer, driver, make_engine
from ttrpg_assistant.storage.sqlite.readers import Readers
from ttrpg_assistant.storage.sqlite.writer import Writer

_READERS = 4
_NOT_OPEN = "The database is not open."


class SqliteDatabase:
    """One file, held by this process alone."""

    def __init__(self, path: Path, backups: Path, patience: Patience) -> None:
        self.path = path
        self.health = PersistenceHealth()
        self._backups = backups
        self._patience = patience
        self._lock: FileLock | None = None
        self._engine: Engine | None = None
        self._writer: Writer | None = None
        self._readers: Readers | None = None
        self._identity: tuple[int, int] | None = None

    @property
    def engine_name(self) -> EngineName:
        """Always `sqlite`."""
        return "sqlite"

    async def open(self) -> None:
        """Lock, check, back up, migrate, serve. Raises `StartupRefused`."""
        loop = asyncio.get_running_loop()
        self.health.bind(loop)
        connection = await asyncio.to_thread(self._prepare)
        assert self._engine is not None
        self._readers = Readers(self._engine, _READERS, self._patience.read)
        self._writer = Writer(
            connection,
            loop=loop,
            health=self.health,
            patience=self._patience,
            check_file=self._check_file,
            reopen=self._reopen,
        )
        self._writer.start()

    async def close(self) -> None:
        """Readers first, the writer last, so that it is the writer who checkpoints."""
        if self._readers is not None:
            await asyncio.to_thread(self._readers.close)
            self._readers = None
        if self._writer is not None:
            await asyncio.to_thread(self._writer.stop)
            self._writer.connection.close()
            self._writer = None
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    async def read(self, work: Work[T]) -> T:
        """Run the work on one snapshot, in a reader's thread."""
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
            await self.write(schema.touch_probe)
        except PersistenceUnavailable as fault:
            self.health.become("unavailable", fault.sentence)
        return self.health

    def _prepare(self) -> Connection:
        opening.make_folder(self.path)
        self._lock = opening.lock_file(self.path)
        existing = opening.check_file(self.path)
        if not existing:
            opening.make_file(self.path)
        self._engine = make_engine(self.path, self._patience.busy)
        connection = connect_writer(self._engine)
        if existing:
            opening.check_pages(connection, self.path)
        connection.close()
        schema.migrate_sqlite(self.path, self._backups if existing else None)
        connection = connect_writer(self._engine)
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        self._identity = self._identify()
        return connection

    def _identify(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def _check_file(self) -> None:
        """Writes to a deleted file still succeed, and are gone when the program ends."""
        if self._identify() != self._identity:
            raise PersistenceUnavailable(
                "The database file was moved or deleted while it was in use.",
                code="database_gone",
                cure=f"Put {self.path.name} back in its place, or restart to begin anew.",
            )

    def _reopen(self) -> Connection:
        assert self._engine is not None and self._writer is not None
        self._writer.connection.close()
        connection = connect_writer(self._engine)
        driver(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return connection
