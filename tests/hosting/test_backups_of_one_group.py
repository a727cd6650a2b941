"""One of many groups in a PostgreSQL is backed up and brought back; the others go on meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest

from tests.databases import PostgresServer
from tests.pgbouncer import start_pgbouncer
from tests.running import Running, running
from ttrpg_assistant.errors import BackupImpossible, InvalidInput, StartupRefused
from ttrpg_assistant.storage import postgresql_backup
from ttrpg_assistant.storage.engines import create_database

pytestmark = pytest.mark.postgres

OURS, THEIRS = 'Group "1".*', "group_2"
"""A name that would mean more than itself wherever it is not quoted, and a usual one."""


@pytest.fixture
async def address(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """Of a database with the two schemas, empty."""
    name = await postgres_server.make_database(migrated=False)
    found = postgres_server.address_of(name)
    connection = await asyncpg.connect(found)
    for schema in (OURS, THEIRS):
        await connection.execute(f"CREATE SCHEMA {quote_name(schema)}")
    await connection.close()
    yield found
    await postgres_server.drop_database(name)


def quote_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def of_group(address: str, schema: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}schema={quote(schema)}"


async def speak(app: Running, words: str) -> str:
    chat_id = await app.open_chat()
    body = {"role": "user", "content": words}
    await app.post(f"/api/chat-sessions/{chat_id}/messages", body)
    return chat_id


async def read(app: Running, chat_id: str) -> list[Any]:
    return [one["content"] for one in await app.history(chat_id)]


async def test_a_group_is_brought_back_while_another_one_plays(
    tmp_path: Path, address: str
) -> None:
    ours, theirs = of_group(address, OURS), of_group(address, THEIRS)
    folder = tmp_path / "backups"
    async with running(tmp_path / "theirs", database_url=theirs) as other:
        other_id = await speak(other, "The other group speaks.")
        assert await postgresql_backup.measure(theirs) > 100_000
        assert await postgresql_backup.measure(ours) == 0, "the space of one group is looked for"
        async with running(tmp_path / "ours", database_url=ours, backup_folder=folder) as app:
            chat_id = await speak(app, "The mill stands by the river.")
            made = await app.post("/api/backups", status=201)
            path = folder / made["name"]
            await speak(app, "Said after the backup.")
            with pytest.raises(StartupRefused) as caught:
                await postgresql_backup.restore(path, ours, tmp_path / "ours")
            assert caught.value.code == "database_in_use"
        with pytest.raises(InvalidInput) as refused:
            await postgresql_backup.restore(path, theirs, tmp_path / "theirs")
        assert refused.value.code == "backup_of_another_schema"

        kept = await postgresql_backup.restore(path, ours, tmp_path / "ours")
        async with running(tmp_path / "ours", database_url=ours) as app:
            assert await read(app, chat_id) == ["The mill stands by the river."]
        connection = await asyncpg.connect(address)
        counted = f"SELECT count(*) FROM {quote_name(str(kept))}.messages"
        assert await connection.fetchval(counted) == 2

        # Gone altogether, and brought back; the other group has noticed nothing.
        await connection.execute(f"DROP SCHEMA {quote_name(OURS)} CASCADE")
        assert await postgresql_backup.restore(path, ours, tmp_path / "ours") is None
        async with running(tmp_path / "ours", database_url=ours) as app:
            assert await read(app, chat_id) == ["The mill stands by the river."]
        await connection.close()
        await speak(other, "It speaks on.")
        assert await read(other, other_id) == ["The other group speaks.", "It speaks on."]


@pytest.mark.deep
async def test_through_a_pooler_a_backup_is_refused_and_the_way_around_is_true(
    tmp_path: Path, address: str
) -> None:
    with start_pgbouncer(address) as pooled:
        folder = tmp_path / "backups"
        through = of_group(pooled, THEIRS)
        async with running(tmp_path / "data", database_url=through, backup_folder=folder) as app:
            chat_id = await speak(app, "The mill stands by the river.")
            answer = await app.client.post("/api/backups")
            assert answer.json()["code"] == "backup_through_pooler", answer.text
            assert "TTRPG_BACKUPS_KEPT=0" in answer.json()["cure"]
            direct = of_group(address, THEIRS)
            await postgresql_backup.back_up(direct, tmp_path / "data", folder / "one.dump")
            with pytest.raises(BackupImpossible):
                await postgresql_backup.restore(folder / "one.dump", through, tmp_path / "data")
        await postgresql_backup.restore(folder / "one.dump", direct, tmp_path / "data")
        async with running(tmp_path / "data", database_url=through) as app:
            assert await read(app, chat_id) == ["The mill stands by the river."]


async def test_a_schema_that_is_not_there_is_named(address: str) -> None:
    database = create_database(of_group(address, "nowhere"))
    with pytest.raises(StartupRefused) as caught:
        await database.open()
    assert "nowhere" in caught.value.sentence and "CREATE SCHEMA" in str(caught.value.cure)
