"""Hints between the servers that share a database.

Each server looks for new ones several times a second. PostgreSQL's NOTIFY would be a little
quicker, but does not pass a pooler, takes a connection of its own, and makes committing wait for
others.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterable, Sequence
from functools import partial

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage import server_rows
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.server_rows import Change

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.2
"""The pause between looks while a page listens."""

UNHEARD_LOOK_SECONDS = 1.0
"""The pause while none does: models chosen elsewhere are still to be known soon."""

AT_ONCE = 500

KEPT_SECONDS = 600.0
"""How long a hint is kept. A server that could not look for so long starts its pages anew."""

CLEAN_SECONDS = 60.0

LATEST_COMMIT_SECONDS = 90.0
"""A number that was not there for so long belongs to a transaction that was undone: none lives
longer than PostgreSQL is told to let it (`storage.pooling`)."""

LOOK_BACK = 200
"""Numbers before the newest, at the start, whose transactions may still run."""

MOST_MISSING = 2_000


class Numbers:
    """Which stored hints have been seen. Numbers are given in order, but not committed in order:
    those that were left out are asked for again for a while."""

    def __init__(self, newest: int) -> None:
        self.after = max(0, newest - LOOK_BACK)
        self._missing: dict[int, float] = {}

    def list_missing(self, now: float) -> list[int]:
        """Numbers that may still come."""
        for number, since in list(self._missing.items()):
            if now - since <= LATEST_COMMIT_SECONDS and len(self._missing) <= MOST_MISSING:
                break  # The others came later.
            del self._missing[number]
        return list(self._missing)

    def note(self, numbers: Iterable[int], now: float) -> None:
        """These have been seen."""
        for number in sorted(numbers):
            if number <= self.after:
                self._missing.pop(number, None)
                continue
            first = max(self.after + 1, number - MOST_MISSING)
            self._missing.update((left_out, now) for left_out in range(first, number))
            self.after = number


class SharedChanges:
    """Tells the pages of this server what other servers changed, and the other way round."""

    def __init__(self, database: Database, changes: Changes, server: str) -> None:
        self._database = database
        self._changes = changes
        self._server = server
        self._numbers: Numbers | None = None
        self._looked_at = time.monotonic()

    async def begin(self) -> Numbers:
        """Hints from now on count. Pages that listen already begin anew."""

        def look(tx: Connection) -> tuple[int, list[Change]]:
            newest = server_rows.find_newest_change(tx)
            return newest, server_rows.list_changes(tx, newest - LOOK_BACK, (), LOOK_BACK)

        newest, known = await self._database.read(look)
        numbers = self._numbers = Numbers(newest)
        self._looked_at = time.monotonic()
        numbers.note((one.id for one in known), self._looked_at)
        self._changes.restart_followers()
        return numbers

    async def watch(self) -> None:
        """Announce what is stored, for as long as the task lives."""
        while True:
            listens = self._changes.follower_count > 0
            await asyncio.sleep(LOOK_SECONDS if listens else UNHEARD_LOOK_SECONDS)
            try:
                await self.look()
            except PersistenceUnavailable as fault:
                log.warning("watching.missed", code=fault.code)

    async def look(self) -> int:
        """Store what waits, then announce what others stored since the last look; how many."""
        await self._store_waiting()
        numbers = self._numbers
        if numbers is None or time.monotonic() - self._looked_at > KEPT_SECONDS / 2:
            numbers = await self.begin()
        announced = 0
        while True:
            now = time.monotonic()
            missing = numbers.list_missing(now)
            found = await self._database.read(
                partial(
                    server_rows.list_changes, after=numbers.after, missing=missing, most=AT_ONCE
                )
            )
            numbers.note((one.id for one in found), now)
            self._announce(found)
            self._looked_at = now
            announced += len(found)
            if len(found) < AT_ONCE:
                return announced

    async def clean(self) -> None:
        """Delete old hints, for as long as the task lives. Their age is counted here: a clock that
        is set makes none of them older."""
        seen: deque[int] = deque(maxlen=round(KEPT_SECONDS / CLEAN_SECONDS))
        while True:
            await asyncio.sleep(CLEAN_SECONDS)
            if self._numbers is None:
                continue
            if len(seen) == seen.maxlen:
                await self._drop(seen.popleft())
            seen.append(self._numbers.after)

    async def _drop(self, up_to: int) -> None:
        try:
            await self._database.write(lambda tx: server_rows.drop_changes(tx, up_to))
        except PersistenceUnavailable as fault:
            log.warning("cleaning.missed", code=fault.code)
        self._changes.forget_told(up_to)

    async def _store_waiting(self) -> None:
        hints = self._changes.take_unstored()
        if not hints:
            return
        try:
            numbers = await self._database.write(
                lambda tx: server_rows.add_changes(tx, self._server, hints)
            )
        except BaseException:
            self._changes.put_back(hints)
            raise
        self._changes.note_told(numbers)

    def _announce(self, found: Sequence[Change]) -> None:
        for one in found:
            self._changes.announce_stored(one.id, one.server, one.name, one.content)
