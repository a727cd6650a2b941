"""Who was told a fact: NPCs, player characters and groups, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.folding import fold_group
from ttrpg_assistant.campaigns.kinds.character import KIND as CHARACTER
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.model import Listener
from ttrpg_assistant.campaigns.store.entities import get_entity, read_row
from ttrpg_assistant.campaigns.tables import fact_audience, npcs, things
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.storage.among import prepare_among, spell_among

_c = fact_audience.c
_TOLD_COLUMNS = (
    *fact_audience.columns,
    npcs.c.name.label("npc_name"),
    things.c.name.label("character_name"),
)
_TOLD_NAMES = [column.name for column in _TOLD_COLUMNS]
_TOLD = prepare_among(
    lambda is_among: (
        select(*_TOLD_COLUMNS)
        .select_from(fact_audience)
        .outerjoin(npcs, npcs.c.id == _c.npc_id)
        .outerjoin(things, things.c.id == _c.character_id)
        .where(is_among(_c.fact_id), npcs.c.removed_at.is_(None), things.c.removed_at.is_(None))
        .order_by(_c.at, _c.id)
    )
)


@dataclass(frozen=True, slots=True)
class Listed:
    """Those who are to know a fact. None leaves those of its kind as they are."""

    npc_ids: Sequence[str] | None = None
    character_ids: Sequence[str] | None = None
    groups: Sequence[str] | None = None


def list_listeners(tx: Connection, fact_ids: Sequence[str]) -> dict[str, tuple[Listener, ...]]:
    """Who was told each fact, in the order of the telling; those that were removed are left out."""
    if not fact_ids:
        return {}
    listeners: dict[str, tuple[Listener, ...]] = {}
    for row in _TOLD.run(tx, spell_among(tx, fact_ids)):
        named = dict(zip(_TOLD_NAMES, row, strict=True))
        id = named["fact_id"]
        listeners[id] = (*listeners.get(id, ()), read_row(Listener, named))
    return listeners


def add_listeners(
    tx: Connection,
    campaign_id: str,
    fact_id: str,
    listed: Listed,
    source_message_id: str | None,
    told_by_npc_id: str | None = None,
) -> int:
    """How many did not know it before. Raises `NotFound`, and `InvalidInput` where one is of
    another campaign."""
    known = tx.execute(
        select(_c.npc_id, _c.character_id, _c.group_key).where(_c.fact_id == fact_id)
    ).all()
    known_npcs, known_characters, known_groups = ({row[at] for row in known} for at in range(3))
    npc_ids = dict.fromkeys(listed.npc_ids or ())
    character_ids = dict.fromkeys(listed.character_ids or ())
    tellers = [told_by_npc_id] if told_by_npc_id else []
    _check_own(tx, NPC, campaign_id, [*npc_ids, *tellers], "npc_ids")
    _check_own(tx, CHARACTER, campaign_id, character_ids, "character_ids")
    groups = {fold_group(group): group for group in listed.groups or ()}
    new: list[Mapping[str, object]] = [
        {"npc_id": id, "told_by_npc_id": told_by_npc_id} for id in npc_ids if id not in known_npcs
    ]
    new += [{"character_id": id} for id in character_ids if id not in known_characters]
    new += [
        {"group_name": group, "group_key": key}
        for key, group in groups.items()
        if key and key not in known_groups
    ]
    common = {"fact_id": fact_id, "source_message_id": source_message_id, "at": utc_now()}
    for row in new:
        tx.execute(insert(fact_audience).values({"id": new_id(), **row, **common}))
    return len(new)


def drop_unlisted(tx: Connection, fact_id: str, listed: Listed) -> None:
    """Take the fact from those who are not listed any more, where their kind is given."""
    if listed.npc_ids is not None:
        drop_listeners(tx, fact_id, _is_other(_c.npc_id, listed.npc_ids))
    if listed.character_ids is not None:
        drop_listeners(tx, fact_id, _is_other(_c.character_id, listed.character_ids))
    if listed.groups is not None:
        drop_listeners(tx, fact_id, _is_other(_c.group_key, map(fold_group, listed.groups)))


def drop_listeners(tx: Connection, fact_id: str, which: ColumnElement[bool]) -> int:
    """How many listeners that took away."""
    return tx.execute(delete(fact_audience).where(_c.fact_id == fact_id, which)).rowcount


def _is_other(column: Any, kept: Iterable[str]) -> ColumnElement[bool]:
    return and_(column.is_not(None), column.not_in(list(kept)))


def _check_own(
    tx: Connection, kind: EntityKind[Any], campaign_id: str, ids: Iterable[str], field: str
) -> None:
    for id in ids:
        if get_entity(tx, kind, id).campaign_id != campaign_id:
            raise InvalidInput(
                f"This {kind.noun} belongs to another campaign.", facts={"field": field}
            )
