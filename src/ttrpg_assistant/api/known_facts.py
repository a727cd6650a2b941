"""Facts and who knows them, over HTTP."""

from __future__ import annotations

from fastapi import Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Limit, PathId, Text, Uuid, answer
from ttrpg_assistant.api.entities import Changing, Cursor, Search, given, wire_page
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.campaigns.known_facts import KnownFacts
from ttrpg_assistant.campaigns.model import Canon, FactAudience


class FactFields(Body):
    """A fact and its audience. With audience ``gm`` it is for the GM's eyes only, with ``party``
    the party and those listed know it, with ``characters``, ``npcs`` or ``group`` those listed. One
    that `is_false` is believed by those who know it, and is not so."""

    text: Text = ""
    audience: FactAudience = "gm"
    npc_ids: list[Uuid] = Field(default_factory=list)
    character_ids: list[Uuid] = Field(default_factory=list)
    groups: list[Text] = Field(default_factory=list)
    canon: Canon = "happened"
    game_session_id: Uuid | None = None
    is_false: bool = False
    source_message_id: Uuid | None = None


class NewFactBody(FactFields):
    """A fact to be kept. Without an audience its listeners know it, and with none nobody does."""

    id: Uuid | None = None
    text: Text


def known_fact_routes(facts: KnownFacts) -> Routes:
    """Every operation on facts."""
    routes = Routes(tags=["facts"], responses=dict(PROBLEMS))

    @routes.post("/api/campaigns/{campaign_id}/facts", operation_id="add_fact", status_code=201)
    async def add_fact(campaign_id: PathId, body: NewFactBody) -> Response:
        """A new fact about the world."""
        return answer(await facts.add(campaign_id, given(body, "id"), id=body.id), 201)

    @routes.get("/api/campaigns/{campaign_id}/facts", operation_id="list_fact_audience")
    async def list_fact_audience(
        campaign_id: PathId,
        search: Search = "",
        audience: FactAudience | None = None,
        canon: Canon | None = None,
        game_session_id: Uuid | None = None,
        after: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        """Facts that hold every word of `search`, newest first, each with who knows it."""
        page = await facts.list_all(
            campaign_id,
            search=search,
            audience=audience,
            canon=canon,
            game_session_id=game_session_id,
            after=after,
            limit=limit,
        )
        return answer(wire_page("facts", page))

    @routes.get("/api/facts/{fact_id}", operation_id="get_fact")
    async def get_fact(fact_id: PathId) -> Response:
        """A fact with its listeners."""
        return answer(await facts.get(fact_id))

    @routes.patch("/api/facts/{fact_id}", operation_id="update_fact")
    async def update_fact(fact_id: PathId, body: Changing[FactFields]) -> Response:
        """Change text or audience; lists of listeners replace the ones before; 409 when stale."""
        return answer(await facts.update(fact_id, body.revision, given(body.changes)))

    @routes.delete("/api/facts/{fact_id}", operation_id="delete_fact")
    async def delete_fact(fact_id: PathId) -> Response:
        """Delete a fact; undoable for 30 days."""
        return answer(await facts.remove(fact_id))

    return routes
