"""References: each leads to a row that exists, and to one of the same campaign.

Derived from the tables themselves, so that a new table is checked without being named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Select, Table, and_, exists, select, update

from ttrpg_assistant.storage.base import metadata
from ttrpg_assistant.verification.model import Check, Problem

OWNER = "campaign_id"


@dataclass(frozen=True, slots=True)
class _Reference:
    column: Column[str]
    target: Column[str]

    @property
    def table(self) -> Table:
        return self.column.table


def _list_references() -> list[_Reference]:
    return [
        _Reference(key.parent, key.column)
        for table in metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda one: one.parent.name)
    ]


def place_of(table: Table, key: object) -> str:
    """The table and the row's key, as a problem names them."""
    return f"{table.name} {key}"


def _key(table: Table) -> Column[str]:
    return next(iter(table.primary_key.columns))


def _dangling(reference: _Reference) -> Select[str]:
    other = reference.target.table.alias("other")
    return select(_key(reference.table)).where(
        reference.column.is_not(None),
        ~exists().where(other.c[reference.target.name] == reference.column),
    )


def _across(reference: _Reference) -> Select[str] | None:
    table, target = reference.table, reference.target.table
    if OWNER not in table.c or OWNER not in target.c or reference.column.name == OWNER:
        return None
    other = target.alias("other")
    return select(_key(table)).where(
        table.c[OWNER].is_not(None),
        exists().where(
            and_(
                other.c[reference.target.name] == reference.column,
                other.c[OWNER].is_not(None),
                other.c[OWNER] != table.c[OWNER],
            )
        ),
    )


def find_dangling(tx: Connection) -> Iterator[Problem]:
    """References to rows that are gone."""
    for reference in _list_references():
        for key in tx.execute(_dangling(reference)).scalars():
            yield Problem(
                "references",
                place_of(reference.table, key),
                f"{reference.column.name} names a row that does not exist.",
                can_mend=bool(reference.column.nullable),
            )


def find_across_campaigns(tx: Connection) -> Iterator[Problem]:
    """References from one campaign into another."""
    for reference in _list_references():
        query = _across(reference)
        for key in () if query is None else tx.execute(query).scalars():
            yield Problem(
                "campaigns",
                place_of(reference.table, key),
                f"{reference.column.name} leads into another campaign.",
                can_mend=bool(reference.column.nullable),
            )


def _clear(tx: Connection, reference: _Reference, query: Select[str]) -> None:
    if reference.column.nullable:
        keys = list(tx.execute(query).scalars())
        for start in range(0, len(keys), 500):
            wanted = _key(reference.table).in_(keys[start : start + 500])
            tx.execute(update(reference.table).where(wanted).values({reference.column.name: None}))


def mend_dangling(tx: Connection) -> None:
    """Empty the references that lead nowhere."""
    for reference in _list_references():
        _clear(tx, reference, _dangling(reference))


def mend_across_campaigns(tx: Connection) -> None:
    """Empty the references that lead into another campaign."""
    for reference in _list_references():
        query = _across(reference)
        if query is not None:
            _clear(tx, reference, query)


REFERENCES = Check("references", find_dangling, mend_dangling)
CAMPAIGNS = Check("campaigns", find_across_campaigns, mend_across_campaigns)
