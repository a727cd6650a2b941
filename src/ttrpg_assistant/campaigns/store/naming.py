"""Things by their names: what a suggestion, a citation or a random table means by one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, or_, select

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.store.entities import is_live

MOST_FOUND = 5
"""More than one is too many already; a few let the note name them."""


def find_named(
    tx: Connection, kind: EntityKind[Any], campaign_id: str, name: str
) -> list[tuple[str, str]]:
    """The live things of this kind that have this name, alias or id: (id, name), at most
    `MOST_FOUND`. Case, accents and spaces are folded."""
    table, folded = kind.table, fold(name)
    if not folded:
        return []
    names = table.c.search_names
    is_named = or_(
        names == folded,
        names.startswith(folded + "\n", autoescape=True),
        names.endswith("\n" + folded, autoescape=True),
        names.contains("\n" + folded + "\n", autoescape=True),
        table.c.id == name.strip().lower(),
    )
    query = select(table.c.id, table.c[kind.name_field]).where(
        is_named, is_live(table), *kind.is_of_kind
    )
    owner = table.c.id if kind.name == "campaign" else table.c.campaign_id
    rows = tx.execute(query.where(owner == campaign_id).order_by(table.c.id).limit(MOST_FOUND))
    return [(str(row[0]), str(row[1])) for row in rows]
