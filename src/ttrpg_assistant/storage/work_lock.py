"""A lock for what works on the database share."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy import Connection
from sqlalchemy.util import await_only


class WorkLock:
    """Held by one work at a time, also while it asks the database.

    On SQLite works run in threads, and a thread waits. On PostgreSQL they run as tasks of the
    event loop: the task waits and the loop goes on. A lock of threads would stop the loop there,
    and with it the work that holds the lock: nothing would ever go on.
    """

    def __init__(self) -> None:
        self._threads = Lock()
        self._tasks = asyncio.Lock()

    @contextmanager
    def hold(self, tx: Connection) -> Iterator[None]:
        """Wait until nobody holds it, and hold it until the block ends."""
        if not tx.dialect.is_async:
            with self._threads:
                yield
            return
        await_only(self._tasks.acquire())
        try:
            yield
        finally:
            self._tasks.release()
