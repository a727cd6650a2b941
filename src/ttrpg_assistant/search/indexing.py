"""Keeps the index of talk close behind what is said, without standing in its way."""

from __future__ import annotations

import asyncio

import structlog

from ttrpg_assistant.errors import Fault, PersistenceUnavailable
from ttrpg_assistant.live.changes import Changes, is_of_talk
from ttrpg_assistant.search.store import indexing
from ttrpg_assistant.search.store.languages import SpokenLanguages
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 0.05
"""Between two batches, so that a long catching up leaves the writer to those who talk."""

SETTLE_SECONDS = 1.0
"""After something was said: what is being said is rarely searched for in the same second."""

IDLE_SECONDS = 60.0
"""Without a hint the index is looked at this often."""

AT_ONCE = 20
"""Batches a search waits for, so that it finds what was said a moment ago."""


class Indexing:
    """Runs beside the server. `catch_up` brings the index up to now for someone who asks."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes
        self.languages = SpokenLanguages()

    async def catch_up(self, batches: int = AT_ONCE) -> int:
        """Index what waits, at most so many batches. Returns how much still waits.

        A database that cannot be written now is searched as far as it is indexed.
        """
        waiting = await self._database.read(indexing.count_waiting)
        if self._database.engine_name != "sqlite" and batches == AT_ONCE:
            return waiting  # What waits there is found already, but for some scripts.
        try:
            while waiting > 0 and batches > 0:
                done = await self._database.write(indexing.index_some)
                waiting = waiting - done if done else 0
                batches -= 1
        except PersistenceUnavailable as fault:
            log.info("indexing.postponed", code=fault.code)
        return waiting

    async def run(self) -> None:
        """For ever: index what was said, soon after it was said. PostgreSQL does it by itself."""
        await self._follow()
        if self._database.engine_name != "sqlite":
            return
        async for _ in self._changes.follow(IDLE_SECONDS, is_wanted=is_of_talk):
            await asyncio.sleep(SETTLE_SECONDS)
            await self._follow()

    async def _follow(self) -> None:
        try:
            waiting = await self.catch_up(batches=1)
            while waiting > 0:
                await asyncio.sleep(PAUSE_SECONDS)
                waiting = await self.catch_up(batches=1)
        except Fault as fault:
            log.info("indexing.postponed", code=fault.code)
