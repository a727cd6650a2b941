"""Read, list, archive, remove and restore any kind of entity; `edits` adds and changes them.

Every function works in the caller's transaction. Removing only marks: everything can be taken
back, and talk is not touched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, and_, func, select, update

from ttrpg_assistant.campaigns.declaration import E, EntityKind
from ttrpg_assistant.campaigns.model import Campaign, Entity
from ttrpg_assistant.campaigns.tables import campaigns
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.storage.inserting import insert_into

V = TypeVar("V")


def get_entity(tx: Connection, kind: EntityKind[E], id: str) -> E:
    """The entity. Raises `NotFound` when it, or its campaign, does not exist or was removed."""
    found = find_entity(tx, kind, id)
    if found is None:
        raise NotFound(f"There is no such {kind.noun}.", facts={"kind": kind.name, "id": id})
    return found


def find_entity(
    tx: Connection, kind: EntityKind[E], id: str, *, even_removed: bool = False
) -> E | None:
    """The entity, or None. `even_removed` also finds what was removed."""
    query = select(*kind.columns).where(kind.table.c.id == id, *kind.is_of_kind)
    if not even_removed:
        query = query.where(is_live(kind.table))
    row = tx.execute(query).mappings().first()
    return None if row is None else read_value(kind, row)


def read_value(kind: EntityKind[E], row: Mapping[Any, Any]) -> E:
    """A stored row as its value."""
    value = read_row(kind.value, {**row, "more": {**kind.blank_more, **row["more"]}})
    return value if kind.complete is None else kind.complete(value)


def read_row(shape: type[V], row: Mapping[Any, Any]) -> V:
    """A stored row in the shape of a dataclass; columns it does not have are left out."""
    return msgspec.convert({str(name): value for name, value in row.items()}, shape)


def plain_values(entity: Entity, only: Collection[str] | None = None) -> dict[str, Any]:
    """The entity as plain JSON, every declared field under its own name, or `only` these. Its
    tuples are lists, as they are stored and sent, so that a value that already holds is seen to
    be the same."""
    if only is not None:
        more = entity.more
        kept = {name: more[name] if name in more else getattr(entity, name) for name in only}
        return {name: _plain(value) for name, value in kept.items()}
    values = {name: _listed(value) for name, value in msgspec.to_builtins(entity).items()}
    return {**values, **values.pop("more")}


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else _listed(msgspec.to_builtins(value))


def _listed(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_listed(one) for one in value]
    if isinstance(value, dict):
        return {name: _listed(one) for name, one in value.items()}
    return value


def is_live(table: Table) -> ColumnElement[bool]:
    """The condition that neither the row nor its campaign was removed."""
    if table is campaigns:
        return table.c.removed_at.is_(None)
    is_campaign_live = (
        select(campaigns.c.id)
        .where(campaigns.c.id == table.c.campaign_id, campaigns.c.removed_at.is_(None))
        .exists()
    )
    return and_(table.c.removed_at.is_(None), is_campaign_live)


def count_entities(
    tx: Connection, kind: EntityKind[E], campaign_id: str, *, archived: bool = False
) -> int:
    """How many of this kind are in use in the campaign; `archived`: how many are archived."""
    table = kind.table
    query = select(func.count()).where(
        table.c.campaign_id == campaign_id,
        table.c.removed_at.is_(None),
        table.c.archived_at.is_not(None) == archived,
        *kind.is_of_kind,
    )
    return int(tx.execute(query).scalar_one())


def archive_entity(tx: Connection, kind: EntityKind[E], id: str) -> E:
    """Put away: out of lists and summaries, still found by id and by name in talk."""
    current = get_entity(tx, kind, id)
    return current if current.archived_at else _mark(tx, kind, id, {"archived_at": utc_now()})


def remove_entity(tx: Connection, kind: EntityKind[E], id: str) -> E:
    """Delete, so that `restore_entity` can take it back. Removing twice is removing once."""
    current = find_entity(tx, kind, id, even_removed=True)
    if current is None:
        raise NotFound(f"There is no such {kind.noun}.", facts={"kind": kind.name, "id": id})
    return current if current.removed_at else _mark(tx, kind, id, {"removed_at": utc_now()})


def restore_entity(tx: Connection, kind: EntityKind[E], id: str) -> E:
    """Take back the last step: what was removed is as it was; what was archived is in use."""
    current = find_entity(tx, kind, id, even_removed=True)
    if current is None:
        raise NotFound(f"There is no such {kind.noun}.", facts={"kind": kind.name, "id": id})
    if current.removed_at:
        return _mark(tx, kind, id, {"removed_at": None})
    return _mark(tx, kind, id, {"archived_at": None})


def check_campaign(tx: Connection, campaign_id: str) -> None:
    """Raises `NotFound` unless there is such a campaign and it was not removed."""
    query = select(campaigns.c.id).where(campaigns.c.id == campaign_id, is_live(campaigns))
    if tx.execute(query).first() is None:
        raise NotFound("There is no such campaign.", facts={"kind": "campaign", "id": campaign_id})


def insert_once(tx: Connection, table: Table, row: Mapping[str, object]) -> bool:
    """Insert a row unless its id is taken; false then, also when that happens at this moment."""
    made = insert_into(tx, table).values(dict(row))
    return tx.execute(made.on_conflict_do_nothing(index_elements=["id"])).rowcount == 1


def stamp_names(tx: Connection, campaign_id: str) -> None:
    """Say that a name in the campaign changed. A fresh id, not a count: what a transaction that
    is rolled back stamped can never be mistaken for a later state."""
    tx.execute(update(campaigns).where(campaigns.c.id == campaign_id).values(names_stamp=new_id()))


def _mark(tx: Connection, kind: EntityKind[E], id: str, marks: Mapping[str, str | None]) -> E:
    tx.execute(
        update(kind.table).where(kind.table.c.id == id, *kind.is_of_kind).values(dict(marks))
    )
    marked = find_entity(tx, kind, id, even_removed=True)
    assert marked is not None
    if kind.is_named_in_talk and not isinstance(marked, Campaign):
        stamp_names(tx, marked.campaign_id)
    return marked
