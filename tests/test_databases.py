"""A PostgreSQL database that tests take in turns is as good as new each time."""

from __future__ import annotations

import asyncpg
import pytest

from tests.databases import PostgresServer

pytestmark = pytest.mark.postgres

TALK = """
    INSERT INTO conversations (id, kind, purpose, next_seq, message_count, unread_count,
        created_at, updated_at) VALUES ('c', 'thread', 'general', 1, 0, 0, '', '');
    INSERT INTO messages (id, conversation_id, seq, role, status, content, created_at, updated_at)
        VALUES ('m', 'c', 1, 'user', 'complete', 'left behind', '', '');
    UPDATE persistence_probe SET id = 7;
"""


async def read_all(address: str) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    connection = await asyncpg.connect(address)
    try:
        names = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        return {
            name: [str(row) for row in await connection.fetch(f'SELECT * FROM "{name}"')]
            for (name,) in names
        }
    finally:
        await connection.close()


async def run(address: str, statements: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


async def test_what_a_test_left_behind_is_gone_for_the_next(
    postgres_server: PostgresServer,
) -> None:
    name = await postgres_server.take_database()
    address = postgres_server.address_of(name)
    new = await read_all(address)
    for _ in range(2):
        await run(address, TALK)
        assert await read_all(address) != new
        await postgres_server.give_back(name)
        assert await postgres_server.take_database() == name
        assert await read_all(address) == new
    await run(address, TALK)
    numbers = (await read_all(address))["search_entries"]
    assert len(numbers) == 1 and "number=1 " in numbers[0]
    await postgres_server.give_back(name)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE messages DROP COLUMN origin CASCADE",
        "ALTER TABLE messages DISABLE TRIGGER USER",
        "CREATE TABLE another (id int)",
        "DROP INDEX ix_messages_parent_id",
    ],
)
async def test_a_database_of_another_shape_is_not_used_again(
    postgres_server: PostgresServer, change: str
) -> None:
    name = await postgres_server.take_database()
    await run(postgres_server.address_of(name), change)
    await postgres_server.give_back(name)
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(postgres_server.address_of(name))
