"""SQL of finding by name: everything that has one, in every campaign.

Names of things of the world are compared folded (`search_names`); titles of conversations by the
letters as they are, in either case, and folded where they have more than plain letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.tables import campaigns, npcs
from ttrpg_assistant.conversations.tables import conversations
from ttrpg_assistant.script_words import fold_word
from ttrpg_assistant.search.forms import list_forms
from ttrpg_assistant.search.model import NamedKind, NameHit

_TALK: Mapping[str, NamedKind] = {"chat": "chat", "thread": "thread", "npc": "npc_talk"}
_c = conversations.c

MOST_TITLES = 1_000
"""Titles with other than plain letters that are looked through, the newest."""

_LEAST_BASE = 3
_MOST_ENDING = 4
"""Letters: of what is left of a name without its ending, and of the ending."""


def list_named(
    tx: Connection, query: str, *, near: str | None = None, limit: int = 8
) -> list[NameHit]:
    """At most `limit` of each kind: names that begin so first, then those of the campaign `near`.

    What was removed or archived is left out.
    """
    folded = fold(query)
    if not folded:
        return []
    found = _list_things(tx, folded, near, limit)
    if not found and (base := find_base(folded)) is not None:
        found = _list_things(tx, base, near, limit)
    talk = [row[:7] for row in tx.execute(_talk(query.strip(), near).limit(limit))]
    there = {row[1] for row in talk}
    if len(talk) < limit:
        titles = tx.execute(_decorated_talk(near, tx.dialect.name).limit(MOST_TITLES))
        talk += [row for row in titles if row[1] not in there and folded in fold(row[2])]
    found += [NameHit(_TALK[row[0]], *row[1:]) for row in talk[:limit]]
    return found


def _list_things(tx: Connection, folded: str, near: str | None, limit: int) -> list[NameHit]:
    return [
        NameHit(kind.name, *row)
        for kind in KINDS.values()
        for row in tx.execute(_things(kind, folded, near).limit(limit))
    ]


def find_base(folded: str) -> str | None:
    """What all forms of a name begin with, where it is nearly the whole of it: дракон of драконы.
    None for several words."""
    if " " in folded or len(folded) <= _LEAST_BASE:
        return None
    forms = [folded, *list_forms(fold_word(folded), ())]
    alike = zip(min(forms), max(forms), strict=False)
    base = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], alike))
    return base if max(_LEAST_BASE, len(folded) - _MOST_ENDING) <= len(base) < len(folded) else None


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


def _decorated_talk(near: str | None, engine: str) -> Select[Any]:
    """Talk whose title has more than plain letters: databases compare those as they are."""
    size = func.octet_length(_c.title)
    if engine == "sqlite":
        size = func.length(cast(_c.title, LargeBinary))
    return _talk("", near).where(size != func.length(_c.title))


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
