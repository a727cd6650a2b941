"""Values: each has the type of its column, as far as the database itself does not see to it.

SQLite stores anything anywhere. What is asked of a column is derived from its type, so that a
new column is checked without being named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Float,
    Integer,
    String,
    Text,
    and_,
    case,
    not_,
    or_,
    select,
)
from sqlalchemy import func as sql
from sqlalchemy.sql.elements import ColumnElement

from ttrpg_assistant.ids import MOMENT_CHARACTERS
from ttrpg_assistant.storage.base import metadata
from ttrpg_assistant.verification.model import Check, Problem
from ttrpg_assistant.verification.store.references import place_of

_DAY = "[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]"
MOMENT = f"{_DAY}T[0-2][0-9]:[0-5][0-9]:[0-6][0-9].*Z"
"""The spelling of `ids.utc_now`, as a pattern of SQLite's GLOB."""


def find_shapes(tx: Connection) -> Iterator[Problem]:
    """Values of another type than their column's, texts too long for it, broken JSON."""
    if tx.dialect.name != "sqlite":
        return  # PostgreSQL holds its types itself
    for table in metadata.sorted_tables:
        key = next(iter(table.primary_key.columns))
        conditions = {column.name: _is_wrong(column) for column in table.columns}
        asked = {name: each for name, each in conditions.items() if each is not None}
        # Every column at once: the rows of a table are gone through once.
        wanted = select(key, *(each.label(f"wrong_{name}") for name, each in asked.items()))
        for found, *are_wrong in tx.execute(wanted.where(or_(*asked.values()))):
            for name, is_wrong in zip(asked, are_wrong, strict=True):
                if is_wrong:
                    sentence = f"{name} holds what no {name} is."
                    yield Problem("values", place_of(table, found), sentence)


def _is_wrong(column: Column[Any]) -> ColumnElement[bool] | None:
    kind = sql.typeof(column)
    if isinstance(column.type, JSON):
        # CASE keeps json_valid away from what is no text.
        valid = case((kind == "text", sql.json_valid(column)), (kind == "null", 1), else_=0)
        return valid == 0
    if isinstance(column.type, Integer):
        return kind.not_in(("integer", "null"))
    if isinstance(column.type, Float):
        return kind.not_in(("real", "integer", "null"))
    if isinstance(column.type, String | Text):
        wrong: list[ColumnElement[bool]] = [kind.not_in(("text", "null"))]
        length = getattr(column.type, "length", None)
        if length is not None:
            wrong.append(sql.length(column) > length)
        if column.name.endswith("_at") and length == MOMENT_CHARACTERS:
            spelled = column.bool_op("GLOB")(MOMENT)
            wrong.append(
                and_(column.is_not(None), or_(not_(spelled), sql.length(column) != length))
            )
        return or_(*wrong)
    return None


SHAPES = Check("values", find_shapes)
