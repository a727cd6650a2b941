"""A writer that reads first and writes later, while others commit."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.preferences import find_preference, put_preference

pytestmark = pytest.mark.fault


async def test_row_34_a_write_that_begins_with_a_read_is_never_too_late_to_write(
    sqlite_file: Path,
) -> None:
    """A deferred transaction would fail with SQLITE_BUSY_SNAPSHOT; ours holds the lock at once."""
    database = create_database(sqlite_file)
    await database.open()
    refused: list[str] = []

    def read_then_write(tx: Connection) -> None:
        assert find_preference(tx, "a") is None
        with closing(sqlite3.connect(sqlite_file, timeout=0, isolation_level=None)) as other:
            try:
                other.execute("INSERT INTO preferences (key, value) VALUES ('b', '1')")
            except sqlite3.OperationalError as error:
                refused.append(str(error))
        put_preference(tx, "a", "kept")

    await database.write(read_then_write)
    assert refused == ["database is locked"]
    assert await database.read(lambda tx: find_preference(tx, "a")) == "kept"
    await database.close()
