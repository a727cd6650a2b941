"""The one way to the stored state: `read` and `write` take a synchronous store function.

A store function gets a `sqlalchemy.Connection` inside a transaction that it neither
commits nor rolls back, and may be run again from the start when the first try was undone
by the database, so it has no side effects but its statements.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from sqlalchemy import Connection

from ttrpg_assistant.storage.health import PersistenceHealth

T = TypeVar("T")
Work = Callable[[Connection], T]
EngineName = Literal["sqlite", "postgresql"]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on trying before saying that nothing can be saved. Seconds.

    The defaults are the seed's: three attempts, exponential backoff from one second, with
    jitter. `busy` is how long one attempt waits inside SQLite for another process's lock.
    `probe` is the pause between real test writes while nothing can be saved.
    """

    attempts: int = 3
    base: float = 1.0
    jitter: float = 0.25
    busy: float = 0.25
    probe: float = 2.0
    read: float = 30.0


class Database(Protocol):
    """SQLite or PostgreSQL, with the same promises.

    `write` returns only after COMMIT has reached the disk; tell nobody before. It raises
    what the work raises (nothing of it is stored then), or `PersistenceUnavailable`, whose
    `facts["outcome"]` is `"unknown"` when the commit may or may not have happened: try
    again with the same ids. A cancelled caller does not undo a write that is under way.
    """

    health: PersistenceHealth

    @property
    def engine_name(self) -> EngineName:
        """Which engine this is; stores need it only where SQL itself differs."""

    async def open(self) -> None:
        """Check, migrate and start serving. Raises `StartupRefused`."""

    async def close(self) -> None:
        """Finish what was accepted, then let go of the database."""

    async def read(self, work: Work[T]) -> T:
        """Run the work on one unchanging view of the data."""

    async def write(self, work: Work[T]) -> T:
        """Run the work in a transaction and return when it is durable."""

    async def probe(self) -> PersistenceHealth:
        """Make a real durable write and say what it showed."""
