"""Campaigns: the worlds a game master keeps here."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.entities import Entities
from ttrpg_assistant.campaigns.model import Campaign
from ttrpg_assistant.campaigns.store import entities
from ttrpg_assistant.campaigns.store.kinds import CAMPAIGN, KINDS


class Campaigns(Entities[Campaign]):
    """Campaigns. Deleting one hides everything in it; undoing that brings all of it back."""

    kind = CAMPAIGN

    async def count_contents(self, campaign_id: str) -> Mapping[str, int]:
        """How many of each kind are in use in the campaign. Raises `NotFound`."""

        def work(tx: Connection) -> dict[str, int]:
            entities.check_campaign(tx, campaign_id)
            return _count(tx, campaign_id)

        return await self._database.read(work)

    def _count_removed(self, tx: Connection, id: str) -> int:
        return 1 + sum(_count(tx, id).values())


def _count(tx: Connection, campaign_id: str) -> dict[str, int]:
    return {
        kind.name: entities.count_entities(tx, kind, campaign_id)
        for kind in KINDS.values()
        if kind is not CAMPAIGN
    }
