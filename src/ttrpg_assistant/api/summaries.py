"""What conversations remember of their older talk, over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, PathId, Text, answer
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.conversations.summaries.model import OWN_CHARACTERS, MadeBy, StoredSummary
from ttrpg_assistant.conversations.summaries.summaries import Summaries
from ttrpg_assistant.errors import InvalidInput


class SummaryBody(Body):
    """A person's own words for a summary; null goes back to what was made."""

    text: Annotated[Text, Field(max_length=OWN_CHARACTERS)] | None


class MadeByBody(Body):
    """Who makes summaries."""

    made_by: MadeBy


class WholeHistoryBody(Body):
    """Whether all talk that fits is sent to the model."""

    whole_history: bool


def summary_routes(summaries: Summaries) -> Routes:
    """Every operation on summaries."""
    routes = Routes(tags=["summaries"], responses=dict(PROBLEMS))

    @routes.get("/api/conversations/{conversation_id}/summaries", operation_id="list_summaries")
    async def list_summaries(conversation_id: PathId) -> Response:
        """What prompts of this conversation are told of its older talk, newest first."""
        found = await summaries.list_remembered(conversation_id)
        return answer(
            {
                "summaries": _wire_all(found.summaries),
                "elsewhere": _wire_all(found.elsewhere),
                "names": dict(found.names),
                "is_at_work": found.is_at_work,
                "whole_history": found.whole_history,
            }
        )

    @routes.put(
        "/api/conversations/{conversation_id}/whole-history",
        operation_id="choose_whole_history",
    )
    async def choose_whole_history(conversation_id: PathId, body: WholeHistoryBody) -> Response:
        """Send all talk that fits, or the recent part with a summary of what is older."""
        whole = await summaries.choose_whole_history(conversation_id, body.whole_history)
        return answer({"whole_history": whole})

    @routes.post(
        "/api/conversations/{conversation_id}/summaries/remake",
        operation_id="remake_summaries",
        status_code=202,
    )
    async def remake_summaries(conversation_id: PathId) -> Response:
        """Have them made again by the model that answers now, but for one's own texts."""
        return answer({"marked": await summaries.remake_all(conversation_id)}, 202)

    @routes.get("/api/summaries/made-by", operation_id="get_summary_maker")
    async def get_summary_maker() -> Response:
        """Who tells what older talk came to."""
        return answer({"made_by": await summaries.get_made_by()})

    @routes.put("/api/summaries/made-by", operation_id="choose_summary_maker")
    async def choose_summary_maker(body: MadeByBody) -> Response:
        """Let the chosen model do it, the built-in one, or nobody."""
        return answer({"made_by": await summaries.choose_made_by(body.made_by)})

    @routes.get("/api/summaries/{summary_id}/parts", operation_id="list_summary_parts")
    async def list_summary_parts(summary_id: PathId) -> Response:
        """The summaries that one is made of, oldest first."""
        return answer({"summaries": _wire_all(await summaries.list_made_of(summary_id))})

    @routes.patch("/api/summaries/{summary_id}", operation_id="update_summary")
    async def update_summary(summary_id: PathId, body: SummaryBody) -> Response:
        """Write one's own text; it is never overwritten."""
        if body.text is not None and not body.text.strip():
            raise InvalidInput("A summary needs some words.", code="summary_empty")
        [shown] = _wire_all([await summaries.update(summary_id, body.text)])
        return answer(shown)

    @routes.post(
        "/api/summaries/{summary_id}/remake", operation_id="remake_summary", status_code=202
    )
    async def remake_summary(summary_id: PathId) -> Response:
        """Have one made again."""
        [shown] = _wire_all([await summaries.remake(summary_id)])
        return answer(shown, 202)

    return routes


def _wire_all(found: Iterable[StoredSummary]) -> list[dict[str, Any]]:
    return [asdict(one) | {"text": one.text} for one in found]
