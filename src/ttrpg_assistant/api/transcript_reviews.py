"""Reviews of transcripts and notes over HTTP: begin, say who speaks, read, and decide."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from fastapi import Query, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import (
    PROBLEMS,
    UUID_PATTERN,
    Body,
    Limit,
    PathId,
    Text,
    Uuid,
    answer,
)
from ttrpg_assistant.api.entities import Cursor
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.api.suggestions import wire_suggestion
from ttrpg_assistant.reviews.model import SPEAKERS, Speaker
from ttrpg_assistant.reviews.queue import Queued
from ttrpg_assistant.reviews.reviews import ReviewState, TranscriptReviews

MOST_CHARACTERS = 1_000_000_000


class NewReviewBody(Body):
    """Which transcript is reviewed, and which game session it is of."""

    id: Uuid | None = None
    conversation_id: Uuid
    game_session_id: Uuid | None = None


class SpeakerBody(Body):
    """Whom a label stands for. `thing_id` is the player character of a player, or the NPC."""

    label: Annotated[Text, Field(max_length=80)]
    role: Literal["gm", "player", "npc", "notes", "nobody"]
    thing_id: Uuid | None = None


class SpeakersBody(Body):
    """Labels that stand for somebody else than was guessed."""

    speakers: Annotated[list[SpeakerBody], Field(min_length=1, max_length=SPEAKERS)]


class ReviewGameSessionBody(Body):
    """Which game session the transcript is of."""

    game_session_id: Uuid


class StartReviewBody(Body):
    """With `afresh` everything is read again; what was decided stays."""

    afresh: bool = False


def _wire(state: ReviewState) -> dict[str, Any]:
    return {
        **msgspec.to_builtins(state.review),
        "title": state.title,
        "text": state.text,
        "progress": state.progress,
        "failed_parts": state.failed,
    }


def _wire_queued(queued: Queued) -> dict[str, Any]:
    return {**wire_suggestion(queued.view), "lines": queued.lines}


def transcript_review_routes(reviews: TranscriptReviews) -> Routes:
    """Every operation on reviews of transcripts."""
    routes = Routes(tags=["transcript reviews"], responses=dict(PROBLEMS))
    one = "/api/transcript-reviews/{review_id}"

    @routes.post(
        "/api/transcript-reviews", operation_id="create_transcript_review", status_code=201
    )
    async def create_transcript_review(body: NewReviewBody) -> Response:
        """Plan the reading of a transcript and guess who speaks; nothing is read yet."""
        state = await reviews.create(body.conversation_id, body.game_session_id, id=body.id)
        return answer(_wire(state), 201)

    @routes.get(
        "/api/campaigns/{campaign_id}/transcript-reviews", operation_id="list_transcript_reviews"
    )
    async def list_transcript_reviews(campaign_id: PathId) -> Response:
        """The reviews of a campaign, newest first."""
        return answer({"reviews": [_wire(each) for each in await reviews.list_all(campaign_id)]})

    @routes.get("/api/transcript-reviews/estimate", operation_id="estimate_notes_review")
    async def estimate_notes_review(
        characters: Annotated[int, Query(ge=0, le=MOST_CHARACTERS)] = 0,
        conversation_id: Annotated[str | None, Query(pattern=UUID_PATTERN)] = None,
    ) -> Response:
        """About how many parts and tokens it takes to have notes read by the model chosen now."""
        found = await reviews.estimate(characters=characters, conversation_id=conversation_id)
        return answer(found)

    @routes.get(one, operation_id="get_transcript_review")
    async def get_transcript_review(review_id: PathId) -> Response:
        """A review, how far it is, and what failed."""
        return answer(_wire(await reviews.get(review_id)))

    @routes.put(f"{one}/speakers", operation_id="set_transcript_speakers")
    async def set_transcript_speakers(review_id: PathId, body: SpeakersBody) -> Response:
        """Say whom labels stand for; others stay as they are."""
        given = [Speaker(each.label, each.role, each.thing_id) for each in body.speakers]
        return answer(_wire(await reviews.set_speakers(review_id, given)))

    @routes.put(f"{one}/game-session", operation_id="set_transcript_game_session")
    async def set_transcript_game_session(
        review_id: PathId, body: ReviewGameSessionBody
    ) -> Response:
        """Say which game session the transcript is of."""
        return answer(_wire(await reviews.set_game_session(review_id, body.game_session_id)))

    @routes.post(f"{one}/start", operation_id="start_transcript_review")
    async def start_transcript_review(review_id: PathId, body: StartReviewBody) -> Response:
        """Read what is not read yet, and what failed once more."""
        return answer(_wire(await reviews.start(review_id, afresh=body.afresh)))

    @routes.post(f"{one}/stop", operation_id="stop_transcript_review")
    async def stop_transcript_review(review_id: PathId) -> Response:
        """Read no further part."""
        return answer(_wire(await reviews.stop(review_id)))

    @routes.get(f"{one}/suggestions", operation_id="list_transcript_suggestions")
    async def list_transcript_suggestions(
        review_id: PathId, after: Cursor = None, limit: Limit = 100
    ) -> Response:
        """What the review proposes, by kind and in the order of the lines, each with its lines."""
        queued, cursor = await reviews.list_queue(review_id, after=after, limit=limit)
        return answer(
            {
                "suggestions": [_wire_queued(each) for each in queued],
                "has_more": cursor is not None,
                "next_cursor": cursor,
            }
        )

    return routes
