"""Statements of the hot path: built with SQLAlchemy Core once, run without its overhead.

Running a Core statement costs 12 to 22 µs of Python on SQLite, building it anew each time
up to 100 µs; the statement itself takes 2 to 5 µs. What runs for every message (take a
seq, insert, move the tip) is therefore a module constant:

    TAKE_SEQ = Prepared(
        update(conversations)
        .where(conversations.c.id == bindparam("conversation"))
        .values(next_seq=conversations.c.next_seq + 1)
        .returning(conversations.c.next_seq)
    )
    [(next_seq,)] = TAKE_SEQ.run(tx, {"conversation": conversation_id})

On PostgreSQL it is an ordinary Core statement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from time import perf_counter
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPIType
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import Select

from ttrpg_assistant.storage import slow_statements

Processor = Callable[[Any], Any] | None


class Prepared:
    """A statement with bind parameters that is always the same text.

    Every parameter must be given: an `insert` without `values` takes every column of its
    table, and columns' own defaults are not asked for. Errors are SQLAlchemy's
    (`sqlalchemy.exc.IntegrityError` and so on), types are converted as Core does.
    `postgresql` makes the statement for that engine where SQL itself differs (upserts); it is
    made when that engine is first asked.
    """

    def __init__(
        self,
        statement: UpdateBase | Select[Any],
        *,
        postgresql: Callable[[], UpdateBase | Select[Any]] | None = None,
    ) -> None:
        self._statement = statement
        self._make_elsewhere = postgresql or (lambda: statement)
        self._text: str | None = None
        self._binds: list[tuple[str | None, Any, Processor]] = []
        self._take: Callable[[Mapping[str, Any]], tuple[Any, ...]] | None = None
        self._results: list[tuple[int, Callable[[Any], Any]]] = []
        """What converts a value of a row, by its place, for those that are converted."""

    def run(self, tx: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it; answer the rows of SELECT or RETURNING, or no rows."""
        if tx.dialect.name != "sqlite":
            result = tx.execute(self._elsewhere, values)
            return cast("list[tuple[Any, ...]]", result.all()) if result.returns_rows else []
        rows = self.run_unread(tx, values)
        return [self.read(row) for row in rows] if self._results else rows

    def run_unread(self, tx: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it on SQLite; answer the rows as they are stored, for those who keep what they made
        of one that is still the same."""
        if self._text is None:
            self._compile(tx.dialect)
        assert self._text is not None
        parameters = self._take(values) if self._take is not None else self._convert(values)
        raw = cast("sqlite3.Connection", tx.connection.driver_connection)
        begun = perf_counter()
        try:
            rows = raw.execute(self._text, parameters).fetchall()
        except sqlite3.Error as error:
            raise DBAPIError.instance(
                self._text,
                parameters,
                error,
                sqlite3.Error,  # the driver's own, as the docstring promises
                hide_parameters=True,
                dialect=tx.dialect,
            ) from error
        slow_statements.note(self._text, perf_counter() - begun)
        return rows

    def read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """A row as it is stored, as `run` answers it."""
        values = list(row)
        for at, convert in self._results:
            values[at] = convert(values[at])
        return tuple(values)

    @cached_property
    def _elsewhere(self) -> UpdateBase | Select[Any]:
        return self._make_elsewhere()

    def _convert(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(
            constant if name is None else values[name] if convert is None else convert(values[name])
            for name, constant, convert in self._binds
        )

    def _compile(self, dialect: Dialect) -> None:
        compiled = self._statement.compile(dialect=dialect)
        self._binds = [_describe(compiled, name, dialect) for name in compiled.positiontup or []]
        if not any(convert for _, _, convert in self._binds):
            self._take = _make_taker(self._binds)
        results = (
            column.type.dialect_impl(dialect).result_processor(dialect, cast("DBAPIType", None))
            for column in self._statement.exported_columns
        )
        self._results = [(at, convert) for at, convert in enumerate(results) if convert is not None]
        self._text = str(compiled)


def _make_taker(
    binds: Sequence[tuple[str | None, Any, Processor]],
) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """What picks the parameters out of the values as they are, for nothing is to be converted."""
    constants = {f" {n}": constant for n, (name, constant, _) in enumerate(binds) if name is None}
    names = [f" {n}" if name is None else name for n, (name, _, _) in enumerate(binds)]
    if len(names) == 1 and not constants:
        (only,) = names
        return lambda values: (values[only],)  # of one name `itemgetter` makes no tuple
    if len(names) < 2:
        return lambda values: tuple(constants.values())
    pick = itemgetter(*names)
    return (lambda values: pick({**values, **constants})) if constants else pick


def _describe(
    compiled: SQLCompiler, name: str, dialect: Dialect
) -> tuple[str | None, Any, Processor]:
    """A parameter's name and conversion, or the constant that the statement itself holds."""
    bind = compiled.binds[name]
    convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if bind.required:
        return name, None, convert
    constant = compiled.params[name]
    return None, constant if convert is None else convert(constant), None
