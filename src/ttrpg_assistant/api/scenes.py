"""Scenes of several NPCs over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from fastapi import Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Limit, PathId, Said, Seq, Text, Uuid, answer
from ttrpg_assistant.api.chat_sessions import check_one_direction
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.api.ports import Proposals
from ttrpg_assistant.api.proposal_pages import page_with_proposals, wire_message
from ttrpg_assistant.api.quick_routes import add_quick
from ttrpg_assistant.conversations.model import TITLE_CHARACTERS, PostedTurn
from ttrpg_assistant.conversations.npc.scenes import MOST, Scene, Scenes


class NewSceneBody(Body):
    """Who takes part, in the order in which they speak."""

    npc_ids: Annotated[list[Uuid], Field(max_length=MOST)]
    title: Annotated[Text, Field(min_length=1, max_length=TITLE_CHARACTERS)] | None = None


class SceneTurnBody(Body):
    """What was said; who is to answer, when the game master chooses; or to whom alone."""

    message_id: Uuid
    content: Said
    answering: Annotated[list[Uuid], Field(max_length=MOST)] | None = None
    whisper_to: Uuid | None = None
    replaces: Uuid | None = None


def scene_routes(scenes: Scenes, proposals: Proposals) -> Routes:
    """Every operation on scenes."""
    routes = Routes(tags=["scenes"], responses=dict(PROBLEMS))

    @routes.post("/api/scenes", operation_id="create_scene", status_code=201)
    async def create_scene(body: NewSceneBody) -> Response:
        """A new scene with two to five NPCs of one campaign."""
        return answer(_wire_scene(await scenes.create(body.npc_ids, body.title)), 201)

    @routes.get("/api/campaigns/{campaign_id}/scenes", operation_id="list_scenes")
    async def list_scenes(campaign_id: PathId) -> Response:
        """The campaign's scenes, the latest touched first."""
        found = await scenes.list_for_campaign(campaign_id)
        return answer({"scenes": [_wire_scene(scene) for scene in found]})

    @routes.get("/api/scenes/{scene_id}", operation_id="get_scene")
    async def get_scene(scene_id: PathId) -> Response:
        """A scene and who takes part in it."""
        return answer(_wire_scene(await scenes.get(scene_id)))

    @routes.get("/api/scenes/{scene_id}/messages", operation_id="get_scene_messages")
    async def get_scene_messages(
        scene_id: PathId, limit: Limit = 50, before: Seq = None, after: Seq = None
    ) -> Response:
        """What was said in the scene, whispers too, oldest first."""
        check_one_direction(before, after)
        page = await scenes.get_messages(scene_id, limit=limit, before=before, after=after)
        return answer(await page_with_proposals(proposals, page))

    @routes.post("/api/scenes/{scene_id}/read", operation_id="mark_scene_read")
    async def mark_scene_read(scene_id: PathId) -> Response:
        """Every answer of this scene has been seen."""
        return answer({"read": await scenes.mark_read(scene_id)})

    @add_quick(
        routes,
        "POST",
        "/api/scenes/{scene_id}/turns",
        operation_id="say_in_scene",
        status_code=202,
    )
    async def say_in_scene(scene_id: PathId, body: SceneTurnBody) -> Response:
        """Say something to everyone there or whisper it to one, and have it answered."""
        posted = await scenes.say(
            scene_id,
            message_id=body.message_id,
            content=body.content,
            answering=body.answering,
            whisper_to=body.whisper_to,
            replaces=body.replaces,
        )
        return answer(await _wire_turns(proposals, posted), 202)

    return routes


def _wire_scene(scene: Scene) -> dict[str, Any]:
    return {**msgspec.to_builtins(scene.conversation), "members": scene.members}


async def _wire_turns(proposals: Proposals, posted: Sequence[PostedTurn]) -> dict[str, Any]:
    return {
        "user_message": posted[0].user_message,
        "assistant_messages": [
            await wire_message(proposals, one.assistant_message) for one in posted
        ],
    }
