"""The writer: one thread, one connection, many callers to a COMMIT.

Whatever has been queued while the last commit was on its way to the disk becomes the next
batch: one BEGIN IMMEDIATE, each work in its own savepoint, one COMMIT with fsync, then all
callers are told at once. Under load the cost of the fsync is shared; alone, a write waits
for nobody.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import structlog
import tenacity
from sqlalchemy import Connection

from ttrpg_assistant import failpoints
from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.storage.database import Patience, Work
from ttrpg_assistant.storage.health import PersistenceHealth
from ttrpg_assistant.storage.sqlite.connections import driver
from ttrpg_assistant.storage.sqlite.faults import again, find_fault, is_busy, is_untrusted

_log = structlog.get_logger(__name__)
_LARGEST_BATCH = 1000

Job = tuple[Work[Any], "asyncio.Future[Any]"]
Outcome = tuple["asyncio.Future[Any]", Any, BaseException | None]


class Writer:
    """Runs works in order of arrival. `submit` is called on the event loop only."""

    def __init__(
        self,
        connection: Connection,
        *,
        loop: asyncio.AbstractEventLoop,
        health: PersistenceHealth,
        patience: Patience,
        check_file: Callable[[], None],
        reopen: Callable[[], Connection],
    ) -> None:
        self._use(connection)
        self._loop = loop
        self._health = health
        self._patience = patience
        self._check_file = check_file
        self._reopen = reopen
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
                self._serve([])
                continue
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
        try:
            outcomes = self._commit(batch)
        except (sqlite3.Error, OSError, PersistenceUnavailable) as error:
            fault = find_fault(error)
            if fault is None:
                raise
            self._fail(error, fault)
            outcomes = [(future, None, again(fault)) for _, future in batch]
        else:
            self._health.become("available")
        if outcomes:
            self._loop.call_soon_threadsafe(_settle, outcomes)

    def _commit(self, batch: list[Job]) -> list[Outcome]:
        if not self._trusted:
            self._use(self._reopen())
            self._trusted = True
        self._check_file()
        self._begin()
        if not batch:
            self._raw.execute("UPDATE persistence_probe SET count = count + 1")
        outcomes = self._run_works(batch)
        failpoints.hit("before_commit")
        self._raw.execute("COMMIT")
        failpoints.hit("after_commit")
        return outcomes

    def _begin(self) -> None:
        """BEGIN IMMEDIATE, with the patience that a locked database deserves.

        While nothing can be saved anyway there is one attempt, so that callers are told soon.
        """
        attempts = 1 if self._health.state == "unavailable" else self._patience.attempts
        base = self._patience.base

        def tell(state: tenacity.RetryCallState) -> None:
            if state.attempt_number >= 2:
                self._health.become("degraded")

        for attempt in tenacity.Retrying(
            retry=tenacity.retry_if_exception(is_busy),
            stop=tenacity.stop_after_attempt(attempts),
            wait=tenacity.wait_exponential(multiplier=base)
            + tenacity.wait_random(0, base * self._patience.jitter),
            sleep=lambda seconds: self._closing.wait(seconds),
            after=tell,
            reraise=True,
        ):
            with attempt:
                self._raw.execute("BEGIN IMMEDIATE")

    def _run_works(self, batch: list[Job]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        execute = self._raw.execute
        for work, future in batch:
            execute("SAVEPOINT work")
            try:
                value = work(self.connection)
            except BaseException as error:  # noqa: BLE001 - handed to the caller it belongs to
                if find_fault(error) is not None and not isinstance(error, PersistenceUnavailable):
                    raise getattr(error, "orig", None) or error from error
                execute("ROLLBACK TO work")
                outcomes.append((future, None, error))
            else:
                outcomes.append((future, value, None))
            execute("RELEASE work")
        return outcomes

    def _fail(self, error: BaseException, fault: PersistenceUnavailable) -> None:
        _log.warning("write_failed", error=repr(error), code=fault.code)
        if is_untrusted(error):
            self._trusted = False
        elif self._raw.in_transaction:
            self._raw.execute("ROLLBACK")
        self._health.become("unavailable", fault.sentence)


def _settle(outcomes: list[Outcome]) -> None:
    for future, value, error in outcomes:
        if future.done():  # its caller was cancelled; the write has happened all the same
            continue
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)
