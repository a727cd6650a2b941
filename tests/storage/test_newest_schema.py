"""A new SQLite database is made in one step, and is what the migrations would have made."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.storage.processes import run_child
from ttrpg_assistant.storage import schema


def read_everything(path: Path) -> tuple[list[Any], dict[str, list[Any]]]:
    """Every object with its text, and every row of every table that has any."""
    with closing(sqlite3.connect(path)) as raw:
        objects = raw.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2"
        ).fetchall()
        tables = [
            name
            for kind, name, _, sql in objects
            if kind == "table" and "VIRTUAL" not in sql and not name.startswith("sqlite_")
        ]
        rows = {name: raw.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in tables}
    return objects, rows


def test_it_is_what_the_migrations_make(tmp_path: Path) -> None:
    said = schema.NEWEST.read_text(encoding="utf-8").partition("\n")[0]
    assert said == schema.spell_head(), "Run .venv/bin/python scripts/write_schema.py"
    schema.upgrade_sqlite(tmp_path / "migrated.db")
    schema.create_sqlite(tmp_path / "created.db")
    created = read_everything(tmp_path / "created.db")
    assert created == read_everything(tmp_path / "migrated.db")


def test_an_old_one_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "newest.sql"
    old.write_text("-- schema 0000\nCREATE TABLE leftover (id);\n")
    monkeypatch.setattr(schema, "NEWEST", old)
    schema.create_sqlite(tmp_path / "made.db")
    with closing(sqlite3.connect(tmp_path / "made.db")) as raw:
        assert schema.read_sqlite_revision(raw) == schema.head_revision()
        assert raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'leftover'").fetchone() is None


@pytest.mark.fault
def test_killed_before_the_commit_it_leaves_an_empty_file_that_opens_again(tmp_path: Path) -> None:
    path = tmp_path / "killed.db"
    path.touch()
    ran = run_child("create", path, TTRPG_FAILPOINT="migration_before_commit:1")
    assert ran.returncode != 0
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    schema.create_sqlite(path)
    with closing(sqlite3.connect(path)) as raw:
        assert schema.read_sqlite_revision(raw) == schema.head_revision()
