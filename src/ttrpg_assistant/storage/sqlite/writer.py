"""The writer: one thread, one connection, many callers to a COMMIT.

Whatever has been queued while the last commit was on its way to the disk becomes the next
batch: one BEGIN IMMEDIATE, each work in its own savepoint, one COMMIT with fsync, then all
callers are told at once. Under load the cost of the fsync is shared; alone, a write waits
for nobody.
"""

from __future__ import annotations

import asyncio
import queue
import random
import sqlite3
import threading
from typing import Any, Protocol

import structlog
from sqlalchemy import Connection

from ttrpg_assistant import failpoints
from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.storage import probe
from ttrpg_assistant.storage.database import Patience, Work
from ttrpg_assistant.storage.health import PersistenceHealth
from ttrpg_assistant.storage.sqlite.connections import driver
from ttrpg_assistant.storage.sqlite.faults import (
    DATABASE_FAILED,
    again,
    find_fault,
    is_busy,
    is_constraint,
    needs_reopening,
    primary_code,
)

_log = structlog.get_logger(__name__)
_LARGEST_BATCH = 1000

Job = tuple[Work[Any], "asyncio.Future[Any] | None"]
Outcome = tuple["asyncio.Future[Any] | None", Any, BaseException | None]

_PROBE: Job = (probe.touch, None)


class WatchedFile(Protocol):
    """The file under the writer, as `files.DatabaseFile` knows it."""

    def check(self) -> None:
        """Raise `PersistenceUnavailable` when it is no longer the file that was opened."""

    def reopen(self, old: Connection) -> Connection:
        """A new writing connection after the old one failed, once the file has been checked."""

    def watch_journal(self) -> None:
        """Warn when the WAL grows too large."""


class Writer:
    """Runs works in order of arrival. `submit` is called on the event loop only."""

    def __init__(
        self,
        connection: Connection,
        file: WatchedFile,
        *,
        health: PersistenceHealth,
        patience: Patience,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._use(connection)
        self._file = file
        self._health = health
        self._patience = patience
        self._loop = loop
        self._trusted = True
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sqlite-writer", daemon=True)

    def _use(self, connection: Connection) -> None:
        self.connection = connection
        self._raw = driver(connection)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def submit(self, work: Work[Any]) -> asyncio.Future[Any]:
        """Queue the work; the future is done when the work is durable or has failed."""
        if self._closing.is_set():
            raise PersistenceUnavailable("The server is stopping.")
        future: asyncio.Future[Any] = self._loop.create_future()
        self._queue.put((work, future))
        return future

    def distrust(self) -> None:
        """Someone has seen damage: reopen and check the file before the next commit."""
        self._trusted = False

    def stop(self) -> None:
        """Finish everything queued, then end the thread. Waits for it."""
        self._closing.set()
        self._queue.put(None)
        self._thread.join()

    # Everything below runs in the writer's thread.

    def _run(self) -> None:
        while True:
            healthy = self._health.state == "available"
            try:
                first = self._queue.get(timeout=None if healthy else self._patience.probe)
            except queue.Empty:
                first = _PROBE
            if first is None:
                return
            batch = [first]
            ended = self._take_waiting(batch)
            self._serve(batch)
            if ended:
                return

    def _take_waiting(self, batch: list[Job]) -> bool:
        """Add what has been queued meanwhile. True when the end of the queue was among it."""
        while len(batch) < _LARGEST_BATCH:
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                return False
            if job is None:
                return True
            batch.append(job)
        return False

    def _serve(self, batch: list[Job]) -> None:
        outcomes: list[Outcome]
        try:
            outcomes = self._commit(batch)
        except BaseException as error:  # noqa: BLE001
            # The thread outlives everything: whatever it was belongs to the callers.
            fault = find_fault(error)
            self._recover(error, fault)
            if is_constraint(error) and len(batch) > 1:
                # A deferred constraint fails at COMMIT and does not say whose it was.
                for job in batch:
                    self._serve([job])
                return
            outcomes = [(future, None, again(fault) if fault else error) for _, future in batch]
        try:
            self._loop.call_soon_threadsafe(_settle, outcomes)
        except RuntimeError:  # the loop was closed: nobody is left to be told
            _log.warning("write_unheard", works=len(outcomes))

    def _commit(self, batch: list[Job]) -> list[Outcome]:
        if not self._trusted:
            self._use(self._file.reopen(self.connection))
            self._trusted = True
        self._file.check()
        self._begin()
        changes = self._raw.total_changes
        outcomes = self._run_alone(batch[0]) if len(batch) == 1 else self._run_together(batch)
        failpoints.hit("before_commit")
        if self._raw.in_transaction:
            self._raw.execute("COMMIT")
        failpoints.hit("after_commit")
        if (
            self._health.state != "available"
            and self._raw.total_changes != changes
            and any(error is None for _, _, error in outcomes)
        ):
            self._health.become("available")
        self._file.watch_journal()
        return outcomes

    def _begin(self) -> None:
        """BEGIN IMMEDIATE, with the patience that a locked database deserves.

        While nothing can be saved anyway there is one attempt, so that callers are told soon.
        """
        attempts = 1 if self._health.state == "unavailable" else self._patience.attempts
        base, jitter = self._patience.base, self._patience.jitter
        for attempt in range(1, attempts + 1):
            try:
                self._raw.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if attempt == attempts or not is_busy(error):
                    raise
            if attempt >= 2:
                self._health.become("degraded")
            self._closing.wait(base * 2 ** (attempt - 1) + random.uniform(0, base * jitter))

    def _run_alone(self, job: Job) -> list[Outcome]:
        work, future = job
        try:
            return [(future, work(self.connection), None)]
        except BaseException as error:  # noqa: BLE001 - it is its caller's
            self._leave_if_broken(error)
            self._raw.execute("ROLLBACK")
            return [(future, None, error)]

    def _run_together(self, batch: list[Job]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        execute = self._raw.execute
        for work, future in batch:
            execute("SAVEPOINT work")
            try:
                outcomes.append((future, work(self.connection), None))
            except BaseException as error:  # noqa: BLE001 - it is its caller's
                self._leave_if_broken(error)
                execute("ROLLBACK TO work")
                outcomes.append((future, None, error))
            execute("RELEASE work")
        return outcomes

    def _leave_if_broken(self, error: BaseException) -> None:
        """Raise on when it was not the work that failed but the database under it."""
        if not self._raw.in_transaction or primary_code(error) in DATABASE_FAILED:
            raise error

    def _recover(self, error: BaseException, fault: PersistenceUnavailable | None) -> None:
        """Undo what is half done, and say what it means for everyone."""
        if needs_reopening(error):
            self._trusted = False
        try:
            if self._raw.in_transaction:
                self._raw.execute("ROLLBACK")
        except sqlite3.Error:
            self._trusted = False
        if fault is None:
            _log.error("write_failed", error=repr(error))
        elif self._health.become("unavailable", fault.sentence):
            _log.warning("write_failed", code=fault.code, error=repr(error))


def _settle(outcomes: list[Outcome]) -> None:
    for future, value, error in outcomes:
        # The future of a cancelled caller is done already; the write has happened all the same.
        if future is None or future.done():
            continue
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)
