"""Answers over HTTP: stop, ask again, choose among alternatives, bring back what was cleared."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from ttrpg_assistant.api.bodies import PROBLEMS, ContinueBody, PathId, RegenerateBody, Uuid, answer
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.api.ports import Proposals
from ttrpg_assistant.api.proposal_pages import wire_message, wire_turn
from ttrpg_assistant.conversations.removals import Removals
from ttrpg_assistant.conversations.replies import get_prompt_manifest as get_manifest
from ttrpg_assistant.conversations.replies import list_message_homes as list_homes
from ttrpg_assistant.conversations.replies import select_reply as select
from ttrpg_assistant.conversations.turns import TurnRunner
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database


def reply_routes(
    database: Database,
    runner: TurnRunner,
    changes: Changes,
    removals: Removals,
    proposals: Proposals,
) -> Routes:
    """What can be done with an answer, and with what was removed."""
    routes = Routes(tags=["replies"], responses=dict(PROBLEMS))

    @routes.post("/api/replies/{message_id}/stop", operation_id="stop_reply")
    async def stop_reply(message_id: PathId) -> Response:
        """End a reply early; answers when its text is stored."""
        return answer(await wire_message(proposals, await runner.stop(message_id)))

    @routes.post(
        "/api/replies/{message_id}/regenerate", operation_id="regenerate_reply", status_code=202
    )
    async def regenerate_reply(message_id: PathId, body: RegenerateBody | None = None) -> Response:
        """Answer again beside the answer there is."""
        posted = await runner.regenerate(message_id, body.new_message_id if body else None)
        return answer(await wire_turn(proposals, posted), 202)

    @routes.post(
        "/api/replies/{message_id}/continue", operation_id="continue_reply", status_code=202
    )
    async def continue_reply(message_id: PathId, body: ContinueBody | None = None) -> Response:
        """Go on with an answer that was cut off, in the same message."""
        posted = await runner.continue_reply(message_id, body.turn_id if body else None)
        return answer(await wire_turn(proposals, posted), 202)

    @routes.get("/api/replies/{message_id}/manifest", operation_id="get_prompt_manifest")
    async def get_prompt_manifest(message_id: PathId) -> Response:
        """What the model had in front of it for this answer: names and counts, never texts."""
        return answer(await get_manifest(database, message_id))

    @routes.post("/api/messages/{message_id}/select", operation_id="select_reply")
    async def select_reply(message_id: PathId) -> Response:
        """Let the conversation go on from this message."""
        return answer(await select(database, changes, message_id))

    @routes.get("/api/message-homes", operation_id="list_message_homes")
    async def list_message_homes(
        message_id: Annotated[list[Uuid], Query(min_length=1, max_length=50)],
    ) -> Response:
        """The conversations that messages were said in; those out of sight are left out."""
        return answer({"homes": await list_homes(database, message_id)})

    @routes.get("/api/removals", operation_id="list_removals")
    async def list_removals() -> Response:
        """What was cleared or deleted and can be brought back."""
        return answer({"removals": await removals.list_all()})

    @routes.post("/api/removals/{removal_id}/undo", operation_id="undo_removal")
    async def undo_removal(removal_id: PathId) -> Response:
        """Bring back what was cleared or deleted."""
        return answer({"restored": await removals.undo(removal_id)})

    return routes
