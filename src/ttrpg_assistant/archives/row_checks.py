"""A row from outside, checked column by column as the application checks what it stores.

Nothing is declared here a second time: a column's type, length and default come from its table,
an entity's fields from its kind, other limits from the service that owns them, and the shape of a
whole row from the value the stores read it into. What the tables declare as constraints is
applied when the row is put into the scratch database (`store.staged_rows`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from ttrpg_assistant.archives.declared import (
    COUNTED_FROM_ONE,
    DERIVED,
    DOCUMENT_DEPTH,
    LARGEST_INTEGER,
    LARGEST_LONG,
    LEAST,
    LIMITS,
    SHAPES,
    TEXT_CHARACTERS,
)
from ttrpg_assistant.archives.store.columns import ColumnFacts, Kind, list_columns
from ttrpg_assistant.campaigns.checks import PROSE_LENGTH
from ttrpg_assistant.campaigns.store.entities import read_row
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.ids import MOMENT_CHARACTERS, check_id, spell_moment

Row = dict[str, Any]
Check = Callable[[object], object]


class Unfit(Exception):
    """A value that its column does not take. It names the column and quotes no value."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


class RowChecks:
    """The checks of one table."""

    def __init__(self, table: str) -> None:
        self._columns = list_columns(table)
        self._names = frozenset(one.name for one in self._columns)
        self._checks = {one.name: _check_of(table, one) for one in self._columns}
        self._shape = SHAPES.get(table)
        self._derive = DERIVED.get(table)

    def check(self, given: Mapping[str, object]) -> Row:
        """The row as it is kept, with every column. Raises `Unfit`."""
        if not given.keys() <= self._names:
            raise Unfit("a column that this program does not know")
        row: Row = {}
        for column in self._columns:
            name = column.name
            if name not in given:
                if not column.has_default:
                    raise Unfit(name)
                row[name] = column.default
                continue
            value = given[name]
            if value is None:
                if not column.nullable:
                    raise Unfit(name)
                row[name] = None
                continue
            row[name] = _apply(self._checks[name], name, value)
        if self._shape is not None:
            try:
                read_row(self._shape, row)
            except msgspec.ValidationError:
                raise Unfit("a value") from None
        if self._derive is not None:
            try:
                row.update(self._derive(row))
            except (InvalidInput, AssertionError):
                raise Unfit("a value") from None
        return row


def _apply(check: Check, name: str, value: object) -> object:
    try:
        return check(value)
    except (InvalidInput, Unfit, RecursionError):
        raise Unfit(name) from None


def _check_of(table: str, column: ColumnFacts) -> Check:
    declared = LIMITS.get((table, column.name))
    place = (table, column.name)
    characters = TEXT_CHARACTERS.get(place, PROSE_LENGTH)
    by_type = _check_by_type(column, characters, LEAST.get(place, 0))
    if declared is None:
        return by_type

    def check(value: object) -> object:
        return declared(column.name, by_type(value))

    return check


def _check_by_type(column: ColumnFacts, characters: int, lowest: int = 0) -> Check:
    if column.kind is Kind.MOMENT:
        return _check_moment
    if column.kind is Kind.ID:
        return _check_uuid
    if column.kind is Kind.TEXT:
        return partial(_check_text, limit=column.length or characters)
    if column.kind is Kind.INTEGER:
        least = 1 if column.name in COUNTED_FROM_ONE else lowest
        return partial(_check_integer, least=least, most=LARGEST_INTEGER)
    if column.kind is Kind.LONG:
        return partial(_check_integer, least=0, most=LARGEST_LONG)
    if column.kind is Kind.NUMBER:
        return _check_number
    if column.kind is Kind.FLAG:
        return _check_flag
    return _check_document


def _check_text(value: object, limit: int) -> object:
    if type(value) is not str or len(value) > limit or "\0" in value:
        raise Unfit("text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unfit("text") from None
    return value


def _check_uuid(value: object) -> object:
    if type(value) is not str or check_id(value) != value:
        raise Unfit("an id")
    return value


def _check_moment(value: object) -> object:
    if type(value) is not str or len(value) != MOMENT_CHARACTERS:
        raise Unfit("a moment")
    try:
        is_spelled = spell_moment(datetime.fromisoformat(value)) == value
    except (ValueError, OverflowError):
        is_spelled = False
    if not is_spelled:
        raise Unfit("a moment")
    return value


def _check_integer(value: object, least: int, most: int) -> object:
    if type(value) is not int or not least <= value <= most:
        raise Unfit("a number")
    return value


def _check_number(value: object) -> object:
    if type(value) not in (int, float):
        raise Unfit("a number")
    assert isinstance(value, int | float)
    if not math.isfinite(value) or not 0 <= value <= LARGEST_LONG:
        raise Unfit("a number")
    return value


def _check_flag(value: object) -> object:
    if type(value) is not bool:
        raise Unfit("a flag")
    return value


def _check_document(value: object, depth: int = DOCUMENT_DEPTH) -> object:
    """JSON that both databases store and every reader can decode again.

    Its numbers may be of any size, as in the objects that a person may write: both databases
    keep them as text.
    """
    if depth < 0:
        raise Unfit("a document")
    if isinstance(value, str):
        return _check_text(value, len(value))
    if isinstance(value, dict):
        for key, inner in value.items():
            _check_text(key, len(key))
            _check_document(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _check_document(inner, depth - 1)
    elif isinstance(value, float) and not math.isfinite(value):
        raise Unfit("a document")
    return value
