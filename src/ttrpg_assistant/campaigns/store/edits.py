"""Add and change any kind of entity.

An edit is a patch of the given fields and carries the revision it was made from; a stale one is
a `Conflict` with both versions and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from ttrpg_assistant.campaigns.folding import spell_group_keys
from ttrpg_assistant.campaigns.model import Campaign
from ttrpg_assistant.campaigns.store.entities import (
    check_campaign,
    get_entity,
    insert_once,
    plain_values,
    stamp_names,
)
from ttrpg_assistant.campaigns.store.kinds import E, EntityKind
from ttrpg_assistant.campaigns.tables import entity_edits
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
        **values,
        **(more or {}),
        "search_names": kind.search_names(values),
        "revision": 1,
        "created_at": now,
        "updated_at": now,
    }
    if campaign_id is None:
        row["names_stamp"] = new_id()
    else:
        row["campaign_id"] = campaign_id
    if not insert_once(tx, kind.table, _derived(kind, row, now)):
        _is_taken(tx, kind, campaign_id, str(row["id"]))
    if campaign_id is not None and kind.is_named_in_talk:
        stamp_names(tx, campaign_id)
    return get_entity(tx, kind, str(row["id"]))


def _is_taken(tx: Connection, kind: EntityKind[Any], campaign_id: str | None, id: str) -> bool:
    """Whether the same thing was added before. Raises `Conflict` when it is another's id."""
    table = kind.table
    owner = table.c.id if campaign_id is None else table.c.campaign_id
    row = tx.execute(select(owner).where(table.c.id == id)).first()
    if row is not None and row[0] != (campaign_id or id):
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
    row: dict[str, object] = {**differing, "revision": revision + 1, "updated_at": now}
    is_renamed = bool(differing.keys() & {kind.name_field, "aliases"})
    if is_renamed:
        row["search_names"] = kind.search_names({**stored, **differing})
    done = tx.execute(
        update(kind.table)
        .where(kind.table.c.id == id, kind.table.c.revision == revision)
        .values(_derived(kind, row, now))
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


def _derived(kind: EntityKind[Any], row: dict[str, object], now: str) -> dict[str, object]:
    """The row with the columns that follow from others."""
    if "last_used_at" in kind.table.c:
        row["last_used_at"] = now
    if isinstance(groups := row.get("groups"), list):
        row["group_keys"] = spell_group_keys(groups)
    return row


def _check_references(
    tx: Connection,
    kind: EntityKind[Any],
    campaign_id: str,
    values: Mapping[str, object],
    id: str | None = None,
) -> None:
    for name, table in kind.references.items():
        target = values.get(name)
        if target is None:
            continue
        query = select(table.c.id).where(
            table.c.id == target, table.c.campaign_id == campaign_id, table.c.removed_at.is_(None)
        )
        if tx.execute(query).first() is None:
            raise InvalidInput(
                f"The field {name} names something that is not in this campaign.",
                facts={"field": name},
            )
        if table is kind.table:
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
    base = {name: stored[name] for name in changes}
    since = (
        select(entity_edits.c.before)
        .where(
            entity_edits.c.entity_kind == kind.name,
            entity_edits.c.entity_id == id,
            entity_edits.c.revision > revision,
        )
        .order_by(entity_edits.c.revision.desc())
    )
    for (before,) in tx.execute(since):
        base.update({name: value for name, value in before.items() if name in changes})
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
