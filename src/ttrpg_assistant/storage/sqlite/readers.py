"""The readers: a few connections, each read on one snapshot and for a bounded time.

A read that goes on for ever would keep the WAL from being checkpointed, so SQLite is
interrupted when the time is over, and also when nobody waits for the answer any more.
"""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from ttrpg_assistant.storage.database import T, Work
from ttrpg_assistant.storage.sqlite.connections import connect_reader, driver
from ttrpg_assistant.storage.sqlite.faults import find_fault, primary_code, too_slow


class Readers:
    """A small pool. `read` is called on the event loop only."""

    def __init__(self, engine: Engine, count: int, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="sqlite-reader")
        self._connections = [connect_reader(engine) for _ in range(count)]
        self._idle = list(self._connections)
        self._free = asyncio.Semaphore(count)

    async def read(self, work: Work[T], *, bounded: bool = True) -> T:
        """Run the work in a reader's thread, stopped when it takes too long if `bounded`."""
        await self._free.acquire()
        connection = self._idle.pop()
        raw = driver(connection)
        job = self._loop.run_in_executor(self._threads, _run, connection, work)
        alarm = self._loop.call_later(self._seconds, raw.interrupt) if bounded else None

        def release(done: asyncio.Future[T]) -> None:
            if alarm is not None:
                alarm.cancel()
            done.exception()  # seen, even when nobody waits for it any more
            self._idle.append(connection)
            self._free.release()

        job.add_done_callback(release)
        try:
            return await asyncio.shield(job)
        except asyncio.CancelledError:
            if not job.done():
                raw.interrupt()
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
        for connection in self._connections:
            driver(connection).interrupt()
        self._threads.shutdown(wait=True)
        for connection in self._connections:
            connection.close()


def _run(connection: Connection, work: Work[T]) -> T:
    raw = driver(connection)
    raw.execute("BEGIN")
    try:
        return work(connection)
    finally:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
