"""Everything of a campaign in its order, a page in memory at a time. Works in the caller's
transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, or_, select

from ttrpg_assistant.archives.parts import in_parts
from ttrpg_assistant.campaigns.declaration import E, EntityKind
from ttrpg_assistant.campaigns.model import KnownFact, Relation
from ttrpg_assistant.campaigns.store.entities import read_row, read_value
from ttrpg_assistant.campaigns.store.knowledge import list_facts
from ttrpg_assistant.campaigns.store.relations import COLUMNS, is_seen, name_ends
from ttrpg_assistant.campaigns.tables import relations
from ttrpg_assistant.pictures.model import Picture
from ttrpg_assistant.pictures.store import list_pictures

PAGE = 200


def iterate_entities(
    tx: Connection, kind: EntityKind[E], campaign_id: str, *, with_archived: bool
) -> Iterator[list[E]]:
    """The campaign's things of a kind by name, game sessions by number, in pages."""
    table = kind.table
    wanted = [table.c.campaign_id == campaign_id, table.c.removed_at.is_(None), *kind.is_of_kind]
    if not with_archived:
        wanted.append(table.c.archived_at.is_(None))
    query = select(table.c.id).where(*wanted).order_by(table.c[kind.order], table.c.id)
    for ids in in_parts(tx.execute(query).scalars().all(), PAGE):
        page = select(*kind.columns).where(table.c.id.in_(ids), *kind.is_of_kind)
        found = {row["id"]: read_value(kind, row) for row in tx.execute(page).mappings()}
        yield [found[id] for id in ids if id in found]


def iterate_facts(tx: Connection, campaign_id: str) -> Iterator[KnownFact]:
    """All its facts, newest first."""
    after = None
    while True:
        page = list_facts(tx, campaign_id, after=after, limit=PAGE)
        yield from page.items
        if not page.has_more:
            return
        after = page.next_cursor


def list_relations_between(tx: Connection, campaign_id: str, ids: Sequence[str]) -> list[Relation]:
    """The relations that any of these things has on either side, with the names of both."""
    c = relations.c
    is_side = or_(c.from_id.in_(ids), c.to_id.in_(ids))
    query = select(*COLUMNS).where(c.campaign_id == campaign_id, is_seen(), is_side)
    rows = tx.execute(query.order_by(c.created_at, c.id)).mappings()
    return name_ends(tx, [read_row(Relation, row) for row in rows])


def list_pictures_of(tx: Connection, campaign_id: str, ids: Sequence[str]) -> list[Picture]:
    """The pictures of these things, each thing's in their order."""
    found: list[Picture] = []
    after: str | None = None
    while True:
        page = list_pictures(tx, campaign_id, thing_ids=ids, after=after, limit=PAGE)
        found += page.items
        if not page.has_more:
            return found
        after = page.next_cursor


def list_names(tx: Connection, kind: EntityKind[Any], campaign_id: str) -> list[tuple[str, str]]:
    """The ids and names of all the campaign's things of a kind."""
    table = kind.table
    wanted = (table.c.campaign_id == campaign_id, table.c.removed_at.is_(None), *kind.is_of_kind)
    query = select(table.c.id, table.c[kind.name_field]).where(*wanted)
    return [(str(id), str(name)) for id, name in tx.execute(query.order_by(table.c.id))]
