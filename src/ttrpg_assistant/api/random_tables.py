"""Rolls on random tables over HTTP."""

from __future__ import annotations

from fastapi import Response

from ttrpg_assistant.api.bodies import PROBLEMS, PathId, answer
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.campaigns.random_tables import RandomTables


def random_table_routes(tables: RandomTables) -> Routes:
    """The one operation that only random tables have."""
    routes = Routes(tags=["things"], responses=dict(PROBLEMS))

    @routes.post(
        "/api/campaigns/{campaign_id}/things/random_table/{thing_id}/roll",
        operation_id="roll_table",
    )
    async def roll_table(campaign_id: PathId, thing_id: PathId) -> Response:
        """Roll on the table, and on every table that the result leads to; nothing is stored."""
        return answer(await tables.roll(campaign_id, thing_id))

    return routes
