"""Pages of any kind of entity: searched by name, narrowed, and in the order that is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import Column, ColumnElement, Connection, Text, and_, cast, or_, select

from ttrpg_assistant.campaigns.declaration import E, EntityKind
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.model import Page
from ttrpg_assistant.campaigns.store.entities import check_campaign, read_value
from ttrpg_assistant.errors import InvalidInput

Sort = Literal["name", "used", "newest"]
"""By name, the latest used first, or the latest made first."""


def list_entities(
    tx: Connection,
    kind: EntityKind[E],
    campaign_id: str | None = None,
    *,
    search: str = "",
    archived: bool | None = False,
    filters: Mapping[str, object] | None = None,
    tags: Sequence[str] = (),
    sort: Sort = "name",
    after: str | None = None,
    limit: int = 50,
) -> Page[E]:
    """A page of entities by name (game sessions: newest first) or as `sort` says, `after` the id
    of the last one. With `tags` only those that have all of them.

    `search` finds part of a name or alias, folded. `archived` None gives both.
    Raises `NotFound` without such a campaign, `InvalidInput` on a bad cursor, filter or limit.
    """
    if not 1 <= limit <= 500:
        raise InvalidInput("The limit must be between 1 and 500.", facts={"limit": limit})
    table = kind.table
    query = select(*kind.columns).where(table.c.removed_at.is_(None), *kind.is_of_kind)
    if campaign_id is not None:
        check_campaign(tx, campaign_id)
        query = query.where(table.c.campaign_id == campaign_id)
    if fold(search):
        query = query.where(table.c.search_names.contains(fold(search), autoescape=True))
    if archived is not None:
        query = query.where(table.c.archived_at.is_not(None) == archived)
    for name, wanted in (filters or {}).items():
        if name not in kind.filters:
            raise InvalidInput(f"A list cannot be filtered by {name}.", facts={"field": name})
        query = query.where(_holds(kind, name, wanted))
    for tag in tags:
        if "tags" not in table.c:
            raise InvalidInput(f"The {kind.noun} has no tags.", facts={"field": "tag"})
        # As JSON is stored: a list of quoted texts.
        spelled = json.dumps(tag)
        query = query.where(cast(table.c.tags, Text).contains(spelled, autoescape=True))
    column, is_newest_first = _order(kind, sort)
    if after is not None:
        query = query.where(_beyond(tx, kind, column, is_newest_first, after))
    columns = (column.desc(), table.c.id.desc()) if is_newest_first else (column, table.c.id)
    rows = tx.execute(query.order_by(*columns).limit(limit + 1)).mappings().all()
    items = tuple(read_value(kind, row) for row in rows[:limit])
    has_more = len(rows) > limit
    return Page(items, has_more, items[-1].id if has_more else None)


def _holds(kind: EntityKind[Any], name: str, wanted: object) -> ColumnElement[bool]:
    """The condition that a field, with a column of its own or not, has this value."""
    if name in kind.table.c:
        is_it: ColumnElement[bool] = kind.table.c[name] == wanted
        return is_it
    kept = kind.table.c.more[name]
    in_more: ColumnElement[bool] = (
        kept.as_boolean() == wanted if isinstance(wanted, bool) else kept.as_string() == wanted
    )
    return in_more


def _order(kind: EntityKind[Any], sort: Sort) -> tuple[Column[Any], bool]:
    """The column, and whether the highest comes first."""
    columns = kind.table.c
    if sort == "newest":
        return columns.created_at, True
    if sort == "used" and "last_used_at" in columns:
        return columns.last_used_at, True
    return columns[kind.order], kind.newest_first


def _beyond(
    tx: Connection, kind: EntityKind[Any], sort: Column[Any], is_newest_first: bool, after: str
) -> ColumnElement[bool]:
    id_column = kind.table.c.id
    last = tx.execute(select(sort).where(id_column == after)).first()
    if last is None:
        raise InvalidInput("The cursor is not one of this list.", code="invalid_cursor")
    if is_newest_first:
        return or_(sort < last[0], and_(sort == last[0], id_column < after))
    return or_(sort > last[0], and_(sort == last[0], id_column > after))
