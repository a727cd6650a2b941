"""The readers: a few connections, each read on one snapshot and for a bounded time.

A read that goes on for ever would keep the WAL from being checkpointed, so SQLite is
interrupted when the time is over, and also when nobody waits for the answer any more.
"""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.storage.database import T, Work
from ttrpg_assistant.storage.sqlite.connections import connect_reader, driver
from ttrpg_assistant.storage.sqlite.faults import find_fault, is_broken, primary_code, too_slow


class Readers:
    """A small pool. `read` is called on the event loop only."""

    def __init__(self, path: Path, engine: Engine, count: int, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="sqlite-reader")
        self._readers = [_Reader(path, engine) for _ in range(count)]
        self._idle = list(self._readers)
        self._free = asyncio.Semaphore(count)

    async def read(self, work: Work[T], *, bounded: bool = True) -> T:
        """Run the work in a reader's thread, stopped when it takes too long if `bounded`."""
        await self._free.acquire()
        reader = self._idle.pop()
        job = self._loop.run_in_executor(self._threads, reader.run, work)
        alarm = self._loop.call_later(self._seconds, reader.interrupt) if bounded else None

        def release(done: asyncio.Future[T]) -> None:
            if alarm is not None:
                alarm.cancel()
            done.exception()  # seen, even when nobody waits for it any more
            self._idle.append(reader)
            self._free.release()

        job.add_done_callback(release)
        try:
            return await asyncio.shield(job)
        except asyncio.CancelledError:
            if not job.done():
                reader.interrupt()
            raise
        except (DBAPIError, sqlite3.Error) as error:
            if primary_code(error) == sqlite3.SQLITE_INTERRUPT:
                raise too_slow(self._seconds) from error
            fault = find_fault(error)
            # A store function that writes in a read is a mistake to be loud about.
            if fault is None or primary_code(error) == sqlite3.SQLITE_READONLY:
                raise
            raise fault from error

    def close(self) -> None:
        """Stop every read and close every connection."""
        for reader in self._readers:
            reader.interrupt()
        self._threads.shutdown(wait=True)
        for reader in self._readers:
            reader.close()


class _Reader:
    """One connection, used by one thread at a time."""

    def __init__(self, path: Path, engine: Engine) -> None:
        self._path = path
        self._engine = engine
        self._trusted = True
        self._use(connect_reader(engine))

    def _use(self, connection: Connection) -> None:
        self._connection = connection
        self._raw = driver(connection)

    def run(self, work: Work[T]) -> T:
        """Run the work on one snapshot."""
        if not self._trusted:
            self._reopen()
        try:
            self._raw.execute("BEGIN")
            try:
                return work(self._connection)
            finally:
                if self._raw.in_transaction:
                    self._raw.execute("ROLLBACK")
        except (DBAPIError, sqlite3.Error) as error:
            if is_broken(error):
                self._trusted = False
            raise

    def _reopen(self) -> None:
        """A new connection in the old one's place, once there is one: the folder may be away,
        and may be back at the next read."""
        if not self._path.exists():
            # SQLite would make an empty file there, and go on reading that one.
            raise PersistenceUnavailable("The database file cannot be reached.")
        old, new = self._connection, connect_reader(self._engine)
        self._use(new)
        self._trusted = True
        _close(old)

    def interrupt(self) -> None:
        """Stop the statement that is running, if any. Any thread may ask, also when the
        connection is closed."""
        with suppress(sqlite3.Error):
            self._raw.interrupt()

    def close(self) -> None:
        """Close the connection, once nothing runs on it."""
        _close(self._connection)


def _close(connection: Connection) -> None:
    """Let go of a connection that may be broken: what follows must come to its turn."""
    with suppress(DBAPIError, sqlite3.Error):
        connection.close()
