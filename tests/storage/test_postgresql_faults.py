"""Faults injected for real under PostgreSQL, and what the callers are told."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.databases import (
    QUICK,
    PostgresServer,
    postgres_folder,
    start_postgres,
)
from ttrpg_assistant.errors import PersistenceUnavailable, StartupRefused
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.postgresql import spell_url
from ttrpg_assistant.storage.preferences import find_preference, put_preference

pytestmark = [pytest.mark.fault, pytest.mark.postgres]

END_OWN_BACKEND = text("SELECT pg_terminate_backend(pg_backend_pid())")
END_OTHER_BACKENDS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = '{name}' AND pid <> pg_backend_pid()"
)


@pytest.fixture
async def served(postgres_server: PostgresServer, postgres_name: str) -> AsyncIterator[Database]:
    database = create_database(postgres_server.address_of(postgres_name), patience=QUICK)
    await database.open()
    yield database
    await database.close()


async def find(database: Database, key: str) -> object:
    return await database.read(lambda tx: find_preference(tx, key))


async def test_a_backend_killed_before_the_commit_is_not_noticed(served: Database) -> None:
    runs = 0

    def work(tx: Connection) -> None:
        nonlocal runs
        runs += 1
        put_preference(tx, "a", runs)
        if runs == 1:
            tx.execute(END_OWN_BACKEND)

    await served.write(work)
    assert await find(served, "a") == 2
    assert served.health.state == "available"


async def test_connections_that_died_in_the_pool_are_not_noticed(
    served: Database, postgres_server: PostgresServer, postgres_name: str
) -> None:
    for _ in range(2):
        await served.write(lambda tx: put_preference(tx, "a", 1))
        await postgres_server.run(END_OTHER_BACKENDS.format(name=postgres_name))
        assert await find(served, "a") == 1
        await postgres_server.run(END_OTHER_BACKENDS.format(name=postgres_name))
    assert served.health.state == "available"


async def test_a_backend_killed_at_commit_leaves_the_outcome_open_and_the_same_id_settles_it(
    served: Database, postgres_server: PostgresServer, postgres_name: str
) -> None:
    # A deferred trigger runs inside COMMIT, and holds it there until we kill its backend.
    statements = (
        "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.value::text = '\"held\"' THEN PERFORM pg_sleep(60); END IF; "
        "RETURN NEW; END $$",
        "CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON preferences "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold()",
    )

    def prepare(tx: Connection) -> None:
        for statement in statements:
            tx.execute(text(statement))

    await served.write(prepare)
    writing = asyncio.create_task(served.write(lambda tx: put_preference(tx, "a", "held")))
    sleeping = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE wait_event = 'PgSleep' AND query ILIKE 'commit%' AND datname = current_database()"
    )
    while not await served.read(lambda tx: tx.execute(sleeping).all()):
        pass
    with pytest.raises(PersistenceUnavailable) as caught:
        await writing
    assert caught.value.facts["outcome"] == "unknown"
    assert await find(served, "a") is None
    await served.write(lambda tx: put_preference(tx, "a", "settled"))
    assert await find(served, "a") == "settled"
    assert served.health.state == "available"


async def test_works_that_collide_are_run_again(served: Database) -> None:
    await served.write(lambda tx: put_preference(tx, "a", 0))
    await served.write(lambda tx: put_preference(tx, "b", 0))
    runs = 0

    def work(tx: Connection, keys: tuple[str, str]) -> None:
        nonlocal runs
        runs += 1
        for key in keys:
            put_preference(tx, key, runs)
            tx.execute(text("SELECT pg_sleep(0.2)"))

    await asyncio.gather(
        served.write(lambda tx: work(tx, ("a", "b"))), served.write(lambda tx: work(tx, ("b", "a")))
    )
    assert runs == 3
    assert await find(served, "a") == await find(served, "b")
    assert served.health.state == "available"


async def test_commits_are_durable_whatever_the_servers_default(
    postgres_server: PostgresServer, postgres_name: str
) -> None:
    await postgres_server.run(f'ALTER DATABASE "{postgres_name}" SET synchronous_commit = off')
    database = create_database(postgres_server.address_of(postgres_name))
    await database.open()
    shown = await database.write(lambda tx: tx.execute(text("SHOW synchronous_commit")).scalar())
    assert shown == "on"
    await database.close()


async def test_an_unreachable_server_is_said_at_start_without_the_password() -> None:
    database = create_database("postgresql://someone:hunter2@127.0.0.1:1/nowhere")
    with pytest.raises(StartupRefused) as caught:
        await database.open()
    assert caught.value.code == "database_unreachable"
    assert "hunter2" not in caught.value.sentence
    assert "127.0.0.1" in caught.value.sentence


def test_addresses_are_understood_as_libpq_spells_them() -> None:
    url = spell_url("postgres://gm@db.example/tales?sslmode=require&application_name=ttrpg")
    assert url.drivername == "postgresql+asyncpg"
    assert url.query == {"ssl": "require", "application_name": "ttrpg"}


@pytest.mark.slow
async def test_a_killed_server_loses_nothing_acknowledged_and_is_used_again_when_it_is_back() -> (
    None
):
    folder = postgres_folder(uuid.uuid4().hex)
    server = await asyncio.to_thread(start_postgres, folder)
    try:
        made = PostgresServer(server.get_uri())
        name = await made.make_database(migrated=False)
        database = create_database(made.address_of(name), patience=QUICK)
        await database.open()
        acknowledged = 0
        under_way = asyncio.Event()

        async def go_on_writing() -> PersistenceUnavailable:
            nonlocal acknowledged
            try:
                while True:
                    key = f"{acknowledged:06d}"
                    await database.write(lambda tx, key=key: put_preference(tx, key, 1))
                    acknowledged += 1
                    if acknowledged == 50:
                        under_way.set()
            except PersistenceUnavailable as fault:
                return fault

        writing = asyncio.create_task(go_on_writing())
        await under_way.wait()
        os.kill(server.get_pid(), signal.SIGKILL)
        assert (await writing).retry_after > 0
        assert database.health.state == "unavailable"
        with pytest.raises(PersistenceUnavailable):
            await find(database, "000000")

        available = asyncio.Event()
        database.health.subscribe(  # It also says what it is waiting for, while it starts.
            lambda health: available.set() if health.state == "available" else None
        )
        await asyncio.to_thread(restart, server)
        async with asyncio.timeout(60):
            await available.wait()
        assert database.health.state == "available"
        for number in range(acknowledged):
            assert await find(database, f"{number:06d}") == 1
        await database.close()
    finally:
        await asyncio.to_thread(server.cleanup)


def restart(server: Any) -> None:
    """Start it again, once the orphans of the killed one have gone."""
    # Where nobody reaps orphans the killed process seems alive, and its file would be believed.
    (server.pgdata / "postmaster.pid").unlink(missing_ok=True)
    for attempt in range(20):
        try:
            return server.ensure_postgres_running()
        except subprocess.SubprocessError:
            if attempt == 19:
                raise
            time.sleep(0.2)
