"""Long work that the database remembers, done in the background one piece after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

LEFT_SECONDS = 900.0
"""On a database that several servers share, nobody works on what was not touched for so long: an
answer of a model may take five minutes."""

LOOK_SECONDS = 60.0
RETRY_SECONDS = 5.0


class LeftWork:
    """Does what was asked for here, and what a server that died has left.

    `name` is for the log. `list_left` gives the ids of what nobody has touched for so many seconds.
    `work_on` does one of them to its end or until it is stopped; it raises nothing but
    `PersistenceUnavailable`, after which it is called again.
    """

    def __init__(
        self,
        database: Database,
        name: str,
        list_left: Callable[[Connection, float], Iterable[str]],
        work_on: Callable[[str], Awaitable[None]],
    ) -> None:
        self._database, self._name = database, name
        self._list_left, self._work_on = list_left, work_on
        self._waiting: dict[str, None] = {}
        self._wake = asyncio.Event()

    def ask_for(self, id: str) -> None:
        """Go on with this one now."""
        self._waiting[id] = None
        self._wake.set()

    async def run(self) -> None:
        """For ever. A server that is alone on its database begins with all that is unfinished."""
        idle = 0.0 if self._database.engine_name == "sqlite" else LEFT_SECONDS
        while True:
            try:
                await self._look_for_left(idle)
                idle = LEFT_SECONDS
                while self._waiting:
                    id = next(iter(self._waiting))
                    await self._work_on(id)
                    self._waiting.pop(id, None)
            except PersistenceUnavailable as fault:
                log.info("work.postponed", what=self._name, code=fault.code)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            self._wake.clear()
            if not self._waiting:
                try:
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._wake.wait()
                except TimeoutError:
                    continue

    async def _look_for_left(self, idle_seconds: float) -> None:
        left = await self._database.read(lambda tx: self._list_left(tx, idle_seconds))
        self._waiting.update(dict.fromkeys(left))
