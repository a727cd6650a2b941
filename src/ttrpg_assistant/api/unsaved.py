"""Talk while nothing can be stored: the answer streams, and nothing of it is kept here.

The page keeps both sides in its outbox and stores them, in order and marked as recovered,
when the database answers again (seed, Strategy 4: "Chat will work but history may be lost";
here it is not lost). This is the one place where a reply belongs to its connection.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Said, Text
from ttrpg_assistant.api.errors import describe_fault
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.errors import ModelFault
from ttrpg_assistant.live.sse import event
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import Prompt, compose_chat
from ttrpg_assistant.prompts.facts import History, HistoryMessage
from ttrpg_assistant.prompts.fence import new_nonce

MOST_EARLIER = 200
"""Earlier messages the page may send along; more would not fit a model anyway."""


class EarlierMessage(Body):
    """Something said before, as the page remembers it."""

    role: Literal["user", "assistant"]
    content: Annotated[Text, Field(max_length=200_000)]


class UnsavedTurnBody(Body):
    """What was said, with the talk before it: the server remembers nothing."""

    content: Said
    earlier: list[EarlierMessage] = Field(default_factory=list, max_length=MOST_EARLIER)


def unsaved_routes(model: AnsweringModel) -> APIRouter:
    """The one operation that stores nothing."""
    routes = APIRouter(tags=["streams"], responses=dict(PROBLEMS))

    @routes.post(
        "/api/unsaved-turns",
        operation_id="stream_unsaved_chat",
        response_class=StreamingResponse,
    )
    async def stream_unsaved_chat(body: UnsavedTurnBody) -> StreamingResponse:
        """Answer without the database: `text` events, then `done {content, status}`."""
        return StreamingResponse(
            _answer(model, body),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )

    return routes


async def _answer(model: AnsweringModel, body: UnsavedTurnBody) -> AsyncIterator[bytes]:
    history = History(
        [
            HistoryMessage(number, earlier.role, earlier.content)
            for number, earlier in enumerate(body.earlier, start=1)
        ]
    )
    nonce = new_nonce()

    def compose(budget: Budget) -> Prompt:
        return compose_chat(
            facts=None, history=history, new_message=body.content, budget=budget, nonce=nonce
        )

    said = ""
    try:
        async for text in model.stream_once(compose):
            said += text
            yield event("text", {"text": text}, len(said))
    except ModelFault as fault:
        status = "interrupted" if said else "failed"
        yield event("done", {"content": said, "status": status, "fault": describe_fault(fault)})
        return
    yield event("done", {"content": said, "status": "complete", "model": model.choice})
