"""The conversations whose talk an audience may be given, and what tells that one changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Text, bindparam, cast, func, literal_column, select

from ttrpg_assistant.campaigns.tables import npcs
from ttrpg_assistant.conversations.tables import conversations
from ttrpg_assistant.search.model import Filters
from ttrpg_assistant.search.store.asking import is_no_other_rehearsal
from ttrpg_assistant.storage.among import prepare_among, spell_among
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
    title: str | None
    purpose: str | None
    npc_id: str | None


class AllowedTalk:
    """The conversations that pass the filters of one audience, archived ones as well. Of hundreds
    few change between two questions: one row tells whether any did."""

    def __init__(self) -> None:
        self._others: dict[str, Sequence[Any]] = {}
        self._npc_ids: Sequence[str] = ()
        self._known: tuple[Any, ...] | None = None

    def list_rows(self, tx: Connection, filters: Filters, own_id: str) -> dict[str, Sequence[Any]]:
        """By their IDs: each a row that `Allowed._make` reads, the very same one where nothing
        changed. Of the filters those of an audience are asked for: campaign or none, NPC, kind, and
        whose rehearsal it is. `own_id` is the conversation that changes with every question."""
        assert filters.with_archived
        given = {
            "campaign_id": filters.campaign_id,
            "kind": filters.kind,
            "npc_id": filters.npc_id,
            "only_rehearsal": filters.only_rehearsal,
        }
        named = frozenset(name for name, value in given.items() if value is not None)
        values = {name: given[name] for name in named} | {"own_id": own_id}
        state = _prepare(named, filters.unlinked, "state").run(tx, values)
        known = (own_id in self._others, *state, *_list_names(tx, self._npc_ids))
        if known != self._known:
            rows = _prepare(named, filters.unlinked, "others").run(tx, values)
            self._others = {row[0]: self._keep(row) for row in rows}
            self._npc_ids = sorted({id for *_, id in rows if id is not None})
            self._known = (False, *state, *_list_names(tx, self._npc_ids))
        own = _prepare(named, filters.unlinked, "own").run(tx, values)
        return {**self._others, **{row[0]: row for row in own}}

    def _keep(self, row: Sequence[Any]) -> Sequence[Any]:
        kept = self._others.get(row[0])
        return kept if kept == row else row


def _list_names(tx: Connection, npc_ids: Sequence[str]) -> list[tuple[Any, ...]]:
    """What these NPCs are called now."""
    return sorted(_NAMES.run(tx, spell_among(tx, npc_ids))) if npc_ids else []


_NAMES = prepare_among(
    lambda is_among: select(npcs.c.id, npcs.c.name).where(
        is_among(npcs.c.id), npcs.c.removed_at.is_(None)
    )
)


@lru_cache(maxsize=64)
def _prepare(
    named: frozenset[str], unlinked: bool, of: Literal["own", "others", "state"]
) -> Prepared:
    own_id: Any = bindparam("own_id")
    wanted: list[Any] = [
        _c.removed_at.is_(None),
        _c.id == own_id if of == "own" else _c.id != own_id,
    ]
    wanted += [
        column == bindparam(column.key)
        for column in (_c.campaign_id, _c.kind, _c.npc_id)
        if column.key in named
    ]
    if "only_rehearsal" in named:
        wanted.append(is_no_other_rehearsal(bindparam("only_rehearsal")))
    if unlinked:
        wanted.append(_c.campaign_id.is_(None))
    if of == "state":
        columns = (_c.id, _c.tip_message_id, _c.next_seq, _c.message_count, _c.updated_at)
        return Prepared(
            select(*(func.group_concat(column) for column in columns)).where(*wanted),
            postgresql=lambda: select(
                *(func.string_agg(cast(column, Text), literal_column("','")) for column in columns)
            ).where(*wanted),
        )
    return Prepared(
        select(
            *(_c.id, _c.kind, npcs.c.name, _c.tip_message_id),
            *(_c.next_seq, _c.message_count, _c.updated_at, _c.title, _c.purpose, _c.npc_id),
        )
        .outerjoin(npcs, (npcs.c.id == _c.npc_id) & (npcs.c.removed_at.is_(None)))
        .where(*wanted)
    )
