"""The schema's version, and how a database is brought to this program's.

Migrations live in `migrations/versions`, one file each, `NNNN_name.py` with the revision
`NNNN`; the highest number is what this program needs. Each runs in one transaction, or all of
them do, so a killed migration leaves the old schema or the new one.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import structlog
from sqlalchemy import Connection, NullPool, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError

from ttrpg_assistant import failpoints
from ttrpg_assistant.errors import StartupRefused

_log = structlog.get_logger(__name__)
_MIGRATIONS = Path(__file__).parent / "migrations"

NEWEST = _MIGRATIONS / "newest.sql"
"""What all migrations together make of an empty SQLite file; `scripts/write_schema.py`
writes it. Its first line says of which revision it is."""

_ONE_MIGRATES = 7_201_842_119
"""PostgreSQL's advisory lock number for migrating; two servers may start at once."""

_LOCK_SECONDS = 0.2
"""The wait between looks whether another server still migrates."""

_TABLE_PATIENCE = text("SET LOCAL lock_timeout = '3s'")
"""How long a migration waits for a table that another server is using."""

_LOCKED_ATTEMPTS = 20
"""How often a migration begins again because other servers used its tables."""


def head_revision() -> str:
    """The revision this program needs: the highest number in `migrations/versions`."""
    return max(file.name[:4] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def current_revision(connection: Connection) -> str | None:
    """The revision the database is at; None when it has no schema yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def check_revision(current: str | None) -> bool:
    """True when migrations are missing. `StartupRefused` when a newer program was here."""
    head = head_revision()
    if current is not None and current > head:
        raise StartupRefused(
            f"The database was written by a newer version of this program (schema {current}; "
            f"this one knows {head}).",
            code="database_too_new",
            cure="Install the newer version again, or restore an older backup.",
        )
    return current != head


def upgrade(connection: Connection, target: str = "head") -> None:
    """Run every migration that is missing: on SQLite each in its own transaction, on PostgreSQL
    all in one.

    The connection must not be in a transaction that anyone cares for. Raises
    `StartupRefused` when the database was made by a newer program.
    """
    if connection.dialect.name == "postgresql":
        _upgrade_postgresql(connection, target)
        return
    current = current_revision(connection)
    connection.rollback()
    if check_revision(current):
        _log.info("migrating", current=current, head=head_revision())
        _run_alembic(connection, target)


def _upgrade_postgresql(connection: Connection, target: str) -> None:
    """The lock ends with the transaction: behind a pooler nothing else is ours for longer.

    Other servers go on meanwhile. One that holds a table is waited for in short turns, so that
    those behind it are not held up as well.
    """
    from ttrpg_assistant.storage.postgresql_faults import is_collision

    for attempt in range(_LOCKED_ATTEMPTS):
        try:
            if not check_revision(current_revision(connection)):
                connection.rollback()
                return
            while not _lock_migrations(connection):
                connection.rollback()
                _wait(connection, _LOCK_SECONDS)
            current = current_revision(connection)  # Another server may have migrated meanwhile.
            if check_revision(current):
                _log.info("migrating", current=current, head=head_revision())
                _run_alembic(connection, target)
            connection.commit()
            return
        except DBAPIError as error:
            connection.rollback()
            if not is_collision(error) or attempt + 1 == _LOCKED_ATTEMPTS:
                raise
            _log.info("migrating_waits", attempt=attempt + 1)
            _wait(connection, _LOCK_SECONDS * (attempt + 1))
        except BaseException:
            connection.rollback()
            raise


def _wait(connection: Connection, seconds: float) -> None:
    """In the database, for this may run on an event loop that has other things to do."""
    connection.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": seconds})
    connection.rollback()


def _lock_migrations(connection: Connection) -> bool:
    """Whether this server migrates now, until the end of the transaction."""
    connection.execute(_TABLE_PATIENCE)
    locked = text("SELECT pg_try_advisory_xact_lock(:n)")
    return bool(connection.execute(locked, {"n": _ONE_MIGRATES}).scalar())


def _run_alembic(connection: Connection, target: str) -> None:
    # Alembic takes a fifth of a second to import, which most starts do not need.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def read_sqlite_revision(raw: sqlite3.Connection) -> str | None:
    """`current_revision` for a driver's connection, without SQLAlchemy's reflection."""
    table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    if raw.execute(table).fetchone() is None:
        return None
    row = raw.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def spell_head() -> str:
    """The first line of `NEWEST` while it is up to date."""
    return f"-- schema {head_revision()}"


def create_sqlite(path: Path) -> None:
    """The schema in an empty file that this process holds the lock of, in one transaction.

    Running every migration there ever was takes a fifth of the first start, most of it for
    importing Alembic; they are run all the same when `NEWEST` is not of this revision.
    """
    script = NEWEST.read_text(encoding="utf-8") if NEWEST.exists() else ""
    if script.partition("\n")[0] != spell_head():
        upgrade_sqlite(path)
        return
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.executescript(f"BEGIN IMMEDIATE;\n{script}")
        failpoints.hit("migration_before_commit")
        raw.execute("COMMIT")


def upgrade_sqlite(path: Path, target: str = "head") -> None:
    """`upgrade` for a file that this process holds the lock of.

    SQLite's DDL is transactional as long as the driver keeps its hands off: BEGIN and
    COMMIT are said here. Foreign keys stay off, because a table that is rebuilt is dropped
    first, which would cascade; `migrations/env.py` checks them before each commit.
    """
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=lambda: sqlite3.connect(path, isolation_level=None),
        poolclass=NullPool,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _pass_failpoint)
    with engine.connect() as connection:
        upgrade(connection, target)
    engine.dispose()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _pass_failpoint(*_: object) -> None:
    failpoints.hit("migration_statement")
