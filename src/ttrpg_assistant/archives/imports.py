"""Imports under way and those that ended: how far each is, cancelling, what a fault left."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeVar

import structlog

from ttrpg_assistant.archives.store.holdings import Holdings
from ttrpg_assistant.archives.talk_reading import Told
from ttrpg_assistant.clock import DAY_SECONDS
from ttrpg_assistant.errors import Fault, NotFound
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

State = Literal["running", "done", "cancelled", "failed"]
ImportKind = Literal["transcript", "archive", "files"]
T = TypeVar("T")

KEPT = 50
"""Imports whose end can still be asked for."""

UNEXPECTED = "Something went wrong inside the assistant."


@dataclass(frozen=True, slots=True)
class Restored:
    """What an archive became. `name` is what the campaign is called here: with a mark when there
    was one of its name. `is_copy`: its ids were taken, so everything has new ones. `counts` are
    rows by table, `holds` is what the lists show of it. `voices_to_review` are the ids of voices
    that came along and are not used before a game master has accepted them. `dropped_links`
    counts references to what is not in the file, as of talk that went on from another
    campaign's; they are empty now."""

    campaign_id: str
    name: str
    is_copy: bool
    counts: dict[str, int]
    holds: Holdings
    voices_to_review: list[str] = field(default_factory=list)
    dropped_links: int = 0


@dataclass(frozen=True, slots=True)
class Import:
    """How far an import is. `bytes_read` of `bytes_total` says how much of the file is in; for an
    archive these are bytes as unpacked, and half of them count when they are checked, half when
    they are stored. `conversation_id` is what a transcript becomes, the first of several, which
    `conversations` counts. `remarks` say what of a transcript was left out or changed; `restored`
    is what an archive became. `things` counts what files of other programs brought. `fault` is
    what ended a failed one."""

    id: str
    kind: ImportKind
    conversation_id: str | None
    title: str
    state: State
    messages: int
    bytes_read: int
    bytes_total: int
    fault: dict[str, str | None] | None = None
    restored: Restored | None = None
    things: int = 0
    conversations: int = 0
    remarks: Sequence[Told] = ()


class Imports:
    """Every import of this server, one task each."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._imports: dict[str, Import] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._faults: dict[str, Fault] = {}
        self._stopping: set[str] = set()

    def get(self, import_id: str) -> Import:
        """How far it is. Raises `NotFound`."""
        found = self._imports.get(import_id)
        if found is None:
            raise NotFound("There is no such import.", code="import_not_found")
        return found

    def is_known(self, import_id: str) -> bool:
        """Whether it runs, or ran, on this server."""
        return import_id in self._imports

    def list_all(self) -> list[Import]:
        """The imports of this server, the latest first."""
        return list(self._imports.values())[::-1]

    @property
    def tasks(self) -> tuple[asyncio.Task[None], ...]:
        """Imports under way."""
        return tuple(self._tasks.values())

    @property
    def running(self) -> tuple[Import, ...]:
        """Imports that have not ended."""
        return tuple(one for one in self._imports.values() if one.state == "running")

    def start(
        self,
        begun: Import,
        source: Path | None,
        work: Callable[[], Awaitable[None]],
        drop: Callable[[], Awaitable[None]],
    ) -> Import:
        """Run `work`, which notes how far it is and at last `done`. When it is cancelled or
        fails, `drop` deletes what it stored. The file, if it is given, is deleted at the end."""
        self.note(begun)
        task = asyncio.create_task(self._run(begun, source, work, drop))
        self._tasks[begun.id] = task
        task.add_done_callback(lambda _: self._forget(begun.id))
        return begun

    def _forget(self, import_id: str) -> None:
        self._tasks.pop(import_id, None)
        self._stopping.discard(import_id)

    async def wait(self, import_id: str) -> Import:
        """The import when it has ended. Raises the fault that ended it."""
        task = self._tasks.get(import_id)
        if task is not None:
            await asyncio.wait([task])
        fault = self._faults.get(import_id)
        if fault is not None:
            raise fault
        return self.get(import_id)

    async def cancel(self, import_id: str) -> Import:
        """Stop it and delete what was stored; answers when nothing of it is left, or that it is
        `done` when the end had come first."""
        # A task that is cancelled before its first step would run nothing of itself, and so would
        # never say that it was cancelled: it has begun after this.
        await asyncio.sleep(0)
        self.get(import_id)
        task = self._tasks.get(import_id)
        if task is not None:
            # Once: a second cancelling would stop the deleting of what was stored.
            if import_id not in self._stopping:
                self._stopping.add(import_id)
                task.cancel()
            await asyncio.wait([task])
        return self.get(import_id)

    async def close(self) -> None:
        """Stop every import: the server is going down."""
        for import_id in list(self._tasks):
            await self.cancel(import_id)

    def note(self, now: Import) -> None:
        """Keep how far an import is, and tell the pages."""
        self._imports[now.id] = now
        for old in list(self._imports)[:-KEPT]:
            if self._imports[old].state != "running":
                del self._imports[old]
                self._faults.pop(old, None)
        self._changes.announce("import", {"id": now.id, "state": now.state})

    async def _run(
        self,
        begun: Import,
        source: Path | None,
        work: Callable[[], Awaitable[None]],
        drop: Callable[[], Awaitable[None]],
    ) -> None:
        try:
            await work()
        except asyncio.CancelledError:
            await _try_to_drop(drop)
            self.note(replace(self._imports[begun.id], state="cancelled"))
        except Fault as fault:
            await self._fail(begun.id, fault, drop)
        except Exception as error:  # noqa: BLE001 (it is logged)
            # Not the error's own words: they may quote the file.
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("import.failed", kind=begun.kind, error=type(error).__name__, where=where)
            await self._fail(begun.id, Fault(UNEXPECTED, code="unexpected"), drop)
        finally:
            if source is not None:
                await asyncio.to_thread(source.unlink, missing_ok=True)

    async def _fail(
        self, import_id: str, fault: Fault, drop: Callable[[], Awaitable[None]]
    ) -> None:
        # Dropped first: whoever reads that it failed finds nothing of it.
        await _try_to_drop(drop)
        self._faults[import_id] = fault
        words = {"code": fault.code, "detail": fault.sentence, "cure": fault.cure}
        self.note(replace(self._imports[import_id], state="failed", fault=words))


async def _try_to_drop(drop: Callable[[], Awaitable[None]]) -> None:
    try:
        await drop()
    except Fault as fault:
        # It stays hidden, and the next start deletes it.
        log.warning("import.left_behind", code=fault.code)


def abandoned_after(database: Database) -> float:
    """The age in seconds from which a half finished import was left by a server that has died."""
    # Another server on the same database may be importing; nobody takes a day.
    return 0.0 if database.engine_name == "sqlite" else DAY_SECONDS


async def to_the_end(step: Awaitable[T]) -> tuple[T, bool]:
    """Wait for a step that is not called back once it began, so that only its end says what there
    is: a write, or work in a thread. The flag says that the caller was cancelled meanwhile; a
    cancelled caller whose step failed raises `CancelledError`."""
    running = asyncio.ensure_future(step)
    cancelled = False
    while not running.done():
        try:
            await asyncio.wait([running])
        except asyncio.CancelledError:
            cancelled = True
    if cancelled and running.exception() is not None:
        raise asyncio.CancelledError
    return running.result(), cancelled


async def unless_cancelled(step: Awaitable[T]) -> T:
    """Wait for such a step; raises `CancelledError` after it when the caller was cancelled."""
    found, cancelled = await to_the_end(step)
    if cancelled:
        raise asyncio.CancelledError
    return found
