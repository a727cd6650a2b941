"""Connections to PostgreSQL are given back when nobody needs them."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection, text

from tests.databases import QUICK, PostgresServer
from ttrpg_assistant.storage import idle_connections
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.preferences import find_preference, put_preference

pytestmark = pytest.mark.postgres

MANY = 8
COUNT = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")


def count(tx: Connection) -> int:
    return int(tx.execute(COUNT).scalar_one())


async def test_connections_of_a_busy_moment_are_closed_and_opened_again_when_they_are_needed(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle_connections, "IDLE_SECONDS", 0.2)
    name = await postgres_server.make_database()
    database = create_database(postgres_server.address_of(name), patience=QUICK)
    await database.open()
    wait = text("SELECT pg_sleep(0.1)")
    try:
        for number in range(2):
            await asyncio.gather(
                *(database.read(lambda tx: tx.execute(wait).all()) for _ in range(MANY)),
                database.write(lambda tx, at=number: put_preference(tx, "key", at)),
            )
            assert await database.read(count) >= MANY, "the busy moment needed that many"
            async with asyncio.timeout(20):
                while await database.read(count) > 1:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            assert await database.read(lambda tx: find_preference(tx, "key")) == number
        assert database.health.state == "available"
    finally:
        await database.close()
        await postgres_server.drop_database(name)
