"""The services of the campaign room, on each database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.campaigns.game_sessions import GameSessions
from ttrpg_assistant.campaigns.known_facts import KnownFacts
from ttrpg_assistant.campaigns.locations import Locations
from ttrpg_assistant.campaigns.model import Campaign
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.campaigns.plot_points import PlotPoints
from ttrpg_assistant.campaigns.relations import Relations
from ttrpg_assistant.campaigns.store.entities import plain_values
from ttrpg_assistant.campaigns.things import Things
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database


@dataclass(frozen=True)
class World:
    """The services over one database, and a campaign to work in."""

    database: Database
    changes: Changes
    campaigns: Campaigns
    game_sessions: GameSessions
    npcs: Npcs
    locations: Locations
    plot_points: PlotPoints
    facts: KnownFacts
    things: Things
    relations: Relations
    campaign: Campaign

    @property
    def campaign_id(self) -> str:
        """The campaign's id."""
        return self.campaign.id

    def plain(self, thing: Any) -> dict[str, Any]:
        """A thing as it is sent."""
        return plain_values(thing)


@pytest.fixture
async def world(database: Database) -> World:
    changes = Changes()
    parts = (database, changes, add_removal)
    campaigns = Campaigns(*parts)
    campaign = await campaigns.create(None, {"name": "The Salt Road", "system": "Our own"})
    return World(
        database,
        changes,
        campaigns,
        GameSessions(*parts),
        Npcs(*parts),
        Locations(*parts),
        PlotPoints(*parts),
        KnownFacts(*parts),
        Things(*parts, {}),
        Relations(*parts),
        campaign,
    )
