"""Tokens of other programs, over HTTP: made, listed, revoked. For the game master alone."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Query, Request, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, PathId, Text, Uuid, answer
from ttrpg_assistant.api.door_access import get_token
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.doors.model import NAME_CHARACTERS, SCOPES, Token, TokenScope
from ttrpg_assistant.doors.tokens import Tokens


class NewTokenBody(Body):
    """For which campaign a token is, what it is called, and what it may do."""

    campaign_id: Uuid
    name: Annotated[Text, Field(min_length=1, max_length=NAME_CHARACTERS)]
    scopes: Annotated[list[TokenScope], Field(min_length=1, max_length=len(SCOPES))]


def wire_token(token: Token) -> dict[str, Any]:
    """A token as it is sent: never with its secret."""
    found: dict[str, Any] = msgspec.to_builtins(token)
    return found


def token_routes(tokens: Tokens) -> Routes:
    """Every operation on tokens."""
    routes = Routes(tags=["tokens"], responses=dict(PROBLEMS))

    @routes.get("/api/tokens", operation_id="list_tokens")
    async def list_tokens(campaign_id: Annotated[Uuid | None, Query()] = None) -> Response:
        """The tokens of all campaigns, or of one, the newest first."""
        found = await tokens.list_all(campaign_id)
        return answer({"tokens": [wire_token(one) for one in found]})

    @routes.post("/api/tokens", operation_id="create_token", status_code=201)
    async def create_token(body: NewTokenBody) -> Response:
        """A token for another program. Its secret is in this answer alone."""
        made = await tokens.create(body.campaign_id, body.name, body.scopes)
        shown = {"token": wire_token(made.token), "secret": made.secret}
        made_now = answer(shown, 201)
        made_now.headers["Cache-Control"] = "no-store"
        return made_now

    @routes.delete("/api/tokens/{token_id}", operation_id="revoke_token")
    async def revoke_token(token_id: PathId) -> Response:
        """End a token: its next request is refused."""
        await tokens.revoke(token_id)
        return answer({"revoked": 1})

    @routes.get("/api/doors/token", operation_id="get_own_token")
    async def get_own_token(request: Request) -> Response:
        """What the token of this request is for, and what it may do."""
        return answer(wire_token(get_token(request)))

    return routes
