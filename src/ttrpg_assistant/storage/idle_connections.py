"""Gives back to PostgreSQL the connections that were needed once, and are not needed now.

A busy moment opens up to twenty. Each is a process of PostgreSQL's with memory of its own, and
many groups share one PostgreSQL. The pool hands out the one that was used last, so that the others
become old.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry

IDLE_SECONDS = 60.0
"""A connection that nobody needed for so long is closed. The next who needs it opens it again."""


class IdleConnections:
    """The connections of an engine that nobody uses now, and since when."""

    def __init__(self, engine: Engine) -> None:
        self._since: dict[ConnectionPoolEntry, float] = {}
        event.listen(engine, "checkout", self._note_use)
        event.listen(engine, "checkin", self._note_end)

    async def keep_few(self) -> None:
        """Close the old ones, for as long as the task lives."""
        while True:
            await asyncio.sleep(IDLE_SECONDS / 4)
            self._close_old(time.monotonic() - IDLE_SECONDS)

    def _close_old(self, before: float) -> None:
        for entry, since in list(self._since.items()):
            if since <= before:
                del self._since[entry]
                entry.invalidate(soft=False)

    def _note_use(self, _connection: object, entry: ConnectionPoolEntry, _proxy: object) -> None:
        self._since.pop(entry, None)

    def _note_end(self, connection: Any, entry: ConnectionPoolEntry) -> None:
        if connection is not None:  # Otherwise it was lost, and is closed already.
            self._since[entry] = time.monotonic()
