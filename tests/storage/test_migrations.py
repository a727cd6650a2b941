"""The schema and the way to it, on both engines."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, inspect

import ttrpg_assistant
from tests.databases import QUICK, PostgresServer
from tests.storage.processes import child
from ttrpg_assistant import failpoints
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.storage import schema
from ttrpg_assistant.storage.base import metadata
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.preferences import find_preference, put_preference

MIGRATIONS = Path(schema.__file__).parent / "migrations"


def import_every_table() -> None:
    for module in pkgutil.walk_packages(ttrpg_assistant.__path__, "ttrpg_assistant."):
        if module.name.endswith((".tables", "_tables", "_rows", ".preferences", ".probe")):
            importlib.import_module(module.name)


def script_directory() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def sqlite_schema(path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as raw:
        return raw.execute(
            "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master ORDER BY 1, 2"
        ).fetchall()


def test_revisions_are_one_line_named_by_their_numbers() -> None:
    scripts = list(script_directory().walk_revisions())
    assert script_directory().get_heads() == [schema.head_revision()]
    for script in scripts:
        assert Path(script.path).name.startswith(f"{script.revision}_")
        before = int(script.revision) - 1
        assert script.down_revision == (f"{before:04d}" if before >= 0 else None)


async def test_the_migrated_schema_is_what_the_tables_say(database: Database) -> None:
    import_every_table()

    def compare(tx: Connection) -> list[object]:
        # What search reads is made differently on each database; its own tests cover it.
        opts = {
            "compare_type": True,
            "include_name": lambda name, kind, _: (
                not (kind == "table" and str(name).startswith("search_"))
            ),
            "include_object": lambda made, name, kind, *_: (
                kind != "index" or made.info.get("only", tx.dialect.name) == tx.dialect.name
            ),
        }
        context = MigrationContext.configure(tx, opts=opts)
        return list(compare_metadata(context, metadata))

    assert await database.read(compare) == []


async def test_check_constraints_are_what_the_tables_say(database: Database) -> None:
    import_every_table()

    def names(tx: Connection) -> dict[str, set[str]]:
        found = inspect(tx)
        return {
            table: {str(each["name"]) for each in found.get_check_constraints(table)}
            for table in metadata.tables
        }

    expected = {
        name: {str(each.name) for each in table.constraints if isinstance(each, CheckConstraint)}
        for name, table in metadata.tables.items()
    }
    assert await database.read(names) == expected


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.parametrize("apart", [5, pytest.param(1, marks=pytest.mark.deep)])
def test_a_killed_migration_leaves_the_old_schema_or_the_new(
    sqlite_template: Path, tmp_path: Path, apart: int
) -> None:
    """Killed before five of its statements, and before each of its commits or every fifth."""
    revisions = [script.revision for script in script_directory().walk_revisions()][::-1]
    whole: dict[str | None, list[tuple[str, ...]]] = {None: []}
    step_by_step = tmp_path / "step-by-step.db"
    for revision in revisions:
        schema.upgrade_sqlite(step_by_step, revision)
        whole[revision] = sqlite_schema(step_by_step)
    statements = count_statements(tmp_path / "counted.db")
    with child("migrations") as migrations:
        migrations.hear("ready")
        for step in range(3, statements, statements // 5):
            path = tmp_path / f"killed-{step}.db"
            migrations.tell(f"migration_statement:{step} {path}")
            migrations.hear("ended -9")
            check_whole(path, whole)
        for step in range(len(revisions), 0, -apart):
            path = tmp_path / f"before-commit-{step}.db"
            migrations.tell(f"migration_before_commit:{step} {path}")
            migrations.hear("ended -9")
            assert check_whole(path, whole) == (revisions[step - 2] if step > 1 else None)
            schema.upgrade_sqlite(path)
            assert sqlite_schema(path) == sqlite_schema(sqlite_template)


def count_statements(path: Path) -> int:
    """How often a migration from nothing passes its failpoint."""
    hits: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(failpoints, "hit", hits.append)
        schema.upgrade_sqlite(path)
    return hits.count("migration_statement")


def check_whole(path: Path, whole: dict[str | None, list[tuple[str, ...]]]) -> str | None:
    """The revision the file is at; its schema must be exactly that revision's."""
    with closing(sqlite3.connect(path)) as raw:
        revision = schema.read_sqlite_revision(raw)
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found = sqlite_schema(path)
    if revision is None:
        assert {row[2] for row in found} <= {"alembic_version"}
    else:
        assert found == whole[revision]
    return revision


async def test_a_backup_is_made_before_every_migration_of_something(tmp_path: Path) -> None:
    path, backups = tmp_path / "a.db", tmp_path / "kept"
    schema.upgrade_sqlite(path, "0000")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("INSERT INTO preferences VALUES ('kept', '1', ?)", (utc_now(),))
        raw.commit()
    database = create_database(path, backups=backups, patience=QUICK)
    await database.open()
    assert await database.read(lambda tx: find_preference(tx, "kept")) == 1
    await database.write(lambda tx: put_preference(tx, "kept", 2))
    await database.close()
    [backup] = backups.iterdir()
    assert backup.name.endswith("-from-0000.db")
    with closing(sqlite3.connect(backup)) as raw:
        assert schema.read_sqlite_revision(raw) == "0000"
        assert raw.execute("SELECT value FROM preferences").fetchall() == [(1,)]
    await database.open()
    await database.close()
    assert list(backups.iterdir()) == [backup]


async def test_no_backup_is_made_of_nothing(tmp_path: Path) -> None:
    database = create_database(tmp_path / "a.db", backups=tmp_path / "kept")
    await database.open()
    await database.close()
    assert not (tmp_path / "kept").exists()


async def test_a_migration_that_breaks_a_reference_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrations = tmp_path / "migrations"
    (migrations / "versions").mkdir(parents=True)
    (migrations / "env.py").write_text((MIGRATIONS / "env.py").read_text())
    (migrations / "versions" / "0000_broken.py").write_text(
        "from alembic import op\n"
        "revision, down_revision = '0000', None\n"
        "def upgrade():\n"
        "    op.execute('CREATE TABLE a (id INTEGER PRIMARY KEY)')\n"
        "    op.execute('CREATE TABLE b (a_id INTEGER REFERENCES a (id))')\n"
        "    op.execute('INSERT INTO b VALUES (7)')\n"
    )
    monkeypatch.setattr(schema, "_MIGRATIONS", migrations)
    database = create_database(tmp_path / "a.db")
    with pytest.raises(Exception, match="broken reference in b"):
        await database.open()
    assert {row[2] for row in sqlite_schema(tmp_path / "a.db")} <= {"alembic_version"}


@pytest.mark.postgres
async def test_two_servers_may_migrate_one_postgresql_at_once(
    postgres_server: PostgresServer,
) -> None:
    name = await postgres_server.make_database(migrated=False)
    servers = [create_database(postgres_server.address_of(name)) for _ in range(3)]
    await asyncio.gather(*[server.open() for server in servers])
    for server in servers:
        assert (await server.probe()).state == "available"
        await server.close()
    await postgres_server.drop_database(name)
