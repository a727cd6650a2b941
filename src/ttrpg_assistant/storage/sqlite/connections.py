"""Connections to the file, and what each kind is allowed to do.

The driver is kept out of transactions (`isolation_level=None`): BEGIN, COMMIT and
ROLLBACK are said by the writer and the readers themselves, and nowhere else. To
SQLAlchemy each connection is one endless transaction, so it never adds its own.

Only the writer ever writes or checkpoints. That keeps the file safe on SQLite 3.7.0 to
3.51.2, whose WAL-reset bug needs two connections that write or checkpoint
(sqlite.org/changes, fixed in 3.51.3, 3.50.7 and 3.44.6).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import cast

import msgspec
from sqlalchemy import Connection, Engine, NullPool, create_engine

from ttrpg_assistant.storage import slow_statements

_JOURNAL_LIMIT = 64 * 1024 * 1024


def _encode(value: object) -> str:
    return msgspec.json.encode(value).decode()


def make_engine(path: Path, busy_seconds: float) -> Engine:
    """An engine for the file."""

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            path,
            isolation_level=None,
            check_same_thread=False,
            timeout=busy_seconds,
            cached_statements=512,
        )

    return make_engine_with(connect)


def make_engine_with(connect: Callable[[], sqlite3.Connection]) -> Engine:
    """An engine whose connections are made like this. It keeps no pool: whoever connects holds
    the connection."""
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=connect,
        poolclass=NullPool,
        json_serializer=_encode,
        json_deserializer=msgspec.json.decode,
        query_cache_size=1000,
        hide_parameters=True,  # what is said belongs in no log
    )
    return slow_statements.watch(engine)


def driver(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection under SQLAlchemy's."""
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def connect_writer(engine: Engine) -> Connection:
    """The one connection that writes and checkpoints.

    `synchronous=FULL` is said although it is the default: in WAL mode NORMAL loses
    acknowledged commits at power loss.
    """
    connection = engine.connect()
    try:
        connection.begin()
        raw = driver(connection)
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute(f"PRAGMA journal_size_limit={_JOURNAL_LIMIT}")
        raw.execute("PRAGMA temp_store=MEMORY")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_reader(engine: Engine) -> Connection:
    """A connection that can only read and never checkpoints."""
    connection = engine.connect()
    try:
        connection.begin()
        raw = driver(connection)
        raw.execute("PRAGMA query_only=ON")
        raw.execute("PRAGMA wal_autocheckpoint=0")
        raw.execute("PRAGMA temp_store=MEMORY")
    except BaseException:
        connection.close()
        raise
    return connection
