"""Every state that PostgreSQL can answer with, from the driver's own list of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest
from sqlalchemy import text

from tests.databases import QUICK, PostgresServer
from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.postgresql_faults import OWN, SERVER, SOON
from ttrpg_assistant.storage.preferences import find_preference, put_preference

pytestmark = [pytest.mark.fault, pytest.mark.postgres]

STATES = sorted(
    {
        state
        for one in vars(asyncpg.exceptions).values()
        if isinstance(one, type) and isinstance(state := getattr(one, "sqlstate", None), str)
    }
)
SERVERS = [state for state in STATES if any(state.startswith(known) for known in SERVER)]


@pytest.fixture
async def served(postgres_server: PostgresServer, postgres_name: str) -> AsyncIterator[Database]:
    # It is looked at between a failure and the next try: only the test tries.
    patience = replace(QUICK, probe=3600)
    database = create_database(postgres_server.address_of(postgres_name), patience=patience)
    await database.open()
    yield database
    await database.close()


def test_every_class_of_states_is_the_servers_or_the_works_own() -> None:
    assert len(STATES) > 200
    transactions = {"25", "55"}
    """Mistakes of the work, but for the states of them that SERVER names."""
    unknown = {
        state[:2]
        for state in STATES
        if state not in SERVERS and state[:2] not in OWN | transactions
    }
    assert not unknown, f"Say in postgresql_faults.py what these classes mean: {unknown}"
    assert {"08", "28", "3D", "40", "53", "57", "58", "F0", "XX"} <= {s[:2] for s in SERVERS}


async def test_each_state_of_the_server_is_said_as_it_is_and_saving_goes_on_after_it(
    served: Database,
) -> None:
    """The real server raises each of them."""
    for state in SERVERS:
        statement = text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$")
        with pytest.raises(PersistenceUnavailable) as caught:
            await served.write(lambda tx, statement=statement: tx.execute(statement).rowcount)
        fault = caught.value
        assert fault.sentence.endswith(".") and fault.retry_after > 0, state
        assert (fault.retry_after == 1) == state.startswith(SOON), state
        assert served.health.state == "unavailable" and served.health.sentence, state
        await served.probe()
        assert served.health.state == "available", state


@pytest.mark.parametrize("state", ["22012", "23505", "42703", "P0001"])
async def test_a_mistake_of_the_work_is_no_trouble_of_the_server(
    served: Database, state: str
) -> None:
    statement = text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$")
    with pytest.raises(Exception, match="no") as caught:
        await served.write(lambda tx: tx.execute(statement).rowcount)
    assert not isinstance(caught.value, PersistenceUnavailable)
    assert served.health.state == "available"


@pytest.mark.parametrize(
    ("broken", "mended", "sentence"),
    [
        (
            'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false',
            'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true',
            "The database accepts no connections at the moment.",
        ),
        (
            'ALTER DATABASE "{name}" RENAME TO "{name}_away"',
            'ALTER DATABASE "{name}_away" RENAME TO "{name}"',
            "The database no longer exists, so messages cannot be saved.",
        ),
        (
            'ALTER DATABASE "{name}" SET default_transaction_read_only = on',
            'ALTER DATABASE "{name}" RESET default_transaction_read_only',
            "The database is read-only, so messages cannot be saved.",
        ),
    ],
)
async def test_what_an_administrator_does_is_said_and_passes_when_it_is_undone(
    served: Database,
    postgres_server: PostgresServer,
    postgres_name: str,
    broken: str,
    mended: str,
    sentence: str,
) -> None:
    end_all = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{postgres_name}' AND pid <> pg_backend_pid()"
    )
    await served.write(lambda tx: put_preference(tx, "a", 1))
    await postgres_server.run(end_all)
    await postgres_server.run(broken.format(name=postgres_name))
    await postgres_server.run(end_all)
    with pytest.raises(PersistenceUnavailable) as caught:
        await served.write(lambda tx: put_preference(tx, "a", 2))
    assert caught.value.sentence == sentence
    assert served.health.state == "unavailable"
    await postgres_server.run(mended.format(name=postgres_name))
    await postgres_server.run(end_all)
    async with asyncio.timeout(60):
        while (await served.probe()).state != "available":
            pass
    await served.write(lambda tx: put_preference(tx, "a", 3))
    assert await served.read(lambda tx: find_preference(tx, "a")) == 3
    assert served.health.state == "available"


async def test_a_login_that_is_refused_is_said_as_such(
    postgres_server: PostgresServer, postgres_name: str
) -> None:
    role = f"gm_{postgres_name[-12:]}"
    await postgres_server.run(f"CREATE ROLE {role} LOGIN SUPERUSER")
    address = postgres_server.address_of(postgres_name).replace("postgres:", f"{role}:", 1)
    address = address.replace("//postgres@", f"//{role}@")
    database = create_database(address, patience=QUICK)
    try:
        await database.open()
        await postgres_server.run(f"ALTER ROLE {role} NOLOGIN")
        await postgres_server.run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'"
        )
        for _ in range(2):
            with pytest.raises(PersistenceUnavailable) as caught:
                await database.write(lambda tx: put_preference(tx, "a", 1))
            assert caught.value.code == "database_login_refused"
        with pytest.raises(PersistenceUnavailable):
            await database.read(lambda tx: find_preference(tx, "a"))
    finally:
        await database.close()
        await postgres_server.run(f"DROP ROLE {role}")
