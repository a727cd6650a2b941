"""Finding and holding the things of a campaign that proposals and citations mean."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, delete, select

from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.entities import find_entity, is_live, plain_values
from ttrpg_assistant.campaigns.tables import entity_sources


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
