"""A campaign for a Foundry world: its documents, and proposals made of documents, for tokens."""

from __future__ import annotations

from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Text, answer
from ttrpg_assistant.api.door_access import get_token
from ttrpg_assistant.api.entities import JsonObject
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.api.outside_proposals import wire_proposed
from ttrpg_assistant.doors.foundry import FoundryDoor
from ttrpg_assistant.suggestions.fields import LINE_CHARACTERS


class DocumentBody(Body):
    """A document as Foundry exports it, and what a new thing is to be."""

    document: JsonObject
    kind: Annotated[Text, Field(min_length=1, max_length=40)] | None = None
    why: Annotated[Text, Field(max_length=LINE_CHARACTERS)] = ""


def foundry_routes(door: FoundryDoor) -> Routes:
    """What the Foundry module asks besides what every program may."""
    routes = Routes(tags=["doors"], responses=dict(PROBLEMS))

    @routes.get("/api/doors/foundry", operation_id="list_foundry_documents")
    async def list_foundry_documents(request: Request) -> Response:
        """The campaign as documents of Foundry, as its export has them, but for pictures."""
        return answer(await door.list_documents(get_token(request)))

    @routes.post("/api/doors/foundry/proposals", operation_id="propose_foundry_document")
    async def propose_foundry_document(body: DocumentBody, request: Request) -> Response:
        """Propose what a document says: what was changed in one that was pulled, or a new thing."""
        token = get_token(request)
        made = await door.propose(token, body.document, body.kind, body.why)
        return answer({"suggestion": None if made is None else wire_proposed(made, token)})

    return routes
