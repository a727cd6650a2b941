"""Threads over HTTP: the operations of the seed's "Conversation Thread Commands"."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import (
    PROBLEMS,
    Body,
    ConversationCursor,
    Limit,
    NewMessageBody,
    PathId,
    Said,
    Seq,
    Text,
    TurnBody,
    Uuid,
    answer,
)
from ttrpg_assistant.api.chat_sessions import check_one_direction, new_message
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.api.ports import Proposals
from ttrpg_assistant.api.proposal_pages import page_with_proposals, wire_message, wire_turn
from ttrpg_assistant.api.quick_routes import add_quick
from ttrpg_assistant.conversations.model import (
    TITLE_CHARACTERS,
    Conversation,
)
from ttrpg_assistant.conversations.questions import ClarifyingQuestions
from ttrpg_assistant.conversations.talk import ConversationPage
from ttrpg_assistant.conversations.threads import NewThread, Threads
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.prompts.purposes import Purpose

Title = Annotated[Text, Field(min_length=1, max_length=TITLE_CHARACTERS)]
Personality = Annotated[Text, Field(max_length=40)]


class NewThreadBody(Body):
    """What a thread is for."""

    id: Uuid | None = None
    purpose: Purpose
    campaign_id: Uuid | None = None
    game_session_id: Uuid | None = None
    wizard_id: Uuid | None = None
    title: Title | None = None
    personality: Personality | None = None


class ThreadTitleBody(Body):
    """Another title, or another voice of the assistant."""

    title: Title | None = None
    personality: Personality | None = None


class SendBody(Body):
    """What was said; the caller waits for the answer."""

    message_id: Uuid | None = None
    content: Said


class BranchBody(Body):
    """Where a branch goes on from."""

    message_id: Uuid
    title: Title | None = None


class QuestionsBody(Body):
    """What the questions should be about."""

    context: Annotated[Text, Field(max_length=20_000)] = ""


def thread_routes(threads: Threads, questions: ClarifyingQuestions, proposals: Proposals) -> Routes:
    """Every operation on threads. Some names of the seed mean the same; both answer."""
    routes = Routes(tags=["threads"], responses=dict(PROBLEMS))

    @routes.post("/api/threads", operation_id="create_conversation_thread", status_code=201)
    async def create_conversation_thread(body: NewThreadBody) -> Response:
        """A new thread with a purpose."""
        made = await threads.create(
            NewThread(
                purpose=body.purpose,
                campaign_id=body.campaign_id,
                game_session_id=body.game_session_id,
                wizard_id=body.wizard_id,
                title=body.title,
                personality=body.personality,
                thread_id=body.id,
            )
        )
        return answer(made, 201)

    @routes.get("/api/threads", operation_id="list_conversation_threads")
    async def list_conversation_threads(
        campaign_id: Annotated[Uuid | None, Query()] = None,
        purpose: Purpose | None = None,
        include_archived: bool = False,
        limit: Limit = 50,
        before: ConversationCursor = None,
    ) -> Response:
        """Threads, the latest touched first."""
        page = await threads.list_all(
            campaign_id=campaign_id,
            purpose=purpose,
            include_archived=include_archived,
            limit=limit,
            before=before,
        )
        return answer(_wire_page(page))

    @routes.get("/api/threads/{thread_id}", operation_id="get_conversation_thread")
    async def get_conversation_thread(thread_id: PathId) -> Response:
        """One thread."""
        return answer(await threads.get(thread_id))

    @routes.get(
        "/api/campaigns/{campaign_id}/conversations", operation_id="list_campaign_conversations"
    )
    async def list_campaign_conversations(
        campaign_id: PathId, purpose: Purpose | None = None
    ) -> Response:
        """A campaign's threads under their purposes (FR-107)."""
        grouped = await threads.list_by_purpose(campaign_id)
        wanted = {
            name: found for name, found in grouped.items() if purpose is None or name == purpose
        }
        return answer(
            {
                "purposes": [
                    {"purpose": name, "count": len(found), "threads": found}
                    for name, found in wanted.items()
                ]
            }
        )

    @routes.post("/api/threads/{thread_id}/archive", operation_id="archive_conversation_thread")
    async def archive_conversation_thread(thread_id: PathId) -> Response:
        """Close the thread: readable, but no new messages."""
        return answer(await threads.archive(thread_id))

    @routes.post("/api/threads/{thread_id}/restore", operation_id="restore_conversation_thread")
    async def restore_conversation_thread(thread_id: PathId) -> Response:
        """Open an archived thread again."""
        return answer(await threads.restore(thread_id))

    @routes.post("/api/threads/{thread_id}/read", operation_id="mark_thread_read")
    async def mark_thread_read(thread_id: PathId) -> Response:
        """Every answer of this thread has been seen."""
        return answer({"read": await threads.mark_read(thread_id)})

    @routes.patch("/api/threads/{thread_id}", operation_id="update_conversation_thread_title")
    async def update_conversation_thread_title(
        thread_id: PathId, body: ThreadTitleBody
    ) -> Response:
        """Another title, or another voice of the assistant."""
        updated = await threads.update(thread_id, title=body.title, personality=body.personality)
        return answer(updated)

    async def read_page(
        thread_id: PathId, limit: Limit = 50, before: Seq = None, after: Seq = None
    ) -> Response:
        """What was said, oldest first: the newest page, or the one before or after a seq."""
        check_one_direction(before, after)
        page = await threads.get_messages(thread_id, limit=limit, before=before, after=after)
        return answer(await page_with_proposals(proposals, page))

    async def add(thread_id: PathId, body: NewMessageBody) -> Response:
        """Store a message without asking for an answer."""
        added, created = await threads.add_message(thread_id, new_message(body))
        return answer(await wire_message(proposals, added), 201 if created else 200)

    history = "/api/conversation-threads/{thread_id}/messages"
    for operation, path in (
        ("get_conversation_messages", "/api/threads/{thread_id}/messages"),
        ("get_thread_messages", history),
    ):
        routes.get(path, operation_id=operation)(read_page)
    for operation, path in (
        ("add_conversation_message", "/api/threads/{thread_id}/messages"),
        ("add_thread_message", history),
    ):
        routes.post(path, operation_id=operation, status_code=201)(add)

    @add_quick(
        routes,
        "POST",
        "/api/threads/{thread_id}/turns",
        operation_id="stream_chat_with_context",
        status_code=202,
    )
    async def stream_chat_with_context(thread_id: PathId, body: TurnBody) -> Response:
        """Say something and have it answered; follow the answer with `follow_reply`."""
        posted = await threads.say(
            thread_id,
            message_id=body.message_id,
            content=body.content,
            replaces=body.replaces,
        )
        return answer(await wire_turn(proposals, posted), 202)

    @routes.post("/api/threads/{thread_id}/send", operation_id="send_conversation_message")
    async def send_conversation_message(thread_id: PathId, body: SendBody) -> Response:
        """Say something and wait for its answer (the seed's `SendMessageResult`)."""
        posted = await threads.say_and_wait(
            thread_id, message_id=body.message_id or new_id(), content=body.content
        )
        reply = posted.assistant_message
        return answer(
            {
                **(await wire_turn(proposals, posted)),
                "model": reply.model,
                "tokens_in": reply.tokens_in,
                "tokens_out": reply.tokens_out,
            }
        )

    @routes.post(
        "/api/threads/{thread_id}/branch", operation_id="branch_conversation", status_code=201
    )
    async def branch_conversation(thread_id: PathId, body: BranchBody) -> Response:
        """A new thread that goes on from a message of this one; nothing is copied."""
        return answer(await threads.branch(thread_id, body.message_id, body.title), 201)

    @routes.post("/api/threads/{thread_id}/questions", operation_id="generate_clarifying_questions")
    async def generate_clarifying_questions(thread_id: PathId, body: QuestionsBody) -> Response:
        """Questions that would help, `{question, field, importance}` each."""
        return answer({"questions": await questions.ask(thread_id, body.context)})

    return routes


def _wire_page(page: ConversationPage) -> dict[str, list[Conversation] | bool | str | None]:
    return {
        "threads": page.conversations,
        "has_more": page.has_more,
        "next_cursor": page.next_cursor,
    }
