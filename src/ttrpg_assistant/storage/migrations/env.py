"""How Alembic runs here: on the connection it is handed, in its transaction if there is one,
otherwise in one a migration."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import Connection

from ttrpg_assistant import failpoints
from ttrpg_assistant.errors import StartupRefused


def check_references(
    ctx: MigrationContext, step: MigrationInfo, heads: Collection[Any], run_args: Mapping[str, Any]
) -> None:
    """Foreign keys are not enforced while tables are rebuilt on SQLite; check before commit."""
    connection = ctx.connection
    assert connection is not None
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise StartupRefused(
                f"A migration would leave a broken reference in {broken[0]}; it was undone.",
                code="migration_failed",
            )
    failpoints.hit("migration_before_commit")


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    transactional_ddl=True,
    transaction_per_migration=True,
    render_as_batch=connection.dialect.name == "sqlite",
    on_version_apply=check_references,
)
with context.begin_transaction():
    context.run_migrations()
