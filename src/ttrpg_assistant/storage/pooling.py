"""PostgreSQL behind a connection pooler such as PgBouncer in transaction mode.

Such a pooler gives each transaction whichever connection is free. What a connection remembers
belongs to everybody there: prepared statements collide by name, and a setting made by one client
is another's surprise. So every transaction begins with its own settings, in the same round trip,
and no statement has a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import Connection, text

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

SETTINGS: Final = {
    # An acknowledged commit is on the disk, whatever the server's default is.
    "synchronous_commit": "on",
    # A server that was frozen in a transaction must not hold the others up for ever.
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
}

_CACHED_STATEMENTS: Final = 500
"""Kept ready by each connection; all that a turn, a page and a search need."""

_UNSUPPORTED: Final = "unsupported startup parameter"


def take_url_settings(url: URL) -> tuple[URL, dict[str, str]]:
    """The address for the driver, and the settings of every transaction.

    `?schema=NAME` puts the tables into a schema of that name: many groups in one database.
    """
    settings = dict(SETTINGS)
    schema = url.query.get("schema")
    if isinstance(schema, str):
        url = url.difference_update_query(["schema"])
        quoted = schema.replace('"', '""')
        settings["search_path"] = f'"{quoted}"'
    return url, settings


def direct_arguments(settings: dict[str, str]) -> dict[str, Any]:
    """How to connect to PostgreSQL itself."""
    return {
        "server_settings": settings,
        # The driver keeps its own only for `executemany`; SQLAlchemy's is asked first.
        "statement_cache_size": _CACHED_STATEMENTS,
        "prepared_statement_cache_size": _CACHED_STATEMENTS,
    }


def pooled_arguments(settings: dict[str, str]) -> dict[str, Any]:
    """How to connect through a pooler."""
    spelled = " ".join(f"SET LOCAL {name} = {_quote(value)};" for name, value in settings.items())

    class Pooled(PooledConnection):
        beginning = spelled

    return {
        "connection_class": Pooled,
        "statement_cache_size": 0,
        "prepared_statement_cache_size": 0,
        "prepared_statement_name_func": str,  # The empty name: it lasts until the next statement.
    }


def refuses_settings(error: BaseException) -> bool:
    """Whether a pooler refused to connect because of the settings that were asked for."""
    return _UNSUPPORTED in str(error)


def ignores_settings(connection: Connection) -> bool:
    """Whether the settings asked for at the start are not in force: a pooler dropped them."""
    shown = connection.execute(text("SHOW lock_timeout")).scalar()
    return shown != SETTINGS["lock_timeout"]


class PooledConnection(asyncpg.Connection):  # type: ignore[misc]
    """A driver's connection whose transactions each begin with their own settings."""

    beginning = ""
    """Statements that begin a transaction, after BEGIN."""

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109 (the driver's own)
        """Run it; settings come along with a BEGIN."""
        if args or not query.startswith("BEGIN"):
            status: str = await super().execute(query, *args, timeout=timeout)
            return status
        try:
            status = await super().execute(f"{query} {self.beginning}", timeout=timeout)
        except asyncpg.PostgresError:
            # BEGIN itself may have worked: nobody else would end that transaction.
            if not self.is_closed():
                await super().execute("ROLLBACK")
            raise
        return status


def _quote(value: str) -> str:
    """A setting's value as SQL. A path of schemas is one of quoted names already."""
    return value if value.startswith('"') else "'" + value.replace("'", "''") + "'"
