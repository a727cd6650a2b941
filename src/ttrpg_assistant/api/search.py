"""Search over HTTP, and opening a hit among what was said around it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from ttrpg_assistant.api.bodies import PROBLEMS, UUID_PATTERN, Limit, PathId, Seq, answer
from ttrpg_assistant.api.chat_sessions import check_one_direction
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.api.ports import Proposals
from ttrpg_assistant.api.proposal_pages import page_with_proposals
from ttrpg_assistant.conversations.model import ConversationKind, MessagePage, Role
from ttrpg_assistant.prompts.purposes import Purpose
from ttrpg_assistant.search.in_conversation import InConversation
from ttrpg_assistant.search.model import Around, Filters, Order
from ttrpg_assistant.search.search import Search

_Id = Annotated[str | None, Query(pattern=UUID_PATTERN)]
_Asked = Annotated[str, Query(min_length=1, max_length=500)]
_Cursor = Annotated[str | None, Query(max_length=64)]
_Date = Annotated[str | None, Query(max_length=27)]


def search_routes(search: Search, inside: InConversation, proposals: Proposals) -> Routes:
    """Every operation of search."""
    routes = Routes(tags=["search"], responses=dict(PROBLEMS))

    @routes.get("/api/search", operation_id="search_everything")
    async def search_everything(
        q: _Asked,
        order: Order = "newest",
        campaign_id: _Id = None,
        conversation_id: _Id = None,
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
            conversation_id=conversation_id.lower() if conversation_id else None,
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
        message_id: PathId, limit: Annotated[int, Query(ge=3, le=500)] = 60, within: _Id = None
    ) -> Response:
        """A message among its neighbours, in its own branch."""
        around = await search.open_hit(
            message_id, limit=limit, within=within.lower() if within else None
        )
        page = MessagePage(around.messages, around.has_older, None, None, around.siblings)
        with_proposals = await page_with_proposals(proposals, page)
        if isinstance(with_proposals, MessagePage):
            return answer(around)
        told = {name: getattr(around, name) for name in Around.__dataclass_fields__}
        return answer({**told, "messages": with_proposals["messages"]})

    @routes.get("/api/messages/{message_id}/branch", operation_id="list_branch_messages")
    async def list_branch_messages(
        message_id: PathId, limit: Limit = 50, before: Seq = None, after: Seq = None
    ) -> Response:
        """The talk that ends with this message, whether its branch is the active one or not."""
        check_one_direction(before, after)
        page = await inside.list_branch(message_id, limit=limit, before=before, after=after)
        return answer(await page_with_proposals(proposals, page))

    @routes.get("/api/conversations/{conversation_id}/find", operation_id="find_in_conversation")
    async def find_in_conversation(conversation_id: PathId, q: _Asked) -> Response:
        """Which messages of a conversation have these words, oldest first."""
        return answer(await inside.find(conversation_id, q))

    @routes.get("/api/conversations/{conversation_id}/day", operation_id="open_day")
    async def open_day(
        conversation_id: PathId,
        since: Annotated[str, Query(alias="from", max_length=27)],
        until: Annotated[_Date, Query(alias="to")] = None,
    ) -> Response:
        """Where a day of a conversation begins."""
        return answer(await inside.open_day(conversation_id, since, until))

    return routes
