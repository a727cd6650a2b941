"""Relations between the things of a campaign, over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

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
from ttrpg_assistant.api.entities import Changing, Cursor, given, wire_page
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.campaigns.model import ThingAudience
from ttrpg_assistant.campaigns.relations import Relations


class KnowerBody(Body):
    """One who knows of it: an NPC or player character by id, or a group by name."""

    kind: Literal["npc", "character", "group"]
    id: Text = ""
    group: Text = ""


class RelationFields(Body):
    """What can be changed of a relation. With audience ``gm`` it is for the GM's eyes only, and
    so is `note` always."""

    label: Text = ""
    attitude: Annotated[int, Field(ge=-2, le=2)] | None = None
    audience: ThingAudience = "gm"
    known_to: list[KnowerBody] = Field(default_factory=list)
    note: Text = ""


class NewRelationBody(RelationFields):
    """A relation to be made. With an `id` of the caller's, repeating is harmless."""

    id: Uuid | None = None
    from_kind: Text
    from_id: Uuid
    to_kind: Text
    to_id: Uuid


def relation_routes(relations: Relations) -> Routes:
    """Every operation on relations."""
    routes = Routes(tags=["relations"], responses=dict(PROBLEMS))
    of_campaign, one = "/api/campaigns/{campaign_id}/relations", "/api/relations/{relation_id}"

    @routes.post(of_campaign, operation_id="create_relation", status_code=201)
    async def create_relation(campaign_id: PathId, body: NewRelationBody) -> Response:
        """A new relation between two things of the campaign."""
        return answer(await relations.create(campaign_id, given(body, "id"), id=body.id), 201)

    @routes.get(of_campaign, operation_id="list_relations")
    async def list_relations(
        campaign_id: PathId,
        thing_kind: Text | None = None,
        thing_id: Annotated[str | None, Query(pattern=UUID_PATTERN)] = None,
        after: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        """Relations of the campaign, or those of one thing on either side, newest first."""
        page = await relations.list_all(
            campaign_id, thing_kind=thing_kind, thing_id=thing_id, after=after, limit=limit
        )
        return answer(wire_page("relations", page))

    @routes.get(f"{of_campaign}/graph", operation_id="get_relation_graph")
    async def get_relation_graph(campaign_id: PathId) -> Response:
        """All relations of the campaign in few words, and the things they are between."""
        return answer(await relations.get_graph(campaign_id))

    @routes.patch(one, operation_id="update_relation")
    async def update_relation(relation_id: PathId, body: Changing[RelationFields]) -> Response:
        """Change words, attitude, audience or note; 409 when stale."""
        changes = given(body.changes)
        return answer(await relations.update(relation_id, body.revision, changes))

    @routes.delete(one, operation_id="delete_relation")
    async def delete_relation(relation_id: PathId) -> Response:
        """Delete a relation; undoable for 30 days."""
        return answer(await relations.remove(relation_id))

    @routes.post(f"{one}/restore", operation_id="restore_relation")
    async def restore_relation(relation_id: PathId) -> Response:
        """Bring a deleted relation back as it was."""
        return answer(await relations.restore(relation_id))

    return routes
