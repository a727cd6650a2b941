"""Rehearsing an NPC over HTTP: a player's next question, hints, samples, discovered traits."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, PathId, Text, Uuid, answer
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.api.ports import Proposals
from ttrpg_assistant.api.proposal_pages import wire_message
from ttrpg_assistant.campaigns.model import Npc
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.conversations.model import TITLE_CHARACTERS
from ttrpg_assistant.conversations.npc.rehearsal import Rehearsals, find_line
from ttrpg_assistant.errors import Conflict, InvalidInput

MOST_ATTEMPTS = 5
"""How often keeping a line is tried when the sheet is edited at the same moment."""


class RehearsalBody(Body):
    """What to call the rehearsal."""

    title: Annotated[Text, Field(min_length=1, max_length=TITLE_CHARACTERS)] | None = None


class FinishBody(Body):
    """The id of the message that will say what was found: repeating is harmless."""

    message_id: Uuid


class LineBody(Body):
    """Words of the answer, as they stand in it."""

    line: Annotated[Text, Field(min_length=1, max_length=500)]


def rehearsal_routes(rehearsals: Rehearsals, npcs: Npcs, proposals: Proposals) -> Routes:
    """Every operation on rehearsing an NPC."""
    routes = Routes(tags=["rehearsal"], responses=dict(PROBLEMS))

    @routes.post("/api/npcs/{npc_id}/rehearsals", operation_id="start_rehearsal", status_code=201)
    async def start_rehearsal(npc_id: PathId, body: RehearsalBody | None = None) -> Response:
        """A new conversation to try the NPC's voice in."""
        return answer(await rehearsals.start(npc_id, body.title if body else None), 201)

    @routes.post(
        "/api/npc-conversations/{conversation_id}/player-question",
        operation_id="propose_player_question",
    )
    async def propose_player_question(conversation_id: PathId) -> Response:
        """What a player might say to the NPC next; it is not stored."""
        return answer({"question": await rehearsals.propose_question(conversation_id)})

    @routes.post(
        "/api/npc-conversations/{conversation_id}/finish-rehearsal",
        operation_id="finish_rehearsal",
        status_code=201,
    )
    async def finish_rehearsal(conversation_id: PathId, body: FinishBody) -> Response:
        """What the rehearsal showed about the NPC, with the traits it proposes (FR-204)."""
        message = await rehearsals.finish(conversation_id, body.message_id)
        return answer({"message": await wire_message(proposals, message)}, 201)

    @routes.get(
        "/api/npc-conversations/{conversation_id}/voice-hints", operation_id="get_voice_hints"
    )
    async def get_voice_hints(conversation_id: PathId) -> Response:
        """Hints on keeping the NPC's voice (FR-205)."""
        return answer(await rehearsals.check_voice(conversation_id))

    @routes.post("/api/replies/{message_id}/sample-line", operation_id="keep_sample_line")
    async def keep_sample_line(message_id: PathId, body: LineBody) -> Response:
        """Keep words that the NPC said among the sample lines of its sheet."""
        npc_id, message = await rehearsals.get_spoken(message_id)
        line = find_line(message.content, body.line)
        if line is None:
            raise InvalidInput("The NPC did not say this.", code="not_spoken")
        return answer(await _keep(npcs, npc_id, line, message_id))

    return routes


async def _keep(npcs: Npcs, npc_id: str, line: str, message_id: str) -> Npc:
    """Append the line to what the sheet says now, whoever edits it meanwhile."""
    for attempt in range(MOST_ATTEMPTS):
        npc = await npcs.get(npc_id)
        if line in npc.sample_lines:
            return npc
        changes = {"sample_lines": [*npc.sample_lines, line]}
        try:
            return await npcs.update(npc_id, npc.revision, changes, message_id=message_id)
        except Conflict:
            if attempt == MOST_ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")
