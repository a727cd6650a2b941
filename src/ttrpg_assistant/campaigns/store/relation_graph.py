"""All the relations of a campaign at once, as a picture of them needs it: two questions for the
relations and one for each table of things, however many there are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, func, select, union

from ttrpg_assistant.campaigns.graph_model import GraphRelation, GraphThing, RelationGraph
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.campaigns.store.entities import check_campaign
from ttrpg_assistant.campaigns.store.relations import End, is_seen
from ttrpg_assistant.campaigns.tables import relations

MOST_RELATIONS = 10_000
"""So many are in one answer, the newest; the others are counted."""

_c = relations.c


def get_relation_graph(tx: Connection, campaign_id: str) -> RelationGraph:
    """The relations of a campaign and the things they are between. Raises `NotFound`."""
    check_campaign(tx, campaign_id)
    seen = (_c.campaign_id == campaign_id, is_seen())
    columns = (_c.from_kind, _c.from_id, _c.to_kind, _c.to_id)
    newest = select(_c.id, *columns, _c.label, _c.attitude, _c.audience).where(*seen)
    newest = newest.order_by(_c.created_at.desc(), _c.id.desc()).limit(MOST_RELATIONS)
    rows = tx.execute(newest).all()
    count = len(rows)
    if count == MOST_RELATIONS:
        count = int(tx.execute(select(func.count()).where(*seen)).scalar_one())
    ends = {(kind, id) for _, *named, _, _, _ in rows for kind, id in (named[:2], named[2:])}
    things = [one for one in _list_related(tx, campaign_id) if (one.kind, one.id) in ends]
    # By their ids they are in the order in which they were made: a new one comes last.
    things.sort(key=lambda one: one.id)
    at: dict[End, int] = {(one.kind, one.id): place for place, one in enumerate(things)}
    drawn = [
        GraphRelation(id, at[of, one], at[to, other], label, attitude, audience)
        for id, of, one, to, other, label, attitude, audience in rows
        # Where several write, an end may have been removed since the first question.
        if (of, one) in at and (to, other) in at
    ]
    return RelationGraph(tuple(things), tuple(drawn), count - len(rows))


def _list_related(tx: Connection, campaign_id: str) -> list[GraphThing]:
    is_here = (_c.campaign_id == campaign_id, _c.removed_at.is_(None))
    found: list[GraphThing] = []
    for kind in list_things():
        table = kind.table
        of_kind = [
            select(id).where(*is_here, its_kind == kind.name)
            for its_kind, id in ((_c.from_kind, _c.from_id), (_c.to_kind, _c.to_id))
        ]
        columns = [table.c.id, table.c[kind.name_field], table.c.tags, table.c.archived_at]
        query: Select[Any] = select(
            *columns, *([table.c.audience] if "audience" in table.c else [])
        )
        query = query.where(
            table.c.removed_at.is_(None), *kind.is_of_kind, table.c.id.in_(union(*of_kind))
        )
        for id, name, tags, archived_at, *audience in tx.execute(query):
            is_secret = audience == ["gm"]
            found.append(
                GraphThing(
                    kind.name, id, name, tuple(tags or ()), is_secret, archived_at is not None
                )
            )
    return found
