"""Statements that are asked for many values at once, compiled once for any number of them.

The values travel as one parameter: spelled out one by one they would make another statement for
every count, and cost SQLAlchemy more to spell than the database to read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, Select, Text, bindparam, cast, func, select

from ttrpg_assistant.storage.prepared import Prepared

IsAmong = Callable[[ColumnElement[Any]], ColumnElement[bool]]
"""Makes the condition that a column's value is among those that are given."""

AMONG = "among"
"""The parameter's name; `spell_among` makes its value."""


def prepare_among(build: Callable[[IsAmong], Select[Any]]) -> Prepared:
    """The statement that `build` makes, for both databases. No value may have a comma in it."""
    return Prepared(build(_is_among_on_sqlite), postgresql=lambda: build(_is_among_on_postgresql))


def spell_among(tx: Connection, values: Iterable[str | int]) -> dict[str, str]:
    """The parameter of a statement that `prepare_among` made."""
    if tx.dialect.name == "sqlite":
        return {AMONG: json.dumps(list(values))}
    return {AMONG: ",".join(map(str, values))}


def _is_among_on_sqlite(column: ColumnElement[Any]) -> ColumnElement[bool]:
    given = func.json_each(bindparam(AMONG, type_=Text)).table_valued("value")
    return column.in_(select(given.c.value))


def _is_among_on_postgresql(column: ColumnElement[Any]) -> ColumnElement[bool]:
    given = func.string_to_array(bindparam(AMONG, type_=Text), ",")
    return column == func.any(cast(given, ARRAY(column.type)))
