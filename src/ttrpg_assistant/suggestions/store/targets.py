"""Finding and holding the things of a campaign that proposals and citations mean."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, delete, or_, select

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.entities import find_entity, is_live, plain_values
from ttrpg_assistant.campaigns.tables import entity_sources

MOST_FOUND = 5
"""More than one is too many already; a few let the note name them."""


def find_named(
    tx: Connection, kind: EntityKind[Any], campaign_id: str, name: str
) -> list[tuple[str, str]]:
    """The live things of this kind that have this name, alias or id: (id, name), at most
    `MOST_FOUND`. Case, accents and spaces are folded."""
    table, folded = kind.table, fold(name)
    if not folded:
        return []
    names = table.c.search_names
    is_named = or_(
        names == folded,
        names.startswith(folded + "\n", autoescape=True),
        names.endswith("\n" + folded, autoescape=True),
        names.contains("\n" + folded + "\n", autoescape=True),
        table.c.id == name.strip().lower(),
    )
    query = select(table.c.id, table.c[kind.name_field]).where(
        is_named, is_live(table), *kind.is_of_kind
    )
    owner = table.c.id if kind.name == "campaign" else table.c.campaign_id
    rows = tx.execute(query.where(owner == campaign_id).order_by(table.c.id).limit(MOST_FOUND))
    return [(str(row[0]), str(row[1])) for row in rows]


def find_game_session_numbered(
    tx: Connection, campaign_id: str, number: int
) -> tuple[str, str] | None:
    """The game session with this number: (id, title)."""
    table = KINDS["game_session"].table
    query = select(table.c.id, table.c.title).where(
        table.c.campaign_id == campaign_id, table.c.session_number == number, is_live(table)
    )
    row = tx.execute(query).first()
    return None if row is None else (str(row[0]), str(row[1]))


def find_values(
    tx: Connection, kind: KindName, id: str, *, lock: bool = False
) -> dict[str, Any] | None:
    """A live thing as plain JSON, or None; with `lock` held until the transaction ends."""
    described = KINDS[kind]
    if lock:
        tx.execute(select(described.table.c.id).where(described.table.c.id == id).with_for_update())
    found = find_entity(tx, described, id)
    return None if found is None else plain_values(found)


def forget_sources(tx: Connection, suggestion_id: str, fields: Collection[str]) -> None:
    """These fields no longer say what was accepted from the proposal."""
    tx.execute(
        delete(entity_sources).where(
            entity_sources.c.suggestion_id == suggestion_id, entity_sources.c.field.in_(fields)
        )
    )
