"""The store behind a real PgBouncer in transaction mode."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest
from sqlalchemy import Connection, text

from tests.databases import QUICK, PostgresServer, run_apart
from tests.pgbouncer import start_pgbouncer
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.preferences import find_preference, put_preference

pytestmark = pytest.mark.postgres

IGNORES = "ignore_startup_parameters = synchronous_commit,lock_timeout,"
IGNORES += "idle_in_transaction_session_timeout\n"


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("", id="refuses settings"),
        pytest.param(IGNORES, id="drops settings", marks=pytest.mark.deep),
    ],
)
def pooled_address(
    request: pytest.FixtureRequest, postgres_server: PostgresServer
) -> Iterator[str]:
    """The address of an empty database through a pooler with few connections."""
    name = run_apart(postgres_server.make_database(migrated=False))
    address = postgres_server.address_of(name)
    with start_pgbouncer(address, pool=2, more=request.param) as pooled:
        yield pooled
    run_apart(postgres_server.drop_database(name))


async def open_database(address: str) -> Database:
    made = create_database(address, patience=QUICK)
    await made.open()
    return made


async def test_several_servers_migrate_read_and_write_through_a_pooler(pooled_address: str) -> None:
    """Three servers start at once on an empty database, through two connections; then each
    writes and reads the same statements side by side."""
    servers = await asyncio.gather(*(open_database(pooled_address) for _ in range(3)))

    def put(number: int, at: int) -> int:
        def work(tx: Connection) -> None:
            put_preference(tx, f"key-{number}-{at}", {"value": [number, at]})
            assert find_preference(tx, f"key-{number}-{at}") == {"value": [number, at]}

        return work

    try:
        await asyncio.gather(
            *(
                database.write(put(number, at))
                for number, database in enumerate(servers)
                for at in range(20)
            )
        )
        found = await asyncio.gather(
            *(
                servers[at % 3].read(lambda tx, at=at: find_preference(tx, f"key-{at % 3}-{at}"))
                for at in range(20)
            )
        )
        assert found == [{"value": [at % 3, at]} for at in range(20)]
    finally:
        for database in servers:
            await database.close()


async def test_a_setting_left_behind_in_the_pool_is_not_ours(pooled_address: str) -> None:
    """Another client's settings stay on the connections that a pooler shares."""
    other = [await asyncpg.connect(pooled_address, statement_cache_size=0) for _ in range(2)]
    for each in other:
        async with each.transaction():
            await each.execute("SET synchronous_commit = off; SET lock_timeout = '1ms'")
    database = await open_database(pooled_address)

    def look(tx: Connection) -> tuple[str, str, str]:
        names = ("synchronous_commit", "lock_timeout", "idle_in_transaction_session_timeout")
        return tuple(str(tx.execute(text(f"SHOW {name}")).scalar()) for name in names)  # type: ignore[return-value]

    try:
        for _ in range(4):
            assert await database.write(look) == ("on", "10s", "1min")
            assert await database.read(look) == ("on", "10s", "1min")
    finally:
        await database.close()
        for each in other:
            await each.close()


@pytest.mark.deep
async def test_tables_may_stand_in_a_schema_of_their_own(postgres_server: PostgresServer) -> None:
    """Also where the pooler shares its connections with another schema's servers."""
    name = await postgres_server.make_database(migrated=False)
    direct = postgres_server.address_of(name)
    with start_pgbouncer(direct, pool=1) as pooled:
        connection = await asyncpg.connect(direct)
        await connection.execute('CREATE SCHEMA "group 1"; CREATE SCHEMA group_2')
        one = await open_database(f"{pooled}?schema=group%201")
        two = await open_database(f"{pooled}?schema=group_2")
        again = await open_database(f"{direct}&schema=group_2")
        await one.write(lambda tx: put_preference(tx, "key", 1))
        await two.write(lambda tx: put_preference(tx, "key", 2))
        assert await one.read(lambda tx: find_preference(tx, "key")) == 1
        assert await again.read(lambda tx: find_preference(tx, "key")) == 2
        counted = "SELECT count(*) FROM pg_tables WHERE schemaname = $1"
        assert await connection.fetchval(counted, "public") == 0
        assert await connection.fetchval(counted, "group 1") > 40
        for database in (one, two, again):
            await database.close()
        await connection.close()
    await postgres_server.drop_database(name)
