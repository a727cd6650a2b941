"""Small choices that outlive a restart: the chosen model, a setting made in the page.

Not for secrets: keys belong to the keyring.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Column, Connection, CursorResult, String, Table, bindparam, delete, select

from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.storage.base import metadata, moment, structured
from ttrpg_assistant.storage.inserting import insert_into
from ttrpg_assistant.storage.prepared import Prepared

preferences = Table(
    "preferences",
    metadata,
    Column("key", String(100), primary_key=True),
    structured("value"),
    moment("updated_at"),
)


_VALUE = Prepared(select(preferences.c.value).where(preferences.c.key == bindparam("name")))


def find_preference(tx: Connection, key: str) -> Any:
    """The JSON value kept under the key, or None."""
    rows = _VALUE.run(tx, {"name": key})
    return rows[0][0] if rows else None


def put_preference(tx: Connection, key: str, value: Any) -> None:
    """Keep the JSON value under the key, in place of an earlier one."""
    row = {"value": value, "updated_at": utc_now()}
    statement = insert_into(tx, preferences).values(key=key, **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["key"], set_=row))


def add_preference(tx: Connection, key: str, value: Any) -> Any:
    """Keep the JSON value under the key unless there is one; the value that is kept."""
    row = {"value": value, "updated_at": utc_now()}
    statement = insert_into(tx, preferences).values(key=key, **row)
    tx.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
    return find_preference(tx, key)


def forget_preference(tx: Connection, key: str) -> bool:
    """Remove the key; True when there was one."""
    result = tx.execute(delete(preferences).where(preferences.c.key == key))
    return cast("CursorResult[Any]", result).rowcount > 0
