"""Chats over HTTP: the operations of the seed's "Global Chat Commands"."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Query, Response

from ttrpg_assistant.api.bodies import (
    PROBLEMS,
    Body,
    ConversationCursor,
    Limit,
    LinkBody,
    NewMessageBody,
    PathId,
    Seq,
    TurnBody,
    UpdateMessageBody,
    Uuid,
    answer,
)
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.api.ports import Proposals
from ttrpg_assistant.api.proposal_pages import page_with_proposals, wire_message, wire_turn
from ttrpg_assistant.api.quick_routes import add_quick
from ttrpg_assistant.conversations.chat_sessions import ChatSessions
from ttrpg_assistant.conversations.model import AskedUnder, Conversation
from ttrpg_assistant.conversations.talk import ConversationPage, NewMessage
from ttrpg_assistant.errors import InvalidInput


class ActiveChatBody(Body):
    """Whose chat it is."""

    campaign_id: Uuid | None = None


def wire_chat(chat: Conversation) -> dict[str, Any]:
    """A chat session as it is sent: the conversation, and the seed's names for its links."""
    return {
        **msgspec.to_builtins(chat),
        "status": "active" if chat.archived_at is None else "archived",
        "linked_campaign_id": chat.campaign_id,
        "linked_game_session_id": chat.game_session_id,
    }


def new_message(body: NewMessageBody) -> NewMessage:
    """The message that a request body describes."""
    return NewMessage(
        role=body.role,
        content=body.content,
        message_id=body.id,
        mode=body.mode,
        tokens=body.tokens or (None, None),
        status=body.status,
        recovered=body.recovered,
    )


def _wire_page(page: ConversationPage) -> dict[str, Any]:
    return {
        "chat_sessions": [wire_chat(chat) for chat in page.conversations],
        "has_more": page.has_more,
        "next_cursor": page.next_cursor,
    }


def check_one_direction(before: int | None, after: int | None) -> None:
    """`InvalidInput` when a page is asked for in both directions at once."""
    if before is not None and after is not None:
        raise InvalidInput("Ask for what is before or after, not both.", code="two_cursors")


def chat_session_routes(chats: ChatSessions, proposals: Proposals) -> Routes:
    """Every operation on chat sessions."""
    routes = Routes(tags=["chat sessions"], responses=dict(PROBLEMS))

    @routes.post("/api/chat-sessions/active", operation_id="get_or_create_chat_session")
    async def get_or_create_chat_session(body: ActiveChatBody | None = None) -> Response:
        """A campaign's active chat, without one the quick chat; made now when there is none."""
        campaign_id = None if body is None else body.campaign_id
        return answer(wire_chat(await chats.get_or_create(campaign_id)))

    @routes.get("/api/chat-sessions/active", operation_id="get_active_chat_session")
    async def get_active_chat_session(
        campaign_id: Annotated[Uuid | None, Query()] = None,
    ) -> Response:
        """A campaign's active chat, without one the quick chat, or null."""
        found = await chats.find_active(campaign_id)
        return answer(None if found is None else wire_chat(found))

    @routes.get("/api/chat-sessions", operation_id="list_chat_sessions")
    async def list_chat_sessions(
        campaign_id: Annotated[Uuid | None, Query()] = None,
        limit: Limit = 50,
        before: ConversationCursor = None,
    ) -> Response:
        """Chat sessions, the latest touched first: of one campaign, or all."""
        page = await chats.list_all(campaign_id=campaign_id, limit=limit, before=before)
        return answer(_wire_page(page))

    @routes.get("/api/chat-sessions/{chat_session_id}", operation_id="get_chat_session")
    async def get_chat_session(chat_session_id: PathId) -> Response:
        """One chat session, active or archived."""
        return answer(wire_chat(await chats.get(chat_session_id)))

    @routes.get("/api/chat-sessions/{chat_session_id}/messages", operation_id="get_chat_messages")
    async def get_chat_messages(
        chat_session_id: PathId, limit: Limit = 100, before: Seq = None, after: Seq = None
    ) -> Response:
        """What was said, oldest first: the newest page, or the one before or after a seq."""
        check_one_direction(before, after)
        page = await chats.get_messages(chat_session_id, limit=limit, before=before, after=after)
        return answer(await page_with_proposals(proposals, page))

    @routes.post(
        "/api/chat-sessions/{chat_session_id}/messages",
        operation_id="add_chat_message",
        status_code=201,
        responses={200: {"description": "It was stored before."}},
    )
    async def add_chat_message(chat_session_id: PathId, body: NewMessageBody) -> Response:
        """Store a message without asking for an answer."""
        added, created = await chats.add_message(chat_session_id, new_message(body))
        return answer(await wire_message(proposals, added), 201 if created else 200)

    @routes.patch("/api/chat-messages/{message_id}", operation_id="update_chat_message")
    async def update_chat_message(message_id: PathId, body: UpdateMessageBody) -> Response:
        """Write an unfinished message, or give a finished one a new version beside the old."""
        updated = await chats.update_message(
            message_id,
            content=body.content,
            tokens=body.tokens or (None, None),
            is_streaming=body.is_streaming,
        )
        return answer(await wire_message(proposals, updated))

    @routes.post(
        "/api/chat-sessions/{chat_session_id}/link", operation_id="link_chat_to_game_session"
    )
    async def link_chat_to_game_session(chat_session_id: PathId, body: LinkBody) -> Response:
        """Tie the chat to a game session and campaign, or untie it; what was said in it before
        stays where it was said, in an archived chat."""
        linked = await chats.link(
            chat_session_id,
            game_session_id=body.game_session_id,
            campaign_id=body.campaign_id,
        )
        return answer(wire_chat(linked))

    @routes.post(
        "/api/chat-sessions/{chat_session_id}/end",
        operation_id="end_chat_session_and_spawn_new",
    )
    async def end_chat_session_and_spawn_new(chat_session_id: PathId) -> Response:
        """Archive this chat and open a new one of the same campaign."""
        return answer(wire_chat(await chats.end_and_spawn_new(chat_session_id)))

    @routes.post("/api/chat-sessions/{chat_session_id}/resume", operation_id="resume_chat_session")
    async def resume_chat_session(chat_session_id: PathId) -> Response:
        """Make an earlier chat the active one of its campaign again."""
        return answer(wire_chat(await chats.resume(chat_session_id)))

    @routes.delete(
        "/api/chat-sessions/{chat_session_id}/messages", operation_id="clear_chat_messages"
    )
    async def clear_chat_messages(chat_session_id: PathId) -> Response:
        """Put everything said out of sight; it can be brought back for 30 days."""
        return answer(await chats.clear(chat_session_id))

    @routes.get(
        "/api/game-sessions/{game_session_id}/chat-sessions",
        operation_id="get_chat_sessions_for_game",
    )
    async def get_chat_sessions_for_game(
        game_session_id: PathId, limit: Limit = 50, before: ConversationCursor = None
    ) -> Response:
        """Chat sessions tied to one game session."""
        page = await chats.list_for_game(game_session_id, limit=limit, before=before)
        return answer(_wire_page(page))

    @add_quick(
        routes,
        "POST",
        "/api/chat-sessions/{chat_session_id}/turns",
        operation_id="stream_chat",
        status_code=202,
    )
    async def stream_chat(chat_session_id: PathId, body: TurnBody) -> Response:
        """Say something and have it answered; follow the answer with `follow_reply`."""
        under = body.asked_under
        posted = await chats.say(
            chat_session_id,
            message_id=body.message_id,
            content=body.content,
            replaces=body.replaces,
            asked_under=None
            if under is None
            else AskedUnder(under.campaign_id, under.game_session_id),
        )
        return answer(await wire_turn(proposals, posted), 202)

    return routes
