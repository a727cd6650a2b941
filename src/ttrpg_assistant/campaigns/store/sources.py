"""Where an entity's fields came from: the message and suggestion a person accepted."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from ttrpg_assistant.campaigns.model import EntitySource, KindName
from ttrpg_assistant.campaigns.store.entities import read_row
from ttrpg_assistant.campaigns.tables import entity_sources
from ttrpg_assistant.ids import new_id, utc_now


def add_sources(
    tx: Connection,
    kind: KindName,
    entity_id: str,
    fields: Iterable[str],
    *,
    message_id: str | None = None,
    suggestion_id: str | None = None,
) -> None:
    """Remember, with the edit itself, where these fields' new text was accepted from."""
    for field in fields:
        tx.execute(
            insert(entity_sources).values(
                id=new_id(),
                entity_kind=kind,
                entity_id=entity_id,
                field=field,
                message_id=message_id,
                suggestion_id=suggestion_id,
                at=utc_now(),
            )
        )


def list_sources(tx: Connection, kind: KindName, entity_id: str) -> tuple[EntitySource, ...]:
    """The sources of an entity's fields, oldest first."""
    columns = [entity_sources.c[name] for name in EntitySource.__dataclass_fields__]
    query = (
        select(*columns)
        .where(entity_sources.c.entity_kind == kind, entity_sources.c.entity_id == entity_id)
        .order_by(entity_sources.c.at, entity_sources.c.id)
    )
    return tuple(read_row(EntitySource, row) for row in tx.execute(query).mappings())
