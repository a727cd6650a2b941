"""Rolling on the random tables of a campaign."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.kinds.random_table import KIND as RANDOM_TABLE
from ttrpg_assistant.campaigns.model import Thing
from ttrpg_assistant.campaigns.random_rolls import (
    RandomTable,
    RolledResult,
    read_table,
    roll_on,
)
from ttrpg_assistant.campaigns.store.entities import find_entity, get_entity
from ttrpg_assistant.campaigns.store.listing import list_entities
from ttrpg_assistant.campaigns.store.naming import find_named
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.storage.database import Database

SHORTEST_PART = 3
"""Characters of a part of a name that a table is found by."""


class RandomTables:
    """The random tables of campaigns, as they are rolled on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def roll(self, campaign_id: str, table_id: str) -> RolledResult:
        """Roll on a table and on those its result leads to. Nothing is stored.

        Raises `NotFound`, and `InvalidInput` for an empty table or dice that cannot be read.
        """

        def work(tx: Connection) -> RolledResult:
            table = get_entity(tx, RANDOM_TABLE, table_id)
            if table.campaign_id != campaign_id:
                raise NotFound("There is no such random table.", facts={"id": table_id})
            return roll_on(_read(table), lambda name: find_table(tx, campaign_id, name))

        return await self._database.read(work)


def find_table(tx: Connection, campaign_id: str, name: str) -> RandomTable | None:
    """The one random table of this name or alias, or None."""
    found = find_named(tx, RANDOM_TABLE, campaign_id, name)
    table = find_entity(tx, RANDOM_TABLE, found[0][0]) if len(found) == 1 else None
    return None if table is None else _read(table)


def find_table_by_part(tx: Connection, campaign_id: str, part: str) -> RandomTable | None:
    """The one random table in use that has this in its name or an alias; None where there are
    several."""
    if len(fold(part)) < SHORTEST_PART:
        return None
    page = list_entities(tx, RANDOM_TABLE, campaign_id, search=part, limit=2)
    return _read(page.items[0]) if len(page.items) == 1 else None


def _read(table: Thing) -> RandomTable:
    read = read_table(table.name, str(table.more["dice"]), str(table.more["entries"]))
    return replace(read, id=table.id)
