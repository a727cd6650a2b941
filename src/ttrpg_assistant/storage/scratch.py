"""A private SQLite database with every table, which is gone as soon as it is closed.

Rows from outside are put there first, so that every constraint the tables declare is applied to
them before the real database sees any of them.
"""

from __future__ import annotations

import sqlite3
from functools import cache

from sqlalchemy import Connection

from ttrpg_assistant.storage.base import metadata
from ttrpg_assistant.storage.sqlite.connections import driver, make_engine_with

_CACHE_KIBIBYTES = 16 * 1024


def open_scratch() -> Connection:
    """A connection to a new one. It may be used by one thread after another; `close` ends it.

    What does not fit into memory goes into a temporary file that SQLite deletes by itself, also
    after a crash. Foreign keys are not enforced: rows may come in any order.
    """

    def connect() -> sqlite3.Connection:
        return sqlite3.connect("", isolation_level=None, check_same_thread=False)

    connection = make_engine_with(connect).connect()
    try:
        connection.begin()
        for setting in (
            "PRAGMA journal_mode=OFF",
            "PRAGMA synchronous=OFF",
            f"PRAGMA cache_size=-{_CACHE_KIBIBYTES}",
        ):
            connection.exec_driver_sql(setting)
        driver(connection).executescript(_spell_schema())
        connection.exec_driver_sql("BEGIN")
    except BaseException:
        connection.close()
        raise
    return connection


@cache
def _spell_schema() -> str:
    """The statements that make every table and index; spelling them takes a tenth of a second."""
    with make_engine_with(lambda: sqlite3.connect(":memory:")).connect() as connection:
        metadata.create_all(connection, checkfirst=False)
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        return ";\n".join(made.scalars())
