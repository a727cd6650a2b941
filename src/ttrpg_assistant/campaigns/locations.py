"""Locations: the places of a campaign. `parent_id` says within which other place one lies."""

from __future__ import annotations

from ttrpg_assistant.campaigns.entities import Entities
from ttrpg_assistant.campaigns.kinds.location import KIND as LOCATION
from ttrpg_assistant.campaigns.model import Location


class Locations(Entities[Location]):
    """Locations. A place that lies within a removed one stays."""

    kind = LOCATION
