"""The conversations whose talk an audience may be given, and what tells that one changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from ttrpg_assistant.campaigns.tables import npcs
from ttrpg_assistant.conversations.tables import conversations
from ttrpg_assistant.search.model import Filters
from ttrpg_assistant.search.store.asking import is_no_other_rehearsal
from ttrpg_assistant.storage.prepared import Prepared

_c = conversations.c


class Allowed(NamedTuple):
    """A conversation as it is now. While all of this is the same, its talk goes on from where it
    did: whatever moves its tip, adds to its talk, clears it or brings it back writes the row."""

    id: str
    kind: str
    npc_name: str | None
    tip_message_id: str | None
    next_seq: int
    message_count: int
    updated_at: str


def list_allowed(tx: Connection, filters: Filters) -> dict[str, Sequence[Any]]:
    """The conversations that pass the filters, archived ones as well, by their IDs: each a row
    that `Allowed._make` reads. Of the filters those of an audience are asked for: campaign or
    none, NPC, kind, and whose rehearsal it is."""
    assert filters.with_archived
    given = {
        "campaign_id": filters.campaign_id,
        "kind": filters.kind,
        "npc_id": filters.npc_id,
        "only_rehearsal": filters.only_rehearsal,
    }
    named = frozenset(name for name, value in given.items() if value is not None)
    rows = _prepare(named, filters.unlinked).run(tx, {name: given[name] for name in named})
    return {row[0]: row for row in rows}


@lru_cache(maxsize=32)
def _prepare(named: frozenset[str], unlinked: bool) -> Prepared:
    wanted: list[Any] = [_c.removed_at.is_(None)]
    wanted += [
        column == bindparam(column.key)
        for column in (_c.campaign_id, _c.kind, _c.npc_id)
        if column.key in named
    ]
    if "only_rehearsal" in named:
        wanted.append(is_no_other_rehearsal(bindparam("only_rehearsal")))
    if unlinked:
        wanted.append(_c.campaign_id.is_(None))
    return Prepared(
        select(
            *(_c.id, _c.kind, npcs.c.name, _c.tip_message_id),
            *(_c.next_seq, _c.message_count, _c.updated_at),
        )
        .outerjoin(npcs, (npcs.c.id == _c.npc_id) & (npcs.c.removed_at.is_(None)))
        .where(*wanted)
    )
