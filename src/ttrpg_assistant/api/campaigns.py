"""Campaigns over HTTP, and the sample campaign."""

from __future__ import annotations

import msgspec
from fastapi import Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Limit, PathId, Text, Uuid, answer
from ttrpg_assistant.api.entities import (
    ARCHIVED,
    Archived,
    Changing,
    Cursor,
    JsonObject,
    Search,
    add_shared_routes,
    answer_one,
    answer_page,
    given,
)
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.campaigns.campaigns import Campaigns, NextStep
from ttrpg_assistant.campaigns.sample.load import SampleCampaign


class CampaignFields(Body):
    """What a campaign is made of. `gm_notes` is for the GM's eyes only."""

    name: Text = ""
    system: Text = ""
    setting: Text = ""
    description: Text = ""
    world_state: JsonObject = Field(default_factory=dict)
    house_rules: JsonObject = Field(default_factory=dict)
    gm_notes: Text = ""


class NewCampaignBody(CampaignFields):
    """A campaign to be made. With an `id` of the caller's, repeating is harmless."""

    id: Uuid | None = None
    name: Text


class DismissedStepBody(Body):
    """A step that is not to be suggested any more."""

    step: NextStep


def campaign_routes(campaigns: Campaigns, sample: SampleCampaign) -> Routes:
    """Every operation on campaigns as a whole."""
    routes = Routes(tags=["campaigns"], responses=dict(PROBLEMS))

    @routes.post("/api/campaigns", operation_id="create_campaign", status_code=201)
    async def create_campaign(body: NewCampaignBody) -> Response:
        """A new campaign."""
        return answer_one(await campaigns.create(None, given(body, "id"), id=body.id), 201)

    @routes.get("/api/campaigns", operation_id="list_campaigns")
    async def list_campaigns(
        search: Search = "", archived: Archived = "no", after: Cursor = None, limit: Limit = 50
    ) -> Response:
        """Campaigns by name."""
        page = await campaigns.list_all(
            search=search, archived=ARCHIVED[archived], after=after, limit=limit
        )
        return answer_page("campaigns", page)

    @routes.get("/api/campaigns/{campaign_id}", operation_id="get_campaign")
    async def get_campaign(campaign_id: PathId) -> Response:
        """One campaign, how many of each kind it holds, and which next steps were dismissed."""
        campaign = await campaigns.get(campaign_id)
        counts = await campaigns.count_contents(campaign_id)
        dismissed = await campaigns.list_dismissed_steps(campaign_id)
        more = {"counts": counts, "dismissed_steps": dismissed}
        return answer({**msgspec.to_builtins(campaign), **more})

    @routes.post("/api/campaigns/{campaign_id}/dismissed-steps", operation_id="dismiss_next_step")
    async def dismiss_next_step(campaign_id: PathId, body: DismissedStepBody) -> Response:
        """Suggest a next step no more for this campaign; twice is harmless."""
        dismissed = await campaigns.dismiss_step(campaign_id, body.step)
        return answer({"dismissed_steps": dismissed})

    @routes.patch("/api/campaigns/{campaign_id}", operation_id="update_campaign")
    async def update_campaign(campaign_id: PathId, body: Changing[CampaignFields]) -> Response:
        """Change some fields; 409 with both versions when they were changed elsewhere."""
        return answer_one(await campaigns.update(campaign_id, body.revision, given(body.changes)))

    add_shared_routes(routes, campaigns, "campaign", "/api/campaigns")

    @routes.post("/api/sample-campaign", operation_id="load_sample_campaign")
    async def load_sample_campaign() -> Response:
        """Load the sample campaign; loaded before, it is given as it is."""
        return answer(await sample.load())

    @routes.delete("/api/sample-campaign", operation_id="remove_sample_campaign")
    async def remove_sample_campaign() -> Response:
        """Take the sample campaign out, undoable."""
        return answer(await sample.remove())

    return routes
