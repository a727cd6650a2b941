"""A campaign with something in every table that an archive holds, and in every column."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Float,
    Integer,
    String,
    Table,
    Text,
    update,
)

from ttrpg_assistant.archives.store.campaign_rows import TABLES, iterate_rows
from ttrpg_assistant.campaigns.store.kinds import KINDS
from ttrpg_assistant.campaigns.tables import npcs
from ttrpg_assistant.conversations.tables import conversations, messages, voices
from ttrpg_assistant.ids import new_id, utc_now

WORDS = {"entity_kind": "npc", "target_kind": "npc", "suggestions.kind": "npc"}
"""What a column takes that is one of several words, where the table does not say which."""


EMPTY = ("removed_at", "archived_at", "group_name", "group_key")
"""A row that is not gone; a listener that is one person."""

_ONE_OF = re.compile(r"(\w+) IN \('(\w+)'")


def fill_every_table(tx: Connection, campaign_id: str) -> None:
    """Give the campaign a row of each table in which it has none yet."""
    for table in TABLES:
        if not list(iterate_rows(tx, table, campaign_id)):
            tx.execute(table.insert().values(**_make_row(tx, table, campaign_id)))
        if table is conversations:
            voice = tx.execute(voices.select().with_only_columns(voices.c.id)).scalars().first()
            wanted = conversations.c.campaign_id == campaign_id
            tx.execute(update(conversations).where(wanted).values(personality=voice))


def _make_row(tx: Connection, table: Table, campaign_id: str) -> dict[str, Any]:
    row = {column.name: _make(tx, table, column, campaign_id) for column in table.columns}
    return row | {name: None for name in row if name in EMPTY}


def _make(tx: Connection, table: Table, column: Column[Any], campaign_id: str) -> Any:
    name, kind = column.name, column.type
    for key in column.foreign_keys:
        return _first_id(tx, key.column.table, campaign_id)
    if name == "id":
        return new_id()
    if name.endswith("message_id"):
        return _first_id(tx, messages, campaign_id)
    if name in ("entity_id", "target_id") or name.endswith("npc_id"):
        return _first_id(tx, npcs, campaign_id)
    if name.endswith("_id"):
        return campaign_id  # any id that is in the archive
    if isinstance(kind, String | Text):
        if name.endswith("_at") or name == "at":
            return utc_now()
        allowed = _list_words(table).get(name) or WORDS.get(f"{table.name}.{name}")
        return allowed or WORDS.get(name, name[:5])
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Integer | Float):
        return 1
    for entity in KINDS.values():
        if entity.table is table and name in entity.fields and entity.fields[name].blank == []:
            return []
    return {"of": str(name)}


def _list_words(table: Table) -> dict[str, str]:
    """For each column that takes certain words only, the first of them."""
    checks = (str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint))
    return dict(pair for check in checks for pair in _ONE_OF.findall(check))


def _first_id(tx: Connection, table: Table, campaign_id: str) -> str | None:
    for row in iterate_rows(tx, table, campaign_id):
        return str(row["id"])
    return None
