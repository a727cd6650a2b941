"""What models propose, over HTTP: look, accept, reject, undo.

A proposal is sent as the `Suggestion` with the `difference` it would make now, field by field:
`{field, mode, outcome (applied|unchanged|conflict), base, proposed, current, result}`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from fastapi import Query, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Limit, PathId, Text, Uuid, answer
from ttrpg_assistant.api.entities import Cursor, JsonObject
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.api.proposals import Found, place_all
from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.errors import Fault
from ttrpg_assistant.suggestions.decide import REASON_CHARACTERS
from ttrpg_assistant.suggestions.model import (
    Acceptance,
    Decision,
    SuggestionStatus,
    SuggestionView,
)
from ttrpg_assistant.suggestions.service import Suggestions

FieldName = Annotated[Text, Field(min_length=1, max_length=300)]


class AcceptBody(Body):
    """How a proposal is taken; with nothing said, whole and as it is.

    `seen_revision` is the revision of the thing that the person has in front of them: what
    changed before it is no conflict.
    """

    message_id: Uuid | None = None
    fields: Annotated[list[FieldName], Field(min_length=1, max_length=100)] | None = None
    edits: JsonObject = Field(default_factory=dict)
    modes: dict[FieldName, Literal["replace", "append"]] = Field(default_factory=dict)
    target_id: Uuid | None = None
    campaign_id: Uuid | None = None
    seen_revision: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class AcceptSeveralBody(Body):
    """Which proposals are taken as they are."""

    suggestion_ids: Annotated[list[Uuid], Field(min_length=1, max_length=50)]


class RejectBody(Body):
    """Why a proposal is turned down."""

    message_id: Uuid | None = None
    reason: Annotated[Text, Field(max_length=REASON_CHARACTERS)] | None = None


class StoredProposals:
    """The proposals and citations beside messages, from the store."""

    def __init__(self, suggestions: Suggestions) -> None:
        self._suggestions = suggestions

    async def of_messages(self, messages: Sequence[Message]) -> Found:
        """What these messages propose and cite, where, and what of them could not be read."""
        ids = [message.id for message in messages]
        proposed, cited = await self._suggestions.list_of_messages(ids)
        notes = await self._suggestions.list_notes(ids)
        places = await asyncio.to_thread(place_all, messages, proposed, cited)
        return Found(proposed, cited, notes, places)


def wire_suggestion(view: SuggestionView) -> dict[str, Any]:
    """A proposal as it is sent."""
    return {
        **msgspec.to_builtins(view.suggestion),
        "difference": view.difference,
        "target_state": view.target_state,
        "target_revision": view.target_revision,
        "written": view.written,
    }


def _wire_page(page: tuple[list[SuggestionView], str | None]) -> dict[str, Any]:
    views, cursor = page
    return {
        "suggestions": [wire_suggestion(view) for view in views],
        "has_more": cursor is not None,
        "next_cursor": cursor,
    }


def _wire_outcome(suggestion_id: str, outcome: Decision | Fault) -> dict[str, Any]:
    if isinstance(outcome, Decision):
        return {"suggestion_id": suggestion_id, "decision": outcome, "fault": None}
    fault = {"code": outcome.code, "detail": outcome.sentence, "cure": outcome.cure}
    return {"suggestion_id": suggestion_id, "decision": None, "fault": {**fault, **outcome.facts}}


def suggestion_routes(suggestions: Suggestions) -> Routes:
    """Every operation on proposals."""
    routes = Routes(tags=["suggestions"], responses=dict(PROBLEMS))

    @routes.get(
        "/api/threads/{thread_id}/suggestions/pending", operation_id="get_pending_suggestions"
    )
    async def get_pending_suggestions(
        thread_id: PathId, after: Cursor = None, limit: Limit = 50
    ) -> Response:
        """What is still open in a conversation, oldest first; what a branch shares too."""
        return answer(
            _wire_page(await suggestions.list_pending(thread_id, after=after, limit=limit))
        )

    @routes.get("/api/suggestions", operation_id="list_suggestions")
    async def list_suggestions(
        conversation_id: Annotated[Uuid | None, Query()] = None,
        campaign_id: Annotated[Uuid | None, Query()] = None,
        target_id: Annotated[Uuid | None, Query()] = None,
        status: Annotated[list[SuggestionStatus] | None, Query(max_length=6)] = None,
        from_tools: Annotated[bool | None, Query()] = None,
        after: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        """Proposals of a conversation, a campaign, about one thing or from other programs."""
        page = await suggestions.list_all(
            conversation_id=conversation_id,
            campaign_id=campaign_id,
            target_id=target_id,
            statuses=status,
            from_tools=from_tools,
            after=after,
            limit=limit,
        )
        return answer(_wire_page(page))

    @routes.post("/api/suggestions/accept", operation_id="accept_suggestions")
    async def accept_suggestions(body: AcceptSeveralBody) -> Response:
        """Take several as they are, each by itself; one that cannot be does not stop the rest."""
        outcomes = await suggestions.accept_all(body.suggestion_ids)
        pairs = zip(body.suggestion_ids, outcomes, strict=True)
        return answer({"outcomes": [_wire_outcome(one, outcome) for one, outcome in pairs]})

    @routes.get("/api/suggestions/{suggestion_id}", operation_id="get_suggestion")
    async def get_suggestion(suggestion_id: PathId) -> Response:
        """One proposal, with the difference it would make now."""
        return answer(wire_suggestion(await suggestions.get(suggestion_id)))

    @routes.get("/api/suggestions/{suggestion_id}/decisions", operation_id="list_decisions")
    async def list_decisions(suggestion_id: PathId) -> Response:
        """Every decision about a proposal, those taken back too, and the log of its draft."""
        events, steps = await suggestions.list_decisions(suggestion_id)
        return answer({"events": events, "draft_steps": steps})

    @routes.post("/api/suggestions/{suggestion_id}/accept", operation_id="accept_suggestion")
    async def accept_suggestion(suggestion_id: PathId, body: AcceptBody) -> Response:
        """Apply it to what is there now: whole, in part, or in the person's own words."""
        how = Acceptance(
            fields=None if body.fields is None else tuple(body.fields),
            edits=dict(body.edits),
            modes=dict(body.modes),
            target_id=body.target_id,
            campaign_id=body.campaign_id,
            seen_revision=body.seen_revision,
        )
        return answer(await suggestions.accept(suggestion_id, how, message_id=body.message_id))

    @routes.post("/api/suggestions/{suggestion_id}/reject", operation_id="reject_suggestion")
    async def reject_suggestion(suggestion_id: PathId, body: RejectBody) -> Response:
        """Turn it down; the reason is kept."""
        return answer(
            await suggestions.reject(suggestion_id, body.reason, message_id=body.message_id)
        )

    @routes.post("/api/suggestions/{suggestion_id}/undo", operation_id="undo_suggestion")
    async def undo_suggestion(suggestion_id: PathId) -> Response:
        """Take the decision back; what somebody changed since keeps that change."""
        return answer(await suggestions.undo(suggestion_id))

    return routes
