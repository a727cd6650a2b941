"""What other programs propose, over HTTP. The suggestion it makes is decided on by a person."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Text, Uuid, answer
from ttrpg_assistant.api.door_access import get_token
from ttrpg_assistant.api.entities import JsonObject
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.proposals import OutsideProposals
from ttrpg_assistant.suggestions.fields import LINE_CHARACTERS, NAME_CHARACTERS
from ttrpg_assistant.suggestions.model import Suggestion
from ttrpg_assistant.suggestions.outside import OutsideProposal


class ProposalBody(Body):
    """A proposal, under an id that the program has made."""

    id: Uuid
    kind: Annotated[Text, Field(min_length=1, max_length=40)]
    target: Annotated[Text, Field(min_length=1, max_length=NAME_CHARACTERS)] | None = None
    fields: JsonObject
    rationale: Annotated[Text, Field(max_length=LINE_CHARACTERS)] = ""
    base_revision: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    source: Annotated[Text, Field(max_length=NAME_CHARACTERS)] = ""


def wire_proposed(made: Suggestion, token: Token, id: str | None = None) -> dict[str, Any]:
    """A suggestion for the program that made it, by the `id` that it gave: what it found in the
    campaign is shown only to one that may read everything."""
    told: dict[str, Any] = {
        "id": id or made.id,
        "kind": made.kind,
        "title": made.title,
        "status": made.status,
        "created_at": made.created_at,
    }
    if "read:gm" in token.scopes:
        names = ("target_kind", "target_id", "target_name", "note", "base_revision")
        return told | {name: getattr(made, name) for name in names}
    return told | ({"status": "pending"} if made.status == "conflict" else {})


def outside_proposal_routes(proposals: OutsideProposals) -> Routes:
    """Proposing, for tokens."""
    routes = Routes(tags=["tokens"], responses=dict(PROBLEMS))

    @routes.post("/api/doors/proposals", operation_id="propose")
    async def propose(body: ProposalBody, request: Request) -> Response:
        """Propose a change, something new, a fact, a relation or a recap; the same again changes
        nothing and says what became of it."""
        token = get_token(request)
        asked = OutsideProposal(
            id=body.id,
            kind=body.kind,
            fields=body.fields,
            target=body.target,
            rationale=body.rationale,
            base_revision=body.base_revision,
            source=body.source,
        )
        return answer(wire_proposed(await proposals.propose(token, asked), token, body.id))

    return routes
