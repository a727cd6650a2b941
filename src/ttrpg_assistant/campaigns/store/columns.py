"""The columns that the tables of the campaign room have in common."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Text,
)

from ttrpg_assistant.storage.base import moment


def text_column(name: str) -> Column[Any]:
    """Text that is always there, if empty."""
    return Column(name, Text, nullable=False)


def word(name: str, *, nullable: bool = False) -> Column[Any]:
    """One of a few words."""
    return Column(name, String(40), nullable=nullable)


def number(name: str) -> Column[Any]:
    """A whole number."""
    return Column(name, Integer, nullable=False)


def flag(name: str) -> Column[Any]:
    """Yes or no."""
    return Column(name, Boolean, nullable=False)


def loose_reference(name: str) -> Column[Any]:
    """An id of another room's row (a message, a suggestion): kept even when that row is gone."""
    return Column(name, String(36), nullable=True)


def names_index(table: str) -> Index:
    """All that the index of names is built of, without the rows; PostgreSQL would refuse entries
    as long as many aliases are."""
    columns = ("campaign_id", "removed_at", "search_names", "archived_at", "id")
    made = Index(f"ix_{table}_names", *columns, info={"only": "sqlite"})
    return made.ddl_if(dialect="sqlite")


def listed(name: str) -> Column[Any]:
    """A JSON list that rows of older versions lack."""
    return Column(name, JSON, nullable=False, server_default="[]")


def more() -> Column[Any]:
    """The fields a kind declares that have no column of their own."""
    return Column("more", JSON, nullable=False, server_default="{}")


def canon_columns() -> tuple[Column[Any], ...]:
    """How far it is canon, and the game session and the message it comes from."""
    return (
        Column("canon", String(40), nullable=False, server_default="happened"),
        loose_reference("game_session_id"),
        loose_reference("source_message_id"),
    )


def named_audience() -> tuple[Column[Any] | CheckConstraint | Index, ...]:
    """Who may know of what the world has a name for, and an index of what is meant for whom."""
    return (
        Column("audience", String(40), nullable=False, server_default="name"),
        listed("known_to"),
        CheckConstraint("audience IN ('gm', 'name', 'party', 'some', 'public')", name="audience"),
        Index(None, "campaign_id", "audience", "last_used_at", "id"),
    )


def kept() -> tuple[Column[Any], ...]:
    """The columns every entity ends with."""
    return (
        number("revision"),
        moment("archived_at", nullable=True),
        moment("removed_at", nullable=True),
        moment("created_at"),
        moment("updated_at"),
    )
