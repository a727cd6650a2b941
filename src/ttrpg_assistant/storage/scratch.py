"""A private SQLite database with every table, which is gone as soon as it is closed.

Rows from outside are put there first, so that every constraint the tables declare is applied to
them before the real database sees any of them.
"""

from __future__ import annotations

import sqlite3

import msgspec
from sqlalchemy import Connection, NullPool, create_engine

from ttrpg_assistant.storage.base import metadata

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

    engine = create_engine(
        "sqlite+pysqlite://",
        creator=connect,
        poolclass=NullPool,
        json_serializer=_encode,
        json_deserializer=msgspec.json.decode,
        hide_parameters=True,
    )
    connection = engine.connect()
    try:
        connection.begin()
        for setting in (
            "PRAGMA journal_mode=OFF",
            "PRAGMA synchronous=OFF",
            f"PRAGMA cache_size=-{_CACHE_KIBIBYTES}",
        ):
            connection.exec_driver_sql(setting)
        connection.exec_driver_sql("BEGIN")
        metadata.create_all(connection, checkfirst=False)
    except BaseException:
        connection.close()
        raise
    return connection
