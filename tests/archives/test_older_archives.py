"""What an older version wrote is read by this one: its archives, and its database.

`made_by_schema_0014.zip` is an archive as that version wrote it: a wizard's campaign with talk of
every kind, suggestions and decisions, a voice, summaries, and an answer that was under way.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, select
from sqlalchemy.ext.asyncio import create_async_engine

from tests.archives.reading import list_readable, read_everything
from tests.archives.test_campaign_archive import archives_of, read_all
from tests.archives.whole_campaign import DIFFERENT_AFTERWARDS
from tests.databases import PostgresServer
from tests.running import running
from ttrpg_assistant.archives.store.campaign_rows import BY_NAME, TABLES
from ttrpg_assistant.storage import schema
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.postgresql import spell_url
from ttrpg_assistant.verification.row_checks import ROW_CHECKS

OLD = Path(__file__).parent / "made_by_schema_0014.zip"
Rows = dict[str, list[dict[str, Any]]]


def read_old() -> Rows:
    with zipfile.ZipFile(OLD) as file:
        return {
            name.removesuffix(".jsonl"): [json.loads(line) for line in file.read(name).splitlines()]
            for name in file.namelist()
            if name.endswith(".jsonl")
        }


def compare(old: Rows, now: Rows, *, is_restored: bool) -> None:
    """Every old row is there, and says what it said; columns that are new may hold anything."""
    assert {name for name, rows in old.items() if rows} >= {"messages", "turns", "suggestions"}
    for name, rows in old.items():
        keys = [column.name for column in BY_NAME[name].primary_key]
        found = {tuple(row[key] for key in keys): row for row in now[name]}
        assert len(found) == len(rows), name
        for row in rows:
            kept = {k: v for k, v in found[tuple(row[key] for key in keys)].items() if k in row}
            if is_restored:
                row = _as_restored(name, row, kept)
            if name == "conversations":  # what it shows; older versions counted its rows
                row = {**row, "message_count": kept["message_count"]}
            if name == "turns" and row["finish_reason"] == "complete":
                row = {**row, "finish_reason": "stop"}
            assert kept == row, name


def _as_restored(name: str, old: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    made_anew = [column for table, column in DIFFERENT_AFTERWARDS if table == name]
    over: tuple[str, ...] = ()
    if name == "messages" and old["status"] == "streaming":
        assert now["status"] == "interrupted" and now["content"].startswith(old["content"])
        over = ("status", "content", "error_code", "updated_at")
    if name == "turns" and old["state"] in ("queued", "running"):
        assert now["state"] == "interrupted"
        over = ("state", "owner", "lease_expires_at", "ended_at", "error_code")
    return {**old, **{k: now[k] for k in (*made_anew, *over) if k in old}}


async def test_an_archive_of_an_older_version_is_restored(
    database: Database, tmp_path: Path
) -> None:
    shutil.copyfile(OLD, tmp_path / "old.zip")
    restored = await archives_of(database).restore(tmp_path / "old.zip")
    assert not restored.is_copy
    old = read_old()
    assert any(row["status"] == "streaming" for row in old["messages"])
    compare(old, await read_all(database, restored.campaign_id), is_restored=True)


async def test_what_an_older_archive_held_can_be_read(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        headers = {"Content-Type": "application/octet-stream"}
        answer = await app.client.post("/api/archives", content=OLD.read_bytes(), headers=headers)
        assert answer.status_code == 201, answer.text
        paths = await list_readable(app)
        assert await read_everything(app, answer.json()["campaign_id"], paths, unless="") == []


def lay_old(tx: Connection, rows: Rows) -> None:
    """Put rows as the older version wrote them into a database of its schema."""
    for table in TABLES:
        given = rows.get(table.name, [])
        if table.name == "messages":
            given = sorted(given, key=lambda row: (row["created_at"], row["seq"]))
        if table.name == "locations":
            given = sorted(given, key=lambda row: row["parent_id"] is not None)
        if given:
            tx.execute(table.insert(), given)


async def make_old(address: str) -> None:
    rows = read_old()
    if not address.startswith("postgresql"):
        schema.upgrade_sqlite(Path(address), "0014")
        engine = create_engine(f"sqlite:///{address}")
        with engine.begin() as tx:
            lay_old(tx, rows)
        engine.dispose()
        return
    remote = create_async_engine(spell_url(address))
    async with remote.connect() as connection:
        await connection.run_sync(schema.upgrade, "0014")
    async with remote.begin() as connection:
        await connection.run_sync(lay_old, rows)
    await remote.dispose()


async def test_a_database_of_an_older_version_keeps_every_row(
    engine_name: str, request: Any, tmp_path: Path
) -> None:
    server: PostgresServer | None = None
    if engine_name == "postgresql":
        server = request.getfixturevalue("postgres_server")
        name = await server.make_database(migrated=False)
        address = server.address_of(name)
    else:
        address = str(tmp_path / "old.db")
        Path(address).touch()
    await make_old(address)
    database = create_database(address)
    await database.open()
    try:
        now = await database.read(
            lambda tx: {
                table.name: [dict(row) for row in tx.execute(select(table)).mappings()]
                for table in TABLES
            }
        )
        problems = await database.read(
            lambda tx: [problem for check in ROW_CHECKS for problem in check.find(tx)]
        )
    finally:
        await database.close()
        if server is not None:
            await server.drop_database(name)
    for row in now["conversations"]:
        if row["title_by"] is not None:  # Talk that had no title is called by its first line.
            row["title"] = None
    compare(read_old(), now, is_restored=False)
    # The answer that was under way is ended by the next start, not by a migration.
    assert problems == []
