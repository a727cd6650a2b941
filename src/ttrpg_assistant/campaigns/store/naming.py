"""Things by their names: what a suggestion, a citation or a random table means by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, false, or_, select

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.campaigns.store.entities import is_live

MOST_FOUND = 5
"""More than one is too many already; a few let the note name them."""


def find_named(
    tx: Connection, kind: EntityKind[Any], campaign_id: str, name: str
) -> list[tuple[str, str]]:
    """The live things of this kind that have this name, alias or id: (id, name), at most
    `MOST_FOUND`. Case, accents and spaces are folded."""
    table = kind.table
    if not fold(name):
        return []
    query = select(table.c.id, table.c[kind.name_field]).where(
        is_called(kind, name), is_live(table), *kind.is_of_kind
    )
    owner = table.c.id if kind.name == "campaign" else table.c.campaign_id
    rows = tx.execute(query.where(owner == campaign_id).order_by(table.c.id).limit(MOST_FOUND))
    return [(str(row[0]), str(row[1])) for row in rows]


def is_called(kind: EntityKind[Any], name: str) -> ColumnElement[bool]:
    """The condition that a thing of this kind has this name, alias or id, folded; nothing has a
    name of no letters."""
    table, folded = kind.table, fold(name)
    if not folded:
        return false()
    names = table.c.search_names
    return or_(
        names == folded,
        names.startswith(folded + "\n", autoescape=True),
        names.endswith("\n" + folded, autoescape=True),
        names.contains("\n" + folded + "\n", autoescape=True),
        table.c.id == name.strip().lower(),
    )


@dataclass(frozen=True, slots=True)
class SpelledName:
    """A thing that can have aliases, as it is spelled; `player` is who plays a character."""

    kind: str
    id: str
    name: str
    aliases: tuple[str, ...]
    player: str


def list_spelled_names(tx: Connection, campaign_id: str) -> list[SpelledName]:
    """The names of the campaign's live things that can have aliases, as they are spelled."""
    found: list[SpelledName] = []
    for kind in list_things():
        table = kind.table
        if "aliases" not in table.c or "aliases" not in kind.fields:
            continue
        query = select(table.c.id, table.c[kind.name_field], table.c.aliases, table.c.more).where(
            table.c.campaign_id == campaign_id, is_live(table), *kind.is_of_kind
        )
        for id, name, aliases, more in tx.execute(query.order_by(table.c.id)):
            player = more.get("player") if isinstance(more, dict) else None
            spelled = tuple(one for one in aliases or () if isinstance(one, str))
            found.append(
                SpelledName(kind.name, id, name, spelled, player if isinstance(player, str) else "")
            )
    return found
