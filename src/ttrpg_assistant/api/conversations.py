"""Conversations of every kind over HTTP: how they are found, and what they are called."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Query, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import (
    PROBLEMS,
    Body,
    ConversationCursor,
    Limit,
    PathId,
    Text,
    Uuid,
    answer,
)
from ttrpg_assistant.api.chat_sessions import wire_chat
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.conversations.model import TITLE_CHARACTERS, Conversation, ConversationKind
from ttrpg_assistant.conversations.store.listing import ConversationFilter, Listed
from ttrpg_assistant.conversations.titles import Titles


class TitleBody(Body):
    """What a conversation is to be called."""

    title: Annotated[Text, Field(min_length=1, max_length=TITLE_CHARACTERS)]


def conversation_routes(titles: Titles) -> Routes:
    """What is the same for chats, threads and talk with NPCs."""
    routes = Routes(tags=["conversations"], responses=dict(PROBLEMS))

    @routes.get("/api/conversations", operation_id="list_conversations")
    async def list_conversations(
        kind: ConversationKind | None = None,
        campaign_id: Annotated[Uuid | None, Query()] = None,
        game_session_id: Annotated[Uuid | None, Query()] = None,
        unlinked: bool = False,
        include_open: bool = False,
        query: Annotated[str, Query(max_length=200)] = "",
        limit: Limit = 50,
        before: ConversationCursor = None,
    ) -> Response:
        """Conversations in which something was said, the latest first, found by title and first
        line; with `include_open`, chats that are active too."""
        only = ConversationFilter(kind, campaign_id, game_session_id, unlinked, include_open, query)
        found, has_more = await titles.list_conversations(only, limit=limit, before=before)
        return answer(
            {
                "conversations": [_wire(one) for one in found],
                "has_more": has_more,
                "next_cursor": found[-1].cursor if has_more else None,
            }
        )

    @routes.patch("/api/conversations/{conversation_id}", operation_id="rename_conversation")
    async def rename_conversation(conversation_id: PathId, body: TitleBody) -> Response:
        """Call a conversation something else; nothing renames it by itself after that."""
        return answer(_wire_own(await titles.rename(conversation_id, body.title)))

    return routes


def _wire_own(conversation: Conversation) -> dict[str, Any]:
    if conversation.kind == "chat":
        return wire_chat(conversation)
    plain: dict[str, Any] = msgspec.to_builtins(conversation)
    return plain


def _wire(one: Listed) -> dict[str, Any]:
    return {
        **_wire_own(one.conversation),
        "campaign_name": one.campaign_name,
        "game_session_number": one.game_session_number,
        "game_session_title": one.game_session_title,
        "first_line": one.first_line,
    }
