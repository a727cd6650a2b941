"""Talk while nothing can be stored: the answer streams, and nothing of it is kept here.

The page keeps both sides in its outbox and stores them, in order and marked as recovered,
when the database answers again (seed, Strategy 4: "Chat will work but history may be lost";
here it is not lost). This is the one place where a reply belongs to its connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any, Literal

from fastapi.responses import StreamingResponse
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Said, Text
from ttrpg_assistant.api.errors import describe_fault
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.api.streams import spell_news
from ttrpg_assistant.conversations.answering import AnsweringModel, storable
from ttrpg_assistant.errors import ModelFault, ModelRefused
from ttrpg_assistant.live.replies import LiveReplies, LiveReply
from ttrpg_assistant.live.reply_events import Position
from ttrpg_assistant.live.sse import event
from ttrpg_assistant.llm.types import Finished, Reclassified, TextDelta, ThinkingDelta, Waiting
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import Prompt, compose_chat
from ttrpg_assistant.prompts.facts import History, HistoryMessage
from ttrpg_assistant.prompts.fence import new_nonce
from ttrpg_assistant.suggestions.placing import find_places

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


def unsaved_routes(model: AnsweringModel, live: LiveReplies) -> Routes:
    """The one operation that stores nothing."""
    routes = Routes(tags=["streams"], responses=dict(PROBLEMS))

    @routes.post(
        "/api/unsaved-turns",
        operation_id="stream_unsaved_chat",
        response_class=StreamingResponse,
    )
    async def stream_unsaved_chat(body: UnsavedTurnBody) -> StreamingResponse:
        """Answer without the database: the events of `follow_reply`, then `done`."""
        return StreamingResponse(
            _answer(model, body, live.new_reply()),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )

    return routes


async def _answer(
    model: AnsweringModel, body: UnsavedTurnBody, reply: LiveReply
) -> AsyncIterator[bytes]:
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

    reason = None
    reply.enter("reading")
    known = Position(rewritten=0, shown=0)
    try:
        async with aclosing(model.stream_events(compose)) as events:
            async for said in events:
                if isinstance(said, TextDelta):
                    reply.append(said.text)
                elif isinstance(said, ThinkingDelta):
                    reply.think(storable(said.text))
                elif isinstance(said, Reclassified) and said.now == "thinking":
                    reply.take_back_text()
                elif isinstance(said, Reclassified):
                    reply.append(reply.take_back_thinking())
                elif isinstance(said, Waiting):
                    reply.wait(said.seconds, said.code, said.sentence)
                elif isinstance(said, Finished):
                    reason = said.reason
                for spelled in spell_news(reply, known):
                    yield spelled
                known = reply.position
        if reason == "filtered":
            raise ModelRefused("The model's provider stopped this answer.")
    except ModelFault as fault:
        status = "interrupted" if reply.length else "failed"
        end = {**await _whole(reply), "status": status, "finish_reason": reason}
        yield event("done", {**end, "fault": describe_fault(fault)})
        return
    end = {**await _whole(reply), "status": "complete", "finish_reason": reason}
    yield event("done", {**end, "model": model.choice})


async def _whole(reply: LiveReply) -> dict[str, Any]:
    shown = (await asyncio.to_thread(find_places, reply.text)).shown
    return {"content": reply.text} | ({} if shown is None else {"shown": shown})
