"""Conventions every table follows.

Ids are UUID text. Moments (`_at`) are RFC 3339 UTC text of fixed width (`ids.utc_now`),
so both databases sort and compare them alike. Structured values are JSON. Constraint
names follow one pattern, so that migrations can name them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, MetaData, String, text

from ttrpg_assistant.ids import MOMENT_CHARACTERS

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every room's tables register here; the migrations and their tests read it."""


def id_column(name: str = "id") -> Column[str]:
    """The primary key of a table."""
    return Column(name, String(36), primary_key=True)


def reference(name: str, target: str, *, on_delete: str, nullable: bool = True) -> Column[Any]:
    """A foreign key. `on_delete` is said each time: SET NULL, CASCADE or RESTRICT."""
    return Column(
        name, String(36), ForeignKey(target, ondelete=on_delete), nullable=nullable, index=False
    )


def moment(name: str, *, nullable: bool = False) -> Column[Any]:
    """A point in time, in the spelling of `ids.utc_now`."""
    return Column(name, String(MOMENT_CHARACTERS), nullable=nullable)


def structured(name: str, *, nullable: bool = False) -> Column[Any]:
    """A JSON value."""
    return Column(name, JSON, nullable=nullable)


def partial_index(
    name: str, *columns: str | Column[Any], where: str, unique: bool = False
) -> Index:
    """An index of the rows for which a condition holds.

    Both databases have it, by their migrations. SQLite alone is told of the condition here too, for
    scratch databases: to be told, PostgreSQL's dialect would be loaded at every start.
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where))
