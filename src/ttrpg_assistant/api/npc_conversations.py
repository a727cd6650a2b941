"""Talk with NPCs over HTTP: the operations of the seed's "NPC Conversation Commands"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from fastapi import Response
from pydantic import Field

from ttrpg_assistant.api.bodies import (
    PROBLEMS,
    Body,
    Limit,
    NewMessageBody,
    PathId,
    Said,
    Seq,
    Text,
    Uuid,
    answer,
)
from ttrpg_assistant.api.chat_sessions import check_one_direction, new_message
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.api.ports import ListNpcs, NpcBrief, Proposals
from ttrpg_assistant.api.proposal_pages import page_with_proposals, wire_message, wire_turn
from ttrpg_assistant.api.quick_routes import add_quick
from ttrpg_assistant.conversations.model import TITLE_CHARACTERS
from ttrpg_assistant.conversations.npc_conversations import NpcConversations


class NpcTalkBody(Body):
    """Which campaign the conversation belongs to, and what to call one that is made."""

    campaign_id: Uuid | None = None
    title: Annotated[Text, Field(min_length=1, max_length=TITLE_CHARACTERS)] | None = None


class NpcTalkTitleBody(Body):
    """What to call the conversation from now on."""

    title: Annotated[Text, Field(min_length=1, max_length=TITLE_CHARACTERS)]


class NpcTurnBody(Body):
    """What was said about the NPC, or to it."""

    message_id: Uuid
    content: Said
    mode: Literal["about", "as"] = "about"
    replaces: Uuid | None = None


def npc_conversation_routes(
    talk: NpcConversations, list_npcs: ListNpcs, proposals: Proposals
) -> Routes:
    """Every operation on talk with NPCs."""
    routes = Routes(tags=["NPC conversations"], responses=dict(PROBLEMS))

    @routes.get(
        "/api/campaigns/{campaign_id}/npc-conversations", operation_id="list_npc_conversations"
    )
    async def list_npc_conversations(campaign_id: PathId) -> Response:
        """Every conversation with an NPC of the campaign, the latest touched first."""
        return answer({"conversations": await talk.list_for_campaign(campaign_id)})

    @routes.get("/api/campaigns/{campaign_id}/npc-summaries", operation_id="list_npc_summaries")
    async def list_npc_summaries(campaign_id: PathId) -> Response:
        """The campaign's NPCs, each with count, unread and last date of its talk."""
        spoken = {found.npc_id: found for found in await talk.list_talk(campaign_id)}
        return answer({"npcs": [_summary(npc, spoken) for npc in await list_npcs(campaign_id)]})

    @routes.get("/api/npcs/{npc_id}/conversation", operation_id="get_npc_conversation")
    async def get_npc_conversation(npc_id: PathId) -> Response:
        """The latest conversation with this NPC."""
        return answer(await talk.get(npc_id))

    @routes.post("/api/npcs/{npc_id}/conversation", operation_id="get_or_create_npc_conversation")
    async def get_or_create_npc_conversation(
        npc_id: PathId, body: NpcTalkBody | None = None
    ) -> Response:
        """The latest conversation with this NPC, made now when there is none (FR-203)."""
        found = await talk.get_or_create(
            npc_id, body.campaign_id if body else None, body.title if body else None
        )
        return answer(found)

    @routes.get("/api/npcs/{npc_id}/conversations", operation_id="list_conversations_of_npc")
    async def list_conversations_of_npc(npc_id: PathId) -> Response:
        """Every conversation with this NPC (FR-202)."""
        return answer({"conversations": await talk.list_for_npc(npc_id)})

    @routes.post(
        "/api/npcs/{npc_id}/conversations",
        operation_id="create_npc_conversation",
        status_code=201,
    )
    async def create_npc_conversation(npc_id: PathId, body: NpcTalkBody | None = None) -> Response:
        """A new conversation beside the ones there are."""
        made = await talk.create(
            npc_id, body.campaign_id if body else None, body.title if body else None
        )
        return answer(made, 201)

    @routes.patch(
        "/api/npc-conversations/{conversation_id}", operation_id="update_npc_conversation_title"
    )
    async def update_npc_conversation_title(
        conversation_id: PathId, body: NpcTalkTitleBody
    ) -> Response:
        """Call a conversation with an NPC, or a scene, something else."""
        return answer(await talk.rename(conversation_id, body.title))

    @routes.get(
        "/api/npc-conversations/{conversation_id}/messages",
        operation_id="get_npc_conversation_messages",
    )
    async def get_npc_conversation_messages(
        conversation_id: PathId, limit: Limit = 50, before: Seq = None, after: Seq = None
    ) -> Response:
        """What was said in both modes, oldest first."""
        check_one_direction(before, after)
        page = await talk.get_messages(conversation_id, limit=limit, before=before, after=after)
        return answer(await page_with_proposals(proposals, page))

    @routes.post("/api/npcs/{npc_id}/messages", operation_id="add_npc_message", status_code=201)
    async def add_npc_message(npc_id: PathId, body: NewMessageBody) -> Response:
        """Store a message in the latest conversation with this NPC."""
        conversation = await talk.get_or_create(npc_id, None)
        added, created = await talk.add_message(conversation.id, new_message(body))
        return answer(await wire_message(proposals, added), 201 if created else 200)

    @routes.post(
        "/api/npc-conversations/{conversation_id}/messages",
        operation_id="add_npc_conversation_message",
        status_code=201,
    )
    async def add_npc_conversation_message(
        conversation_id: PathId, body: NewMessageBody
    ) -> Response:
        """Store a message without asking for an answer."""
        added, created = await talk.add_message(conversation_id, new_message(body))
        return answer(await wire_message(proposals, added), 201 if created else 200)

    @routes.post("/api/npcs/{npc_id}/read", operation_id="mark_npc_read")
    async def mark_npc_read(npc_id: PathId) -> Response:
        """Every answer of this NPC has been seen."""
        return answer({"read": await talk.mark_read(npc_id)})

    @add_quick(
        routes,
        "POST",
        "/api/npc-conversations/{conversation_id}/turns",
        operation_id="stream_npc_chat",
        status_code=202,
    )
    async def stream_npc_chat(conversation_id: PathId, body: NpcTurnBody) -> Response:
        """Say something about the NPC or to it, and have it answered."""
        posted = await talk.say(
            conversation_id,
            message_id=body.message_id,
            content=body.content,
            mode=body.mode,
            replaces=body.replaces,
        )
        return answer(await wire_turn(proposals, posted), 202)

    @routes.post("/api/npcs/{npc_id}/reply", operation_id="reply_as_npc")
    async def reply_as_npc(npc_id: PathId) -> Response:
        """The NPC's answer to what was said last, when it has ended."""
        return answer(await wire_message(proposals, await talk.reply_as(npc_id)))

    return routes


def _summary(npc: NpcBrief, spoken: Mapping[str, Any]) -> dict[str, Any]:
    found = spoken.get(npc.id)
    return {
        "id": npc.id,
        "name": npc.name,
        "role": npc.role,
        "conversation_count": 0,
        "message_count": 0,
        "unread_count": 0,
        "last_message_at": None,
        **({} if found is None else msgspec.to_builtins(found)),
    }
