"""Rolling on the random tables of a campaign."""

from __future__ import annotations

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.kinds.random_table import KIND as RANDOM_TABLE
from ttrpg_assistant.campaigns.model import Thing
from ttrpg_assistant.campaigns.random_rolls import (
    RandomTable,
    RolledResult,
    read_table,
    roll_on,
)
from ttrpg_assistant.campaigns.store.entities import find_entity, get_entity
from ttrpg_assistant.campaigns.store.naming import find_named
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.storage.database import Database


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
            return roll_on(_read(table), lambda name: _find(tx, campaign_id, name))

        return await self._database.read(work)


def _find(tx: Connection, campaign_id: str, name: str) -> RandomTable | None:
    found = find_named(tx, RANDOM_TABLE, campaign_id, name)
    table = find_entity(tx, RANDOM_TABLE, found[0][0]) if len(found) == 1 else None
    return None if table is None else _read(table)


def _read(table: Thing) -> RandomTable:
    return read_table(table.name, str(table.more["dice"]), str(table.more["entries"]))
