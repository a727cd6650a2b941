"""SQL of finding by name: everything that has one, in every campaign.

Names of things of the world are compared folded (`search_names`); titles of conversations by the
letters as they are, in either case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, literal, null, or_, select

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.tables import campaigns, npcs
from ttrpg_assistant.conversations.tables import conversations
from ttrpg_assistant.search.model import NamedKind, NameHit

_TALK: Mapping[str, NamedKind] = {"chat": "chat", "thread": "thread", "npc": "npc_talk"}
_c = conversations.c


def list_named(
    tx: Connection, query: str, *, near: str | None = None, limit: int = 8
) -> list[NameHit]:
    """At most `limit` of each kind: names that begin so first, then those of the campaign `near`.

    What was removed or archived is left out.
    """
    folded = fold(query)
    if not folded:
        return []
    found = []
    for kind in KINDS.values():
        rows = tx.execute(_things(kind, folded, near).limit(limit))
        found += [NameHit(kind.name, *row) for row in rows]
    for row in tx.execute(_talk(query.strip(), near).limit(limit)):
        found.append(NameHit(_TALK[row[0]], *row[1:]))
    return found


def _things(kind: EntityKind[Any], folded: str, near: str | None) -> Select[Any]:
    table = kind.table
    names = table.c.search_names
    is_campaign = table is campaigns
    campaign = campaigns if is_campaign else campaigns.alias()
    is_here = campaign.c.id == (near or "")
    number = table.c.session_number if "session_number" in table.c else null()
    query: Select[Any] = select(
        table.c.id, table.c[kind.name_field], campaign.c.id, campaign.c.name, null(), number
    )
    if not is_campaign:
        query = query.join(campaign, campaign.c.id == table.c.campaign_id)
        query = query.where(campaign.c.removed_at.is_(None))
    begins = or_(
        names.startswith(folded, autoescape=True), names.contains("\n" + folded, autoescape=True)
    )
    return query.where(
        names.contains(folded, autoescape=True),
        *kind.is_of_kind,
        table.c.removed_at.is_(None),
        table.c.archived_at.is_(None),
    ).order_by(_first(begins), _first(is_here), names, table.c.id)


def _talk(query: str, near: str | None) -> Select[Any]:
    found: Select[Any] = select(
        _c.kind, _c.id, _c.title, campaigns.c.id, campaigns.c.name, npcs.c.id, null()
    )
    return (
        found.select_from(conversations)
        .outerjoin(
            campaigns, (campaigns.c.id == _c.campaign_id) & (campaigns.c.removed_at.is_(None))
        )
        .outerjoin(npcs, (npcs.c.id == _c.npc_id) & (npcs.c.removed_at.is_(None)))
        .where(
            _c.title.icontains(query, autoescape=True),
            _c.removed_at.is_(None),
            or_(_c.archived_at.is_(None), _c.kind == "chat"),
        )
        .order_by(
            _first(_c.title.istartswith(query, autoescape=True)),
            _first(_c.campaign_id == literal(near or "")),
            _c.updated_at.desc(),
            _c.id,
        )
    )


def _first(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 0), else_=1)
