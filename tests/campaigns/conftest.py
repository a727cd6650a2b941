"""The services of the campaign room, on each database."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.campaigns.game_sessions import GameSessions
from ttrpg_assistant.campaigns.known_facts import KnownFacts
from ttrpg_assistant.campaigns.locations import Locations
from ttrpg_assistant.campaigns.model import Campaign
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.campaigns.plot_points import PlotPoints
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database


@dataclass(frozen=True)
class World:
    """The six services over one database, and a campaign to work in."""

    database: Database
    changes: Changes
    campaigns: Campaigns
    game_sessions: GameSessions
    npcs: Npcs
    locations: Locations
    plot_points: PlotPoints
    facts: KnownFacts
    campaign: Campaign


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
        campaign,
    )
