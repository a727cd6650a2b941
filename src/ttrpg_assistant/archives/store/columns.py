"""What the tables say of their columns, for those who know no SQL."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Integer, String

from ttrpg_assistant.archives.store.campaign_rows import BY_NAME
from ttrpg_assistant.ids import MOMENT_CHARACTERS

_ID_CHARACTERS = 36


class Kind(Enum):
    """What a column holds. `ID` is a UUID, `LONG` an integer of 64 bits."""

    TEXT = auto()
    ID = auto()
    MOMENT = auto()
    INTEGER = auto()
    LONG = auto()
    NUMBER = auto()
    FLAG = auto()
    DOCUMENT = auto()


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """One column. `length` is in characters, None without a limit. `has_default` says that a row
    of an older version, which lacks the column, gets `default`."""

    name: str
    kind: Kind
    length: int | None
    nullable: bool
    has_default: bool
    default: object


def list_columns(table: str) -> tuple[ColumnFacts, ...]:
    """The columns of a table that archives hold, in their order."""
    return tuple(_facts_of(column) for column in BY_NAME[table].columns)


def _facts_of(column: Column[Any]) -> ColumnFacts:
    length = getattr(column.type, "length", None)
    given = getattr(column.server_default, "arg", None)
    default: object = None
    if given is not None:
        default = str(given)
        if isinstance(column.type, Integer):
            default = int(default)
        elif isinstance(column.type, Boolean):
            default = default == "true"
        elif isinstance(column.type, JSON):
            default = json.loads(default)
    return ColumnFacts(
        name=column.name,
        kind=_kind_of(column, length),
        length=length,
        nullable=bool(column.nullable),
        has_default=bool(column.nullable) or given is not None,
        default=default,
    )


def _kind_of(column: Column[Any], length: int | None) -> Kind:
    if isinstance(column.type, JSON):
        return Kind.DOCUMENT
    if isinstance(column.type, Boolean):
        return Kind.FLAG
    if isinstance(column.type, BigInteger):
        return Kind.LONG
    if isinstance(column.type, Integer):
        return Kind.INTEGER
    if isinstance(column.type, Float):
        return Kind.NUMBER
    if not isinstance(column.type, String):
        raise TypeError(f"{column} has a type that archives do not know")
    if length == MOMENT_CHARACTERS:
        return Kind.MOMENT
    is_id = column.name == "id" or column.name.endswith("_id")
    return Kind.ID if is_id and length == _ID_CHARACTERS else Kind.TEXT
