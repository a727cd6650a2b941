"""Game sessions over HTTP: their clocks, notes and events."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Limit, PathId, Text, Uuid, answer
from ttrpg_assistant.api.entities import (
    ARCHIVED,
    Archived,
    Changing,
    Cursor,
    Search,
    add_shared_routes,
    answer_one,
    answer_page,
    given,
    wire_page,
)
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.campaigns.game_sessions import KIND_LENGTH, GameSessions
from ttrpg_assistant.campaigns.model import GameSessionStatus, KindName

Moment = Annotated[Text, Field(max_length=64, examples=["2026-11-22T19:30:00Z"])]
"""A time with its zone."""


EventKind = Annotated[Text | None, Query(max_length=KIND_LENGTH)]
"""Only events of this kind, for example `roll`."""

Number = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
"""Of a game session in its campaign."""


class GameSessionFields(Body):
    """What the GM writes about a game session. `plan` and `recap_gm` are for the GM's eyes only."""

    title: Text = ""
    plan: Text = ""
    recap_gm: Text = ""
    recap_players: Text = ""


class NewGameSessionBody(GameSessionFields):
    """A game session to be planned. With an `id` of the caller's, repeating is harmless."""

    id: Uuid | None = None


class NewNoteBody(Body):
    """A note. `gm_only` unless said otherwise; `at` is when it was captured, if not now."""

    id: Uuid | None = None
    text: Text
    gm_only: bool = True
    at: Moment | None = None


class NoteFields(Body):
    """What can be changed in a note."""

    text: Text = ""
    gm_only: bool = True


class NewEventBody(Body):
    """Something that happened, possibly to an entity of the campaign."""

    id: Uuid | None = None
    kind: Annotated[Text, Field(max_length=KIND_LENGTH)]
    text: Text
    entity_kind: KindName | None = None
    entity_id: Uuid | None = None
    at: Moment | None = None


def game_session_routes(game_sessions: GameSessions) -> Routes:
    """Every operation on game sessions but their notes and events."""
    routes = Routes(tags=["game sessions"], responses=dict(PROBLEMS))

    @routes.post(
        "/api/campaigns/{campaign_id}/game-sessions",
        operation_id="create_game_session",
        status_code=201,
    )
    async def create_game_session(campaign_id: PathId, body: NewGameSessionBody) -> Response:
        """A planned game session with the campaign's next number."""
        return answer_one(
            await game_sessions.create(campaign_id, given(body, "id"), id=body.id), 201
        )

    @routes.get("/api/campaigns/{campaign_id}/game-sessions", operation_id="list_game_sessions")
    async def list_game_sessions(
        campaign_id: PathId,
        search: Search = "",
        archived: Archived = "no",
        status: GameSessionStatus | None = None,
        after: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        """Game sessions, the newest number first."""
        page = await game_sessions.list_all(
            campaign_id,
            search=search,
            archived=ARCHIVED[archived],
            filters={} if status is None else {"status": status},
            after=after,
            limit=limit,
        )
        return answer_page("game_sessions", page)

    @routes.get("/api/running-game-sessions", operation_id="list_running_game_sessions")
    async def list_running_game_sessions() -> Response:
        """The tables that are being played at, the one started last first."""
        return answer({"game_sessions": await game_sessions.list_running()})

    @routes.get(
        "/api/campaigns/{campaign_id}/last-game-session", operation_id="find_last_game_session"
    )
    async def find_last_game_session(campaign_id: PathId, before: Number = None) -> Response:
        """What the game session played last was about: its recap, or what was noted."""
        return answer({"last_game_session": await game_sessions.find_last(campaign_id, before)})

    @routes.patch("/api/game-sessions/{game_session_id}", operation_id="update_game_session")
    async def update_game_session(
        game_session_id: PathId, body: Changing[GameSessionFields]
    ) -> Response:
        """Change some fields; 409 with both versions when they were changed elsewhere."""
        changed = await game_sessions.update(game_session_id, body.revision, given(body.changes))
        return answer(changed)

    add_shared_routes(routes, game_sessions, "game_session", "/api/game-sessions")

    @routes.post("/api/game-sessions/{game_session_id}/start", operation_id="start_game_session")
    async def start_game_session(game_session_id: PathId) -> Response:
        """Start it; the clock runs. 409 while another of the campaign runs."""
        return answer_one(await game_sessions.start(game_session_id))

    @routes.post("/api/game-sessions/{game_session_id}/pause", operation_id="pause_game_session")
    async def pause_game_session(game_session_id: PathId) -> Response:
        """Stop the clock for a while."""
        return answer_one(await game_sessions.pause(game_session_id))

    @routes.post("/api/game-sessions/{game_session_id}/resume", operation_id="resume_game_session")
    async def resume_game_session(game_session_id: PathId) -> Response:
        """Go on after a pause or after the end. 409 while another of the campaign runs."""
        return answer_one(await game_sessions.resume(game_session_id))

    @routes.post("/api/game-sessions/{game_session_id}/end", operation_id="end_game_session")
    async def end_game_session(game_session_id: PathId) -> Response:
        """End it; the clock stops."""
        return answer_one(await game_sessions.end(game_session_id))

    return routes


def table_log_routes(game_sessions: GameSessions) -> Routes:
    """Every operation on the notes and events of game sessions."""
    routes = Routes(tags=["game sessions"], responses=dict(PROBLEMS))

    @routes.post(
        "/api/game-sessions/{game_session_id}/notes",
        operation_id="add_session_note",
        status_code=201,
    )
    async def add_session_note(game_session_id: PathId, body: NewNoteBody) -> Response:
        """Note something down, with its time."""
        note = await game_sessions.add_note(
            game_session_id, body.text, gm_only=body.gm_only, id=body.id, at=body.at
        )
        return answer(note, 201)

    @routes.get("/api/game-sessions/{game_session_id}/notes", operation_id="list_session_notes")
    async def list_session_notes(
        game_session_id: PathId, after: Cursor = None, limit: Limit = 100
    ) -> Response:
        """Notes in the order of their time."""
        page = await game_sessions.list_notes(game_session_id, after=after, limit=limit)
        return answer(wire_page("notes", page))

    @routes.patch("/api/session-notes/{note_id}", operation_id="update_session_note")
    async def update_session_note(note_id: PathId, body: Changing[NoteFields]) -> Response:
        """Change a note; 409 with both versions when it was changed elsewhere."""
        return answer(await game_sessions.update_note(note_id, body.revision, given(body.changes)))

    @routes.delete("/api/session-notes/{note_id}", operation_id="delete_session_note")
    async def delete_session_note(note_id: PathId) -> Response:
        """Take a note away."""
        await game_sessions.remove_note(note_id)
        return answer({"id": note_id})

    @routes.post("/api/session-notes/{note_id}/restore", operation_id="restore_session_note")
    async def restore_session_note(note_id: PathId) -> Response:
        """Bring a note back."""
        await game_sessions.restore_note(note_id)
        return answer({"id": note_id})

    @routes.post(
        "/api/game-sessions/{game_session_id}/events",
        operation_id="add_session_event",
        status_code=201,
    )
    async def add_session_event(game_session_id: PathId, body: NewEventBody) -> Response:
        """Write down what happened, with its time."""
        event = await game_sessions.add_event(
            game_session_id,
            body.kind,
            body.text,
            entity_kind=body.entity_kind,
            entity_id=body.entity_id,
            id=body.id,
            at=body.at,
        )
        return answer(event, 201)

    @routes.get("/api/game-sessions/{game_session_id}/events", operation_id="list_session_events")
    async def list_session_events(
        game_session_id: PathId, kind: EventKind = None, after: Cursor = None, limit: Limit = 100
    ) -> Response:
        """Events in the order of their time, or those of one kind."""
        page = await game_sessions.list_events(game_session_id, kind=kind, after=after, limit=limit)
        return answer(wire_page("events", page))

    @routes.delete("/api/session-events/{event_id}", operation_id="delete_session_event")
    async def delete_session_event(event_id: PathId) -> Response:
        """Take an event away."""
        await game_sessions.remove_event(event_id)
        return answer({"id": event_id})

    @routes.post("/api/session-events/{event_id}/restore", operation_id="restore_session_event")
    async def restore_session_event(event_id: PathId) -> Response:
        """Bring an event back."""
        await game_sessions.restore_event(event_id)
        return answer({"id": event_id})

    return routes
