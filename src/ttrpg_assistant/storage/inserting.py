"""INSERT that may meet a row that is there: both databases have it, SQLAlchemy spells it twice."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite


def insert_into(tx: Connection, table: Table) -> sqlite.Insert:
    """An INSERT for the transaction's database. Use what both engines spell alike: `values`,
    `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if tx.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return cast("sqlite.Insert", postgresql.insert(table))
    return sqlite.insert(table)
