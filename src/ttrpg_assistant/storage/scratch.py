"""A private SQLite database with every table, which is gone as soon as it is closed.

Rows from outside are put there first, so that every constraint the tables declare is applied to
them before the real database sees any of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import cache

import msgspec
from sqlalchemy import Connection, Engine, NullPool, create_engine

from ttrpg_assistant.storage.base import metadata
from ttrpg_assistant.storage.sqlite.connections import driver

_CACHE_KIBIBYTES = 16 * 1024


def _encode(value: object) -> str:
    return msgspec.json.encode(value).decode()


def open_scratch() -> Connection:
    """A connection to a new one. It may be used by one thread after another; `close` ends it.

    What does not fit into memory goes into a temporary file that SQLite deletes by itself, also
    after a crash. Foreign keys are not enforced: rows may come in any order.
    """

    def connect() -> sqlite3.Connection:
        return sqlite3.connect("", isolation_level=None, check_same_thread=False)

    connection = _make_engine(connect).connect()
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


def _make_engine(connect: Callable[[], sqlite3.Connection]) -> Engine:
    return create_engine(
        "sqlite+pysqlite://",
        creator=connect,
        poolclass=NullPool,
        json_serializer=_encode,
        json_deserializer=msgspec.json.decode,
        hide_parameters=True,
    )


@cache
def _spell_schema() -> str:
    """The statements that make every table and index; spelling them takes a tenth of a second."""
    with _make_engine(lambda: sqlite3.connect(":memory:")).connect() as connection:
        metadata.create_all(connection, checkfirst=False)
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        return ";\n".join(made.scalars())
