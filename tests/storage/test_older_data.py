"""What an older version kept is there after the migrations, field by field.

`made_by_0024.json` holds rows of every table as the version with schema 0024 wrote them, with
something in every column.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, create_engine, insert, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.databases import PostgresServer
from ttrpg_assistant.campaigns.tables import locations, npcs
from ttrpg_assistant.search.model import Filters
from ttrpg_assistant.search.query import parse_query
from ttrpg_assistant.search.store import indexing
from ttrpg_assistant.search.store.asking import Question
from ttrpg_assistant.search.store.hits import engine_of
from ttrpg_assistant.storage import schema

MADE_AT = "0024"
ROWS: dict[str, list[dict[str, Any]]] = json.loads(
    Path(__file__).with_name(f"made_by_{MADE_AT}.json").read_text("utf-8")
)


def load(tx: Connection) -> None:
    """Keep the rows, whatever order their references need."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SET session_replication_role = replica"))
    tables = MetaData()
    tables.reflect(tx, only=list(ROWS))
    for name, rows in ROWS.items():
        tx.execute(insert(tables.tables[name]), rows)
    if tx.dialect.name == "postgresql":
        tx.execute(text("SET session_replication_role = origin"))
    tx.commit()


def read(tx: Connection) -> dict[str, list[dict[str, Any]]]:
    """The same rows, with the columns they had."""
    tables = MetaData()
    tables.reflect(tx, only=list(ROWS))
    found: dict[str, list[dict[str, Any]]] = {}
    for name, rows in ROWS.items():
        columns = [tables.tables[name].c[column] for column in rows[0]]
        found[name] = [dict(row) for row in tx.execute(select(*columns)).mappings()]
    return found


def sort(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


STEPS: tuple[Callable[[Connection], None], ...] = (
    lambda tx: schema.upgrade(tx, MADE_AT),
    load,
    schema.upgrade,
)


def check_equal(after: dict[str, list[dict[str, Any]]]) -> None:
    for name, rows in ROWS.items():
        assert sort(after[name]) == sort(rows), name


def check_heard_of(tx: Connection) -> None:
    """Of the NPCs and locations there were, others hear the name and nothing else, as before."""
    for table in (npcs, locations):
        kept = tx.execute(select(table.c.audience, table.c.known_to)).all()
        assert kept and {(word, tuple(known_to)) for word, known_to in kept} == {("name", ())}


def test_the_rows_leave_no_column_empty() -> None:
    empty = {
        (name, column)
        for name, rows in ROWS.items()
        for column in rows[0]
        if all(row[column] is None for row in rows)
    }
    assert empty <= {("campaigns", "removed_at"), ("voices", "removed_at")}


def test_data_of_an_older_version_is_equal_after_migration_on_sqlite(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")

    for step in STEPS:
        with engine.connect() as tx:
            step(tx)
    with engine.connect() as tx:
        check_equal(read(tx))
        check_heard_of(tx)
    engine.dispose()


@pytest.mark.postgres
async def test_data_of_an_older_version_is_equal_after_migration_on_postgresql(
    postgres_server: PostgresServer,
) -> None:
    name = await postgres_server.make_database(migrated=False)
    address = postgres_server.address_of(name).replace("postgresql://", "postgresql+asyncpg://")
    engine = create_async_engine(address)
    for step in STEPS:
        async with engine.connect() as tx:
            await tx.run_sync(step)
    async with engine.connect() as tx:
        check_equal(await tx.run_sync(read))
        await tx.run_sync(check_heard_of)
    await engine.dispose()
    await postgres_server.drop_database(name)


def say_before(tx: Connection) -> None:
    """Change what was said, on the schema before words of every script were indexed."""
    said = text("UPDATE messages SET content = '黑门后面睡着红龙' WHERE role = 'user'")
    assert tx.execute(said).rowcount
    tx.commit()


def find_after(tx: Connection) -> None:
    """It waits after the migration, and is found once nothing waits."""
    asked = Question(parse_query("红龙"), Filters(with_archived=True), "newest", 5)
    assert indexing.count_waiting(tx)
    assert not engine_of(tx).list_numbers(tx, asked)
    while indexing.index_some(tx, most=2):
        pass
    assert indexing.count_waiting(tx) == 0
    assert engine_of(tx).list_numbers(tx, asked)


SEARCHED: tuple[Callable[[Connection], None], ...] = (
    *STEPS[:2],
    lambda tx: schema.upgrade(tx, "0029"),
    say_before,
    schema.upgrade,
    find_after,
)


def test_older_talk_in_every_script_is_found_after_migration_on_sqlite(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    for step in SEARCHED:
        with engine.connect() as tx:
            step(tx)
    engine.dispose()


@pytest.mark.postgres
async def test_older_talk_in_every_script_is_found_after_migration_on_postgresql(
    postgres_server: PostgresServer,
) -> None:
    name = await postgres_server.make_database(migrated=False)
    address = postgres_server.address_of(name).replace("postgresql://", "postgresql+asyncpg://")
    engine = create_async_engine(address)
    for step in SEARCHED:
        async with engine.connect() as tx:
            await tx.run_sync(step)
    await engine.dispose()
    await postgres_server.drop_database(name)
