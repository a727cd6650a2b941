"""NPCs over HTTP, and what each of them knows."""

from __future__ import annotations

from fastapi import Response

from ttrpg_assistant.api.bodies import Body, Limit, PathId, Text, Uuid, answer
from ttrpg_assistant.api.entities import (
    Cursor,
    Search,
    wire_page,
)
from ttrpg_assistant.api.kind_routes import kind_routes
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.campaigns.npcs import Npcs


class TellBody(Body):
    """A stored fact or a new text, and where it came from."""

    fact_id: Uuid | None = None
    text: Text | None = None
    told_by_npc_id: Uuid | None = None
    source_message_id: Uuid | None = None


def npc_routes(npcs: Npcs) -> Routes:
    """Every operation on NPCs."""
    routes = kind_routes(npcs)

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
