"""The schema's version, and how it moves to this program's.

Migrations live in `migrations/versions`, one file each, `NNNN_name.py` with the revision
`NNNN`; the highest number is what this program needs. Each runs in one transaction, so a
killed migration leaves the old schema or the new one.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import structlog
from sqlalchemy import Connection, NullPool, create_engine, event, inspect, text

from ttrpg_assistant import failpoints
from ttrpg_assistant.errors import StartupRefused

_log = structlog.get_logger(__name__)
_MIGRATIONS = Path(__file__).parent / "migrations"


def head_revision() -> str:
    """The revision this program needs: the highest number in `migrations/versions`."""
    return max(file.name[:4] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def current_revision(connection: Connection) -> str | None:
    """The revision the database is at; None when it has no schema yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(connection: Connection) -> None:
    """Run every migration that is missing, each in its own transaction.

    Nothing is imported or done when there is nothing to do. Raises `StartupRefused` when
    the database was made by a newer program.
    """
    head = head_revision()
    current = current_revision(connection)
    connection.rollback()
    if current == head:
        return
    if current is not None and current > head:
        raise StartupRefused(
            f"The database was written by a newer version of this program (schema {current}; "
            f"this one knows {head}).",
            code="database_too_new",
            cure="Install the newer version again, or restore an older backup.",
        )
    # Alembic costs a fifth of a second to import, which most starts do not need.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    _log.info("migrating", current=current, head=head)
    command.upgrade(config, "head")


def migrate_sqlite(path: Path, backups: Path | None) -> None:
    """Bring the file to this program's schema, after a backup of what is there."""
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=lambda: sqlite3.connect(path, isolation_level=None),
        poolclass=NullPool,
    )
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _pass_failpoint)
    with engine.connect() as connection:
        upgrade(connection)
    engine.dispose()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _pass_failpoint(*_: object) -> None:
    failpoints.hit("migration_statement")


def touch_probe(tx: Connection) -> None:
    """The smallest real write."""
    tx.execute(text("UPDATE persistence_probe SET count = count + 1"))
