"""Plot points over HTTP."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Limit, PathId, Text, Uuid, answer
from ttrpg_assistant.api.entities import (
    ARCHIVED,
    Archived,
    Changing,
    Cursor,
    Search,
    add_shared_routes,
    given,
    wire_page,
)
from ttrpg_assistant.campaigns.model import EntityKindName, PlotPointAudience, PlotPointStatus
from ttrpg_assistant.campaigns.plot_points import PlotPoints


class RelatedBody(Body):
    """An entity that a plot point is about."""

    kind: EntityKindName
    id: Uuid


class PlotPointFields(Body):
    """What a plot point is made of. With audience ``gm`` all of it is for the GM's eyes only;
    `gm_notes` always are."""

    title: Text = ""
    description: Text = ""
    status: PlotPointStatus = "idea"
    is_open: bool = True
    audience: PlotPointAudience = "gm"
    gm_notes: Text = ""
    related: list[RelatedBody] = Field(default_factory=list)
    game_session_id: Uuid | None = None


class NewPlotPointBody(PlotPointFields):
    """A plot point to be made. With an `id` of the caller's, repeating is harmless."""

    id: Uuid | None = None
    title: Text


def plot_point_routes(plot_points: PlotPoints) -> APIRouter:
    """Every operation on plot points."""
    routes = APIRouter(tags=["plot points"], responses=dict(PROBLEMS))

    @routes.post(
        "/api/campaigns/{campaign_id}/plot-points",
        operation_id="create_plot_point",
        status_code=201,
    )
    async def create_plot_point(campaign_id: PathId, body: NewPlotPointBody) -> Response:
        """A new plot point in the campaign."""
        return answer(await plot_points.create(campaign_id, given(body, "id"), id=body.id), 201)

    @routes.get("/api/campaigns/{campaign_id}/plot-points", operation_id="list_plot_points")
    async def list_plot_points(
        campaign_id: PathId,
        search: Search = "",
        archived: Archived = "no",
        status: Literal["idea", "prepped", "happened", "retconned"] | None = None,
        is_open: bool | None = None,
        audience: Literal["gm", "public"] | None = None,
        game_session_id: Uuid | None = None,
        after: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        """Plot points by title."""
        wanted = {
            "status": status,
            "is_open": is_open,
            "audience": audience,
            "game_session_id": game_session_id,
        }
        page = await plot_points.list_all(
            campaign_id,
            search=search,
            archived=ARCHIVED[archived],
            filters={name: value for name, value in wanted.items() if value is not None},
            after=after,
            limit=limit,
        )
        return answer(wire_page("plot_points", page))

    @routes.patch("/api/plot-points/{plot_point_id}", operation_id="update_plot_point")
    async def update_plot_point(plot_point_id: PathId, body: Changing[PlotPointFields]) -> Response:
        """Change some fields; 409 with both versions when they were changed elsewhere."""
        return answer(await plot_points.update(plot_point_id, body.revision, given(body.changes)))

    add_shared_routes(routes, plot_points, "plot_point", "/api/plot-points")
    return routes
