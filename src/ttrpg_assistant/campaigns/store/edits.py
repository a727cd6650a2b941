"""Add and change any kind of entity.

An edit is a patch of the given fields and carries the revision it was made from; a stale one is
a `Conflict` with both versions and changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Table, insert, literal, select, update

from ttrpg_assistant.campaigns.declaration import E, EntityKind
from ttrpg_assistant.campaigns.folding import spell_group_keys
from ttrpg_assistant.campaigns.model import Campaign
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.entities import (
    check_campaign,
    get_entity,
    insert_once,
    plain_values,
    stamp_names,
)
from ttrpg_assistant.campaigns.tables import entity_edits, things
from ttrpg_assistant.errors import Conflict, InvalidInput
from ttrpg_assistant.ids import new_id, utc_now

MOST_PARENTS = 50
"""Locations may nest this deep; it also ends the walk that looks for a ring."""


def add_entity(
    tx: Connection,
    kind: EntityKind[E],
    campaign_id: str | None,
    values: Mapping[str, object],
    *,
    id: str | None = None,
    more: Mapping[str, object] | None = None,
) -> E:
    """A new entity from `EntityKind.check_new`. Resending an `id` gives the first row again.

    `more` are columns that no edit may touch. Raises `NotFound` without such a campaign,
    `Conflict` when the id belongs to something else, `InvalidInput` on a foreign reference.
    """
    if id is not None and _is_taken(tx, kind, campaign_id, id):
        return get_entity(tx, kind, id)
    if campaign_id is not None:
        check_campaign(tx, campaign_id)
        _check_references(tx, kind, campaign_id, values)
    now = utc_now()
    row: dict[str, object] = {
        "id": id or new_id(),
        "more": {},
        **to_columns(kind, values, {}),
        **(more or {}),
        "revision": 1,
        "created_at": now,
        "updated_at": now,
    }
    if campaign_id is None:
        row["names_stamp"] = new_id()
    else:
        row["campaign_id"] = campaign_id
    if kind.table is things:
        row["entity_kind"] = kind.name
    if not insert_once(tx, kind.table, {**row, **derive_columns(kind, values, values.keys(), now)}):
        _is_taken(tx, kind, campaign_id, str(row["id"]))
    if campaign_id is not None and kind.is_named_in_talk:
        stamp_names(tx, campaign_id)
    return get_entity(tx, kind, str(row["id"]))


def _is_taken(tx: Connection, kind: EntityKind[Any], campaign_id: str | None, id: str) -> bool:
    """Whether the same thing was added before. Raises `Conflict` when it is another's id."""
    table = kind.table
    owner = table.c.id if campaign_id is None else table.c.campaign_id
    kept_kind = table.c.entity_kind if table is things else literal(kind.name)
    row = tx.execute(select(owner, kept_kind).where(table.c.id == id)).first()
    if row is not None and tuple(row) != (campaign_id or id, kind.name):
        raise Conflict(f"Another {kind.noun} has this id.", facts={"id": id})
    return row is not None


def edit_entity(
    tx: Connection, kind: EntityKind[E], id: str, revision: int, changes: Mapping[str, object]
) -> E:
    """Change the given fields (from `EntityKind.check_changes`), if `revision` is still current.

    Changes that already hold are no edit at all, so a resent edit is harmless. Raises
    `NotFound`, and `Conflict` with `mine`, `theirs`, `base` and the current `revision`.
    """
    current = get_entity(tx, kind, id)
    stored = plain_values(current)
    differing = {name: value for name, value in changes.items() if stored[name] != value}
    if not differing:
        return current
    if current.revision != revision:
        raise _stale(tx, kind, id, revision, changes)
    campaign_id = current.id if isinstance(current, Campaign) else current.campaign_id
    _check_references(tx, kind, campaign_id, differing, id)
    now = utc_now()
    row: dict[str, object] = {
        **to_columns(kind, differing, current.more),
        **derive_columns(kind, {**stored, **differing}, differing.keys(), now),
        "revision": revision + 1,
        "updated_at": now,
    }
    is_renamed = not differing.keys().isdisjoint((kind.name_field, "aliases"))
    done = tx.execute(
        update(kind.table)
        .where(kind.table.c.id == id, kind.table.c.revision == revision)
        .values(row)
    )
    if done.rowcount != 1:
        raise _stale(tx, kind, id, revision, changes)
    tx.execute(
        insert(entity_edits).values(
            id=new_id(),
            entity_kind=kind.name,
            entity_id=id,
            revision=revision + 1,
            before={name: stored[name] for name in differing},
            at=now,
        )
    )
    if is_renamed and kind.is_named_in_talk:
        stamp_names(tx, campaign_id)
    return get_entity(tx, kind, id)


def to_columns(
    kind: EntityKind[Any], values: Mapping[str, object], more: Mapping[str, object]
) -> dict[str, object]:
    """Fields as columns; those without a column of their own join the others in `more`."""
    columns = {name: value for name, value in values.items() if name in kind.table.c}
    rest = {name: value for name, value in values.items() if name not in columns}
    return {**columns, "more": {**more, **rest}} if rest else columns


def derive_columns(
    kind: EntityKind[Any], whole: Mapping[str, object], changed: Collection[str], now: str
) -> dict[str, object]:
    """The columns that follow from others, where these fields of the `whole` have changed."""
    columns = kind.table.c
    row: dict[str, object] = {}
    if "last_used_at" in columns:
        row["last_used_at"] = now
    if not {kind.name_field, "aliases"}.isdisjoint(changed):
        row["search_names"] = kind.search_names(whole)
    if "search_text" in columns:
        row["search_text"] = kind.search_text(whole)
    if "groups" in changed and "group_keys" in columns:
        groups = whole["groups"]
        assert isinstance(groups, list)
        row["group_keys"] = spell_group_keys(groups)
    return row


def _check_references(
    tx: Connection,
    kind: EntityKind[Any],
    campaign_id: str,
    values: Mapping[str, object],
    id: str | None = None,
) -> None:
    for name, pointed_to in kind.references.items():
        target = values.get(name)
        if target is None:
            continue
        table = KINDS[pointed_to].table
        query = select(table.c.id).where(
            table.c.id == target,
            table.c.campaign_id == campaign_id,
            table.c.removed_at.is_(None),
            *KINDS[pointed_to].is_of_kind,
        )
        if tx.execute(query).first() is None:
            raise InvalidInput(
                f"The field {name} names something that is not in this campaign.",
                facts={"field": name},
            )
        if pointed_to == kind.name:
            _check_no_ring(tx, table, name, str(target), id)


def _check_no_ring(tx: Connection, table: Table, name: str, parent: str, id: str | None) -> None:
    above: str | None = parent
    for _ in range(MOST_PARENTS):
        if above is None:
            return
        if above == id:
            break
        above = tx.execute(select(table.c[name]).where(table.c.id == above)).scalar()
    raise InvalidInput("A location cannot lie within itself, nor too deep.", facts={"field": name})


def rewind_values(
    tx: Connection, kind: str, id: str, values: Mapping[str, object], revision: int
) -> dict[str, object]:
    """What a thing with these `values` said when it had an earlier revision."""
    since = (
        select(entity_edits.c.before)
        .where(
            entity_edits.c.entity_kind == kind,
            entity_edits.c.entity_id == id,
            entity_edits.c.revision > revision,
        )
        .order_by(entity_edits.c.revision.desc())
    )
    earlier = dict(values)
    for (before,) in tx.execute(since):
        earlier.update({name: value for name, value in before.items() if name in earlier})
    return earlier


def _stale(
    tx: Connection,
    kind: EntityKind[Any],
    id: str,
    revision: int,
    changes: Mapping[str, object],
) -> Conflict:
    """The conflict of an edit made from `revision`, with what each field said then."""
    current = get_entity(tx, kind, id)
    stored = plain_values(current)
    earlier = rewind_values(tx, kind.name, id, stored, revision)
    base = {name: earlier[name] for name in changes}
    return Conflict(
        f"This {kind.noun} was changed elsewhere in the meantime; nothing was overwritten.",
        code="stale_revision",
        cure="Compare the two versions, then save again.",
        facts={
            "kind": kind.name,
            "id": id,
            "revision": current.revision,
            "mine": dict(changes),
            "theirs": {name: stored[name] for name in changes},
            "base": base,
        },
    )
