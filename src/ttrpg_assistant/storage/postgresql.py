"""`Database` on PostgreSQL: the same store functions, each in one transaction on asyncpg."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from ttrpg_assistant.errors import Fault, PersistenceUnavailable, StartupRefused
from ttrpg_assistant.storage import probe, schema, slow_statements
from ttrpg_assistant.storage.database import EngineName, Patience, T, Work
from ttrpg_assistant.storage.health import PersistenceHealth
from ttrpg_assistant.storage.idle_connections import IdleConnections
from ttrpg_assistant.storage.pooling import (
    direct_arguments,
    ignores_settings,
    pooled_arguments,
    refuses_settings,
    take_url_settings,
)
from ttrpg_assistant.storage.postgresql_faults import (
    ENGINE_ERRORS,
    find_fault,
    is_collision,
    is_lost,
    is_read_only,
    outcome_unknown,
)

_log = structlog.get_logger(__name__)
_COLLISIONS = 8
_POOL = 10


class PostgresDatabase:
    """A PostgreSQL database, possibly shared with other servers."""

    def __init__(self, address: str, patience: Patience) -> None:
        self.health = PersistenceHealth()
        self._url, self._settings = take_url_settings(spell_url(address))
        self._patience = patience
        self._engine: AsyncEngine | None = None
        self._reading: AsyncEngine | None = None
        self._writes: set[asyncio.Task[Any]] = set()
        self._prober: asyncio.Task[None] | None = None
        self._closer: asyncio.Task[None] | None = None

    @property
    def engine_name(self) -> EngineName:
        """Always `postgresql`."""
        return "postgresql"

    async def open(self) -> None:
        """Connect, check that commits are durable, migrate. Raises `StartupRefused`."""
        self.health.bind(asyncio.get_running_loop())
        engine = await self._connect()
        self._engine = engine
        self._closer = asyncio.create_task(IdleConnections(engine.sync_engine).keep_few())
        self._reading = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    async def _connect(self) -> AsyncEngine:
        """An engine whose database is checked and migrated. Raises `StartupRefused`."""
        engine = self._make_engine(direct_arguments(self._settings))
        try:
            if await _is_pooled(engine):
                await engine.dispose()
                engine = self._make_engine(pooled_arguments(self._settings))
                _log.info("database_pooled")
            async with engine.connect() as connection:
                await connection.run_sync(_check_durability)
                await connection.run_sync(_check_schema)
                await connection.rollback()
                await connection.run_sync(schema.upgrade)
        except ENGINE_ERRORS as error:
            await engine.dispose()
            raise StartupRefused(
                f"The database {self._url.render_as_string(hide_password=True)} cannot be used: "
                f"{find_fault(error) or error}",
                code="database_unreachable",
                cure="Check that PostgreSQL is running and that TTRPG_DATABASE_URL is right.",
            ) from error
        except BaseException:
            await engine.dispose()
            raise
        return engine

    def _make_engine(self, arguments: dict[str, Any]) -> AsyncEngine:
        engine = create_async_engine(
            self._url,
            pool_size=_POOL,
            max_overflow=_POOL,
            pool_use_lifo=True,  # so that those nobody needs become old (`idle_connections`)
            json_serializer=_encode,
            json_deserializer=msgspec.json.decode,
            query_cache_size=1000,
            hide_parameters=True,  # what is said belongs in no log
            connect_args=arguments,
        )
        slow_statements.watch(engine.sync_engine)
        return engine

    async def close(self) -> None:
        """Finish the writes that are under way, then close every connection."""
        for beside in (self._prober, self._closer):
            if beside is not None:
                beside.cancel()
        if self._writes:
            await asyncio.wait(self._writes)
        engine, self._engine, self._reading = self._engine, None, None
        if engine is not None:
            await engine.dispose()

    async def read(self, work: Work[T]) -> T:
        """Run the work on one snapshot, read-only, for a bounded time."""
        try:
            async with asyncio.timeout(self._patience.read):
                try:
                    return await self._read_once(work)
                except ENGINE_ERRORS as error:
                    if not is_lost(error):
                        raise
                    # The pool may have held connections from before a restart; it is empty now.
                    return await self._read_once(work)
        except TimeoutError as error:
            raise Fault(
                f"Reading took longer than {self._patience.read:g} seconds and was stopped.",
                code="read_too_slow",
            ) from error
        except ENGINE_ERRORS as error:
            fault = find_fault(error)
            # A store function that writes in a read is a mistake to be loud about.
            if fault is None or is_read_only(error):
                raise
            raise fault from error

    async def _read_once(self, work: Work[T]) -> T:
        if self._reading is None:
            raise PersistenceUnavailable("The database is not open.")
        async with self._reading.connect() as connection:
            return await connection.run_sync(work)

    async def write(self, work: Work[T]) -> T:
        """Run the work in a transaction of its own; a cancelled caller does not stop it."""
        task = asyncio.create_task(self._write(work))
        self._writes.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._writes.discard(task)
        if not task.cancelled():
            task.exception()  # seen, even when nobody waits for it any more

    async def probe(self) -> PersistenceHealth:
        """Make a real durable write and say what it showed."""
        try:
            await self.write(probe.touch)
        except PersistenceUnavailable as fault:
            self.health.become("unavailable", fault.sentence)
        return self.health

    async def _write(self, work: Work[T]) -> T:
        """Try again when the transaction was certainly undone, and only then."""
        attempts = 1 if self.health.state == "unavailable" else self._patience.attempts
        failed = collisions = 0
        while True:
            try:
                value = await self._write_once(work)
            except ENGINE_ERRORS as error:
                if is_collision(error) and collisions < _COLLISIONS:
                    collisions += 1
                    await asyncio.sleep(random.uniform(0, 0.01 * 2**collisions))
                    continue
                fault = find_fault(error)
                if fault is None:
                    raise
                failed += 1
                if failed >= attempts or not is_lost(error):
                    self._become_unavailable(fault, error)
                    raise fault from error
                if failed >= 2:
                    self.health.become("degraded")
                pause = self._patience.base * 2 ** (failed - 1)
                await asyncio.sleep(pause + random.uniform(0, pause * self._patience.jitter))
            else:
                self.health.become("available")
                return value

    async def _write_once(self, work: Work[T]) -> T:
        if self._engine is None:
            raise PersistenceUnavailable("The database is not open.")
        async with self._engine.connect() as connection:
            value = await connection.run_sync(work)
            try:
                await connection.commit()
            except ENGINE_ERRORS as error:
                if is_lost(error):
                    # The server may have committed before it could say so.
                    fault = outcome_unknown()
                    self._become_unavailable(fault, error)
                    raise fault from error
                raise
            return value

    def _become_unavailable(self, fault: PersistenceUnavailable, error: BaseException) -> None:
        if self.health.become("unavailable", fault.sentence):
            _log.warning("write_failed", code=fault.code, error=repr(error))
        if self._prober is None or self._prober.done():
            self._prober = asyncio.create_task(self._probe_until_available())

    async def _probe_until_available(self) -> None:
        while self.health.state == "unavailable":
            await asyncio.sleep(self._patience.probe)
            try:
                await self.probe()
            except Exception:  # noqa: BLE001 (it is logged)
                # Without the prober nothing would be saved again: it goes on, and says why.
                _log.exception("probe_failed")


def spell_url(address: str) -> URL:
    """The address for asyncpg; `sslmode`, as libpq spells it, is understood."""
    url = make_url(address).set(drivername="postgresql+asyncpg")
    if "sslmode" in url.query:
        mode = url.query["sslmode"]
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return url


def _encode(value: object) -> str:
    return msgspec.json.encode(value).decode()


async def _is_pooled(engine: AsyncEngine) -> bool:
    """Whether a pooler stands between this and PostgreSQL."""
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(ignores_settings)
    except ENGINE_ERRORS as error:
        if refuses_settings(error):
            return True
        raise


def _check_durability(connection: Connection) -> None:
    if connection.execute(text("SHOW synchronous_commit")).scalar() not in ("on", "remote_apply"):
        raise StartupRefused(
            "PostgreSQL answers before a commit is on the disk (synchronous_commit is off).",
            code="database_not_durable",
            cure="Set synchronous_commit to on.",
        )
    if connection.execute(text("SHOW fsync")).scalar() != "on":
        _log.warning("database_not_durable", setting="fsync", value="off")


def _check_schema(connection: Connection) -> None:
    if connection.execute(text("SELECT current_schema()")).scalar() is not None:
        return
    wanted = connection.execute(text("SHOW search_path")).scalar()
    raise StartupRefused(
        f"The database has no schema {wanted}, or its user may not use it.",
        code="schema_missing",
        cure=f"Make it in the database: CREATE SCHEMA {wanted}; or correct schema= in"
        " TTRPG_DATABASE_URL.",
    )
