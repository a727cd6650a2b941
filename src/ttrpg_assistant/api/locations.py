"""Locations over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Limit, PathId, Text, Uuid, answer
from ttrpg_assistant.api.entities import (
    ARCHIVED,
    Archived,
    Changing,
    Cursor,
    Search,
    SecretBody,
    Texts,
    add_shared_routes,
    given,
    wire_page,
)
from ttrpg_assistant.campaigns.locations import Locations


class LocationFields(Body):
    """What a location is made of. `secrets` and `gm_notes` are for the GM's eyes only."""

    name: Text = ""
    aliases: Texts = Field(default_factory=list)
    kind: Text = ""
    description: Text = ""
    features: Texts = Field(default_factory=list)
    parent_id: Uuid | None = None
    is_present: bool = False
    secrets: list[SecretBody] = Field(default_factory=list)
    gm_notes: Text = ""


class NewLocationBody(LocationFields):
    """A location to be made. With an `id` of the caller's, repeating is harmless."""

    id: Uuid | None = None
    name: Text


def location_routes(locations: Locations) -> APIRouter:
    """Every operation on locations."""
    routes = APIRouter(tags=["locations"], responses=dict(PROBLEMS))

    @routes.post(
        "/api/campaigns/{campaign_id}/locations", operation_id="create_location", status_code=201
    )
    async def create_location(campaign_id: PathId, body: NewLocationBody) -> Response:
        """A new location in the campaign."""
        return answer(await locations.create(campaign_id, given(body, "id"), id=body.id), 201)

    @routes.get("/api/campaigns/{campaign_id}/locations", operation_id="list_locations")
    async def list_locations(
        campaign_id: PathId,
        search: Search = "",
        archived: Archived = "no",
        parent_id: Uuid | None = None,
        is_present: bool | None = None,
        after: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        """Locations by name; `search` looks into aliases too."""
        wanted = {"parent_id": parent_id, "is_present": is_present}
        page = await locations.list_all(
            campaign_id,
            search=search,
            archived=ARCHIVED[archived],
            filters={name: value for name, value in wanted.items() if value is not None},
            after=after,
            limit=limit,
        )
        return answer(wire_page("locations", page))

    @routes.patch("/api/locations/{location_id}", operation_id="update_location")
    async def update_location(location_id: PathId, body: Changing[LocationFields]) -> Response:
        """Change some fields; 409 with both versions when they were changed elsewhere."""
        return answer(await locations.update(location_id, body.revision, given(body.changes)))

    add_shared_routes(routes, locations, "location", "/api/locations")
    return routes
