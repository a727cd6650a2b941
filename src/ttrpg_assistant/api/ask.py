"""Asking a campaign over HTTP: the evidence at once, and a model's answer held to it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, PathId, answer
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.search.answers import CampaignAnswers
from ttrpg_assistant.search.ask import AskCampaign

QUESTION_CHARACTERS = 500


class QuestionBody(Body):
    """What a game master asks of a campaign."""

    question: str = Field(min_length=1, max_length=QUESTION_CHARACTERS)


def ask_routes(ask: AskCampaign, answers: CampaignAnswers) -> Routes:
    """The operations of asking a campaign. Nothing is stored."""
    routes = Routes(tags=["search"], responses=dict(PROBLEMS))

    @routes.get("/api/campaigns/{campaign_id}/evidence", operation_id="gather_evidence")
    async def gather_evidence(
        campaign_id: PathId,
        q: Annotated[str, Query(min_length=1, max_length=QUESTION_CHARACTERS)],
    ) -> Response:
        """What the campaign holds on a question: quotes, who is named first and last, counts."""
        return answer(await ask.gather(campaign_id, q))

    @routes.post("/api/campaigns/{campaign_id}/answers", operation_id="ask_campaign")
    async def ask_campaign(campaign_id: PathId, body: QuestionBody) -> Response:
        """The answer of the model that answers now, with the quotes it rests on."""
        return answer(await answers.answer(campaign_id, body.question))

    return routes
