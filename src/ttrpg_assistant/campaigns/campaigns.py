"""Campaigns: the worlds a game master keeps here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.entities import Entities
from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.model import Campaign
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store import entities
from ttrpg_assistant.storage.preferences import find_preference, put_preference

NextStep = Literal["npc", "plan", "model", "start"]
"""What the page suggests to do next in a campaign: a first NPC, a plan, a model, a game session."""


class Campaigns(Entities[Campaign]):
    """Campaigns. Deleting one hides everything in it; undoing that brings all of it back."""

    kind = CAMPAIGN

    async def count_contents(self, campaign_id: str) -> Mapping[str, int]:
        """How many of each kind are in use in the campaign. Raises `NotFound`."""

        def work(tx: Connection) -> dict[str, int]:
            entities.check_campaign(tx, campaign_id)
            return _count(tx, campaign_id)

        return await self._database.read(work)

    async def list_dismissed_steps(self, campaign_id: str) -> tuple[NextStep, ...]:
        """The next steps that are suggested no more for this campaign, on any device."""
        return await self._database.read(lambda tx: _list_dismissed(tx, campaign_id))

    async def dismiss_step(self, campaign_id: str, step: NextStep) -> tuple[NextStep, ...]:
        """Suggest a step no more; dismissing it twice changes nothing. All that are dismissed now.

        Raises `NotFound`.
        """

        def work(tx: Connection) -> tuple[NextStep, ...]:
            entities.check_campaign(tx, campaign_id)
            dismissed = _list_dismissed(tx, campaign_id)
            if step not in dismissed:
                dismissed = (*dismissed, step)
                put_preference(tx, _dismissed_key(campaign_id), list(dismissed))
            return dismissed

        return await self._changes.write(
            self._database, work, lambda _: [("campaign", {"id": campaign_id})]
        )

    def _count_removed(self, tx: Connection, id: str) -> int:
        return 1 + sum(_count(tx, id).values())


def _dismissed_key(campaign_id: str) -> str:
    return f"dismissed_steps.{campaign_id}"


def _list_dismissed(tx: Connection, campaign_id: str) -> tuple[NextStep, ...]:
    return tuple(find_preference(tx, _dismissed_key(campaign_id)) or ())


def _count(tx: Connection, campaign_id: str) -> dict[str, int]:
    return {
        kind.name: entities.count_entities(tx, kind, campaign_id)
        for kind in KINDS.values()
        if kind is not CAMPAIGN
    }
