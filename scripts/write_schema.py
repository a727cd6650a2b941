"""Write `storage/migrations/newest.sql` anew: run it after adding a migration.

A new SQLite database is made from that file in one step. It is what the migrations make,
which `tests/storage/test_newest_schema.py` holds it to.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from ttrpg_assistant.storage import schema


def main() -> None:
    """Migrate an empty file and write down what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "newest.db"
        schema.upgrade_sqlite(path)
        with closing(sqlite3.connect(path)) as raw:
            text = "\n".join([schema.spell_head(), *_objects(raw), *_rows(raw), ""])
    schema.NEWEST.write_text(text, encoding="utf-8")
    print(f"Wrote {schema.NEWEST}.")


def _objects(raw: sqlite3.Connection) -> list[str]:
    """The statements that make everything, in the order it was made."""
    inner = {row[1] for row in raw.execute("PRAGMA table_list") if row[2] == "shadow"}
    made = raw.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    return [f"{sql};" for name, sql in made if name not in inner and not name.startswith("sqlite_")]


def _rows(raw: sqlite3.Connection) -> list[str]:
    """What the migrations put into ordinary tables."""
    tables = [
        row[1]
        for row in raw.execute("PRAGMA table_list")
        if row[2] == "table" and not row[1].startswith("sqlite_")
    ]
    made: list[str] = []
    for table in sorted(tables):
        for row in raw.execute(f"SELECT * FROM {table}"):
            values = ", ".join(
                raw.execute("SELECT quote(?)", (value,)).fetchone()[0] for value in row
            )
            made.append(f"INSERT INTO {table} VALUES ({values});")
    return made


if __name__ == "__main__":
    main()
