"""Relations between the things of a campaign.

Both ends are in the campaign of the relation. A relation is seen while it, its campaign and both
ends are there: what is removed hides its relations, and what is restored has them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, and_, func, or_, select, tuple_, update

from ttrpg_assistant.campaigns.model import Page, Relation
from ttrpg_assistant.campaigns.registry import KINDS, list_things
from ttrpg_assistant.campaigns.store.entities import (
    check_campaign,
    insert_once,
    is_live,
    read_row,
)
from ttrpg_assistant.campaigns.tables import relations, things
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound
from ttrpg_assistant.ids import new_id, utc_now

End = tuple[str, str]
"""The kind and the id of a thing."""

_c = relations.c
COLUMNS: list[Column[Any]] = [
    _c[name] for name in Relation.__dataclass_fields__ if not name.endswith("_name")
]


def is_end_live(kind: Column[Any], id: Column[Any]) -> ColumnElement[bool]:
    """The condition that what a relation names is there and not removed."""
    there = []
    for table in {one.table.name: one.table for one in list_things()}.values():
        own = [one.name for one in list_things() if one.table is table]
        is_kind = table.c.entity_kind == kind if table is things else kind.in_(own)
        is_it = (table.c.id == id, table.c.removed_at.is_(None), is_kind)
        there.append(select(table.c.id).where(*is_it).exists())
    return or_(*there)


def is_seen() -> ColumnElement[bool]:
    """The condition that a relation, its campaign and both its ends are there."""
    return and_(
        is_live(relations),
        is_end_live(_c.from_kind, _c.from_id),
        is_end_live(_c.to_kind, _c.to_id),
    )


def add_relation(
    tx: Connection, campaign_id: str, values: Mapping[str, Any], *, id: str | None = None
) -> Relation:
    """A new relation. Resending an `id` gives the first again.

    Raises `NotFound` without such a campaign, `Conflict` when the id is another campaign's, and
    `InvalidInput` when an end is not in this campaign.
    """
    check_campaign(tx, campaign_id)
    id = id or new_id()
    owner = tx.execute(select(_c.campaign_id).where(_c.id == id)).scalar()
    if owner is None:
        for end in ("from", "to"):
            _check_end(tx, campaign_id, end, values[f"{end}_kind"], values[f"{end}_id"])
        now = utc_now()
        row = {"id": id, "campaign_id": campaign_id, "revision": 1, **values}
        insert_once(tx, relations, {**row, "created_at": now, "updated_at": now})
        owner = tx.execute(select(_c.campaign_id).where(_c.id == id)).scalar()
    if owner != campaign_id:
        raise Conflict("Another campaign has a relation of this id.", facts={"id": id})
    return get_relation(tx, id)


def _check_end(tx: Connection, campaign_id: str, end: str, kind_name: str, id: str) -> None:
    kind = KINDS.get(kind_name)
    if kind is None or not kind.is_thing:
        raise InvalidInput(
            f"There are no things of the kind {kind_name[:80]}.", facts={"field": f"{end}_kind"}
        )
    table = kind.table
    # Held to the end, so that nobody removes it meanwhile where several write.
    is_there = (
        select(table.c.id)
        .where(
            table.c.id == id,
            table.c.campaign_id == campaign_id,
            table.c.removed_at.is_(None),
            *kind.is_of_kind,
        )
        .with_for_update(read=True)
    )
    if tx.execute(is_there).first() is None:
        raise InvalidInput(
            f"The field {end}_id names something that is not in this campaign.",
            facts={"field": f"{end}_id"},
        )


def get_relation(tx: Connection, id: str) -> Relation:
    """Raises `NotFound`, also while one of its ends is removed."""
    row = tx.execute(select(*COLUMNS).where(_c.id == id, is_seen())).mappings().first()
    if row is None:
        raise _no_such(id)
    return name_ends(tx, [read_row(Relation, row)])[0]


def edit_relation(
    tx: Connection, id: str, revision: int, changes: Mapping[str, object]
) -> Relation:
    """Change the given fields. Changes that already hold are no edit at all.

    Raises `NotFound`, and `Conflict` with `mine` and `theirs`, the relation as it is now.
    """
    current = get_relation(tx, id)
    kept = msgspec.to_builtins(current)
    plain = {name: list(one) if isinstance(one, tuple) else one for name, one in kept.items()}
    if all(plain[name] == value for name, value in changes.items()):
        return current
    done = tx.execute(
        update(relations)
        .where(_c.id == id, _c.revision == revision)
        .values(**changes, revision=revision + 1, updated_at=utc_now())
    )
    if done.rowcount != 1:
        theirs = get_relation(tx, id)
        raise Conflict(
            "This relation was changed elsewhere in the meantime; nothing was overwritten.",
            code="stale_revision",
            cure="Compare the two versions, then save again.",
            facts={
                "id": id,
                "revision": theirs.revision,
                "mine": dict(changes),
                "theirs": msgspec.to_builtins(theirs),
            },
        )
    return get_relation(tx, id)


def mark_relation_removed(tx: Connection, id: str, *, removed: bool) -> Relation:
    """Remove a relation, or take that back; it is seen again as soon as its ends are.

    Raises `NotFound`, also when its campaign was removed.
    """
    removed_at = utc_now() if removed else None
    tx.execute(update(relations).where(_c.id == id).values(removed_at=removed_at))
    row = tx.execute(select(*COLUMNS).where(_c.id == id)).mappings().first()
    if row is None:
        raise _no_such(id)
    check_campaign(tx, row["campaign_id"])
    return name_ends(tx, [read_row(Relation, row)])[0]


def list_relations(
    tx: Connection,
    campaign_id: str,
    *,
    thing_kind: str | None = None,
    thing_id: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Relation]:
    """Relations of the campaign, or those that a thing has on either side, newest first."""
    if not 1 <= limit <= 500:
        raise InvalidInput("The limit must be between 1 and 500.", facts={"limit": limit})
    check_campaign(tx, campaign_id)
    query = select(*COLUMNS).where(_c.campaign_id == campaign_id, is_seen())
    if thing_id is not None or thing_kind is not None:
        query = query.where(
            or_(_is_end("from", thing_kind, thing_id), _is_end("to", thing_kind, thing_id))
        )
    place = (_c.created_at, _c.id)
    if after is not None:
        last = tx.execute(select(*place).where(_c.id == after)).first()
        if last is None:
            raise InvalidInput("The cursor is not one of this list.", code="invalid_cursor")
        query = query.where(tuple_(*place) < tuple_(last[0], last[1]))
    query = query.order_by(place[0].desc(), place[1].desc()).limit(limit + 1)
    rows = tx.execute(query).mappings().all()
    found = [read_row(Relation, row) for row in rows[:limit]]
    items, has_more = tuple(name_ends(tx, found)), len(rows) > limit
    return Page(items, has_more, items[-1].id if has_more else None)


def _is_end(end: str, kind: str | None, id: str | None) -> ColumnElement[bool]:
    given = {f"{end}_kind": kind, f"{end}_id": id}
    return and_(*(_c[name] == value for name, value in given.items() if value is not None))


def count_relations(tx: Connection, campaign_id: str) -> int:
    """How many are seen."""
    query = select(func.count()).where(_c.campaign_id == campaign_id, is_seen())
    return int(tx.execute(query).scalar_one())


def name_ends(tx: Connection, found: Sequence[Relation]) -> list[Relation]:
    """The relations with what their ends are called now."""
    ends = {end for one in found for end in ends_of(one)}
    names = _list_names(tx, ends)
    return [
        replace(
            one,
            from_name=names.get((one.from_kind, one.from_id), ""),
            to_name=names.get((one.to_kind, one.to_id), ""),
        )
        for one in found
    ]


def ends_of(relation: Relation) -> tuple[End, End]:
    """Both things that a relation is between."""
    return (relation.from_kind, relation.from_id), (relation.to_kind, relation.to_id)


def _list_names(tx: Connection, ends: Iterable[End]) -> dict[End, str]:
    by_kind: dict[str, list[str]] = {}
    for kind_name, id in ends:
        by_kind.setdefault(kind_name, []).append(id)
    names: dict[End, str] = {}
    for kind_name, ids in by_kind.items():
        kind = KINDS[kind_name]
        query = select(kind.table.c.id, kind.table.c[kind.name_field]).where(
            kind.table.c.id.in_(ids)
        )
        names |= {(kind_name, id): name for id, name in tx.execute(query)}
    return names


def _no_such(id: str) -> NotFound:
    return NotFound("There is no such relation.", facts={"kind": "relation", "id": id})
