"""Relations: both ends are things that exist, of the kind that is said, in the same campaign.

A thing that was removed still exists: it only hides its relations.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, Select, and_, delete, or_, select, union_all

from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.campaigns.tables import relations, things
from ttrpg_assistant.verification.model import Check, Problem
from ttrpg_assistant.verification.store.references import place_of

_c = relations.c
_ENDS = (("from", _c.from_kind, _c.from_id), ("to", _c.to_kind, _c.to_id))


def _is_there(kind: Column[Any], id: Column[Any], *, in_campaign: bool) -> Any:
    """The condition that an end exists, or exists in the campaign of the relation."""
    there = []
    for table in {one.table.name: one.table for one in list_things()}.values():
        own = [one.name for one in list_things() if one.table is table]
        is_kind = table.c.entity_kind == kind if table is things else kind.in_(own)
        is_own = (table.c.campaign_id == _c.campaign_id,) if in_campaign else ()
        there.append(select(table.c.id).where(table.c.id == id, is_kind, *is_own).exists())
    return or_(*there)


def _wrong(kind: Column[Any], id: Column[Any]) -> tuple[Select[Any], Select[Any]]:
    """Those with an end that does not exist, and those with one in another campaign."""
    exists, is_own = (_is_there(kind, id, in_campaign=one) for one in (False, True))
    return select(_c.id).where(~exists), select(_c.id).where(and_(exists, ~is_own))


def find_wrong_ends(tx: Connection) -> Iterator[Problem]:
    """Relations to what does not exist, and into another campaign."""
    for end, kind, id in _ENDS:
        gone, foreign = _wrong(kind, id)
        sentences = (
            (gone, f"{end}_id names a thing that does not exist."),
            (foreign, f"{end}_id names a thing of another campaign."),
        )
        for query, sentence in sentences:
            for key in tx.execute(query).scalars():
                yield Problem("relations", place_of(relations, key), sentence, can_mend=True)


def mend_wrong_ends(tx: Connection) -> None:
    """Delete the relations that say nothing any more."""
    queries = [query for _, kind, id in _ENDS for query in _wrong(kind, id)]
    wrong = list(tx.execute(union_all(*queries)).scalars())
    for start in range(0, len(wrong), 500):
        tx.execute(delete(relations).where(_c.id.in_(wrong[start : start + 500])))


RELATIONS = Check("relations", find_wrong_ends, mend_wrong_ends)
