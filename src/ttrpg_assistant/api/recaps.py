"""Recaps of game sessions over HTTP: drafts only; `update_game_session` keeps them."""

from __future__ import annotations

from typing import Literal

from fastapi import Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, PathId, answer
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.conversations.recaps import Recaps


class RecapDraftBody(Body):
    """Who the recap is for."""

    reader: Literal["gm", "players"] = Field(
        description="`players`: made only from notes and events that players may know."
    )


def recap_routes(recaps: Recaps) -> Routes:
    """The operation on recaps."""
    routes = Routes(tags=["game sessions"], responses=dict(PROBLEMS))

    @routes.post("/api/game-sessions/{game_session_id}/recap-drafts", operation_id="draft_recap")
    async def draft_recap(game_session_id: PathId, body: RecapDraftBody) -> Response:
        """A recap to be edited, by the model that answers now. Nothing is stored."""
        draft = recaps.draft_for_gm if body.reader == "gm" else recaps.draft_for_players
        return answer(await draft(game_session_id))

    return routes
