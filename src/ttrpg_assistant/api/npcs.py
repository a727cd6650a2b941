"""NPCs over HTTP, and what each of them knows."""

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
from ttrpg_assistant.campaigns.npcs import Npcs


class RelationBody(Body):
    """How the NPC stands to somebody."""

    target: Text
    relation: Text = ""


class NpcFields(Body):
    """What an NPC is made of. `secrets` and `gm_notes` are for the GM's eyes only."""

    name: Text = ""
    aliases: Texts = Field(default_factory=list)
    role: Text = ""
    background: Text = ""
    personality: Text = ""
    appearance: Text = ""
    speaking_style: Text = ""
    sample_lines: Texts = Field(default_factory=list)
    mannerisms: Texts = Field(default_factory=list)
    never_says: Texts = Field(default_factory=list)
    voice_card: Texts = Field(default_factory=list)
    motivations: Text = ""
    connections: list[RelationBody] = Field(default_factory=list)
    location_id: Uuid | None = None
    status: Text = ""
    is_present: bool = False
    groups: Texts = Field(default_factory=list)
    secrets: list[SecretBody] = Field(default_factory=list)
    gm_notes: Text = ""


class NewNpcBody(NpcFields):
    """An NPC to be made. With an `id` of the caller's, repeating is harmless."""

    id: Uuid | None = None
    name: Text


class TellBody(Body):
    """A stored fact or a new text, and where it came from."""

    fact_id: Uuid | None = None
    text: Text | None = None
    told_by_npc_id: Uuid | None = None
    source_message_id: Uuid | None = None


def npc_routes(npcs: Npcs) -> APIRouter:
    """Every operation on NPCs."""
    routes = APIRouter(tags=["NPCs"], responses=dict(PROBLEMS))

    @routes.post("/api/campaigns/{campaign_id}/npcs", operation_id="create_npc", status_code=201)
    async def create_npc(campaign_id: PathId, body: NewNpcBody) -> Response:
        """A new NPC in the campaign."""
        return answer(await npcs.create(campaign_id, given(body, "id"), id=body.id), 201)

    @routes.get("/api/campaigns/{campaign_id}/npcs", operation_id="list_npcs")
    async def list_npcs(
        campaign_id: PathId,
        search: Search = "",
        archived: Archived = "no",
        location_id: Uuid | None = None,
        is_present: bool | None = None,
        after: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        """NPCs by name; `search` looks into aliases too."""
        wanted = {"location_id": location_id, "is_present": is_present}
        page = await npcs.list_all(
            campaign_id,
            search=search,
            archived=ARCHIVED[archived],
            filters={name: value for name, value in wanted.items() if value is not None},
            after=after,
            limit=limit,
        )
        return answer(wire_page("npcs", page))

    @routes.patch("/api/npcs/{npc_id}", operation_id="update_npc")
    async def update_npc(npc_id: PathId, body: Changing[NpcFields]) -> Response:
        """Change some fields; 409 with both versions when they were changed elsewhere."""
        return answer(await npcs.update(npc_id, body.revision, given(body.changes)))

    add_shared_routes(routes, npcs, "npc", "/api/npcs")

    @routes.get("/api/npcs/{npc_id}/knowledge", operation_id="list_npc_knowledge")
    async def list_npc_knowledge(
        npc_id: PathId, search: Search = "", after: Cursor = None, limit: Limit = 50
    ) -> Response:
        """What the NPC knows, newest first, and why: told, through a group, or public."""
        page = await npcs.list_knowledge(npc_id, search=search, after=after, limit=limit)
        return answer(wire_page("knowledge", page))

    @routes.post("/api/npcs/{npc_id}/knowledge", operation_id="tell_npc")
    async def tell_npc(npc_id: PathId, body: TellBody) -> Response:
        """Let the NPC know a stored fact, or a new one."""
        told = await npcs.tell(
            npc_id,
            fact_id=body.fact_id,
            text=body.text,
            told_by_npc_id=body.told_by_npc_id,
            source_message_id=body.source_message_id,
        )
        return answer(told)

    @routes.delete("/api/npcs/{npc_id}/knowledge/{fact_id}", operation_id="untell_npc")
    async def untell_npc(npc_id: PathId, fact_id: PathId) -> Response:
        """Take back that the NPC itself was told."""
        return answer(await npcs.untell(npc_id, fact_id))

    return routes
