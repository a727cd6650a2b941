"""Search over HTTP, and opening a hit among what was said around it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from ttrpg_assistant.api.bodies import PROBLEMS, UUID_PATTERN, PathId, answer
from ttrpg_assistant.conversations.model import ConversationKind, Purpose, Role
from ttrpg_assistant.search.model import Filters, Order
from ttrpg_assistant.search.search import Search

_Id = Annotated[str | None, Query(pattern=UUID_PATTERN)]
_Asked = Annotated[str, Query(min_length=1, max_length=500)]
_Cursor = Annotated[str | None, Query(max_length=64)]
_Date = Annotated[str | None, Query(max_length=27)]


def search_routes(search: Search) -> APIRouter:
    """Every operation of search."""
    routes = APIRouter(tags=["search"], responses=dict(PROBLEMS))

    @routes.get("/api/search", operation_id="search_everything")
    async def search_everything(
        q: _Asked,
        order: Order = "newest",
        campaign_id: _Id = None,
        kind: ConversationKind | None = None,
        npc_id: _Id = None,
        purpose: Purpose | None = None,
        role: Role | None = None,
        since: Annotated[_Date, Query(alias="from")] = None,
        until: Annotated[_Date, Query(alias="to")] = None,
        archived: bool = False,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        before: _Cursor = None,
    ) -> Response:
        """What was said, and what is written of the world, with these words."""
        filters = Filters(
            campaign_id=campaign_id.lower() if campaign_id else None,
            kind=kind,
            npc_id=npc_id.lower() if npc_id else None,
            purpose=purpose,
            role=role,
            since=since,
            until=until,
            with_archived=archived,
        )
        return answer(await search.search(q, filters, order=order, limit=limit, before=before))

    @routes.get("/api/names", operation_id="list_named")
    async def list_named(
        q: _Asked, near: _Id = None, limit: Annotated[int, Query(ge=1, le=50)] = 8
    ) -> Response:
        """What goes by this name, in any campaign; those of the campaign `near` come first."""
        found = await search.list_named(q, near=near.lower() if near else None, limit=limit)
        return answer({"named": found})

    @routes.get("/api/messages/{message_id}/around", operation_id="open_search_hit")
    async def open_search_hit(
        message_id: PathId, limit: Annotated[int, Query(ge=3, le=500)] = 60
    ) -> Response:
        """A message among its neighbours, in its own branch."""
        return answer(await search.open_hit(message_id, limit=limit))

    return routes
