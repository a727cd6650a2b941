"""Edits of many things at once over HTTP, and the tags of a campaign."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Limit, PathId, Text, Uuid, answer
from ttrpg_assistant.api.entities import Revision, Search, Texts
from ttrpg_assistant.api.kind_bodies import KnowerBody
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.campaigns.bulk_edits import MOST_AT_ONCE, BulkEdits
from ttrpg_assistant.campaigns.checks import LIST_LENGTH
from ttrpg_assistant.campaigns.model import NamedAudience
from ttrpg_assistant.campaigns.store.bulk_edits import MadeEdit, Picked

KindWord = Annotated[Text, Field(max_length=80)]
Tags = Annotated[Texts, Field(default_factory=list, max_length=LIST_LENGTH)]


class PickedBody(Body):
    """A thing, by kind and id."""

    kind: KindWord
    id: Uuid


class MadeEditBody(PickedBody):
    """An edit that was made, by the revision the thing got by it."""

    revision: Revision


class BulkEditBody(Body):
    """What to change of which things; what is left out stays as it is."""

    things: Annotated[list[PickedBody], Field(min_length=1, max_length=MOST_AT_ONCE)]
    add_tags: Tags
    remove_tags: Tags
    audience: NamedAudience | None = None
    known_to: Annotated[list[KnowerBody], Field(max_length=LIST_LENGTH)] | None = None


class UndoBulkEditBody(Body):
    """The edits to take back, as `changed` named them."""

    edits: Annotated[list[MadeEditBody], Field(min_length=1, max_length=MOST_AT_ONCE)]


def bulk_edit_routes(edits: BulkEdits) -> Routes:
    """Every operation on many things at once."""
    routes = Routes(tags=["things"], responses=dict(PROBLEMS))
    inside = "/api/campaigns/{campaign_id}"

    @routes.post(f"{inside}/bulk-edits", operation_id="edit_things")
    async def edit_things(campaign_id: PathId, body: BulkEditBody) -> Response:
        """Add and remove tags and set who may know, of many things in one transaction."""
        known_to: list[Any] | None = (
            None if body.known_to is None else [one.model_dump() for one in body.known_to]
        )
        return answer(
            await edits.edit(
                campaign_id,
                [Picked(one.kind, one.id) for one in body.things],
                add_tags=body.add_tags,
                remove_tags=body.remove_tags,
                audience=body.audience,
                known_to=known_to,
            )
        )

    @routes.post(f"{inside}/bulk-edits/undo", operation_id="undo_edit_things")
    async def undo_edit_things(campaign_id: PathId, body: UndoBulkEditBody) -> Response:
        """Take back what `edit_things` changed; what was changed again since is left alone."""
        made = [MadeEdit(one.kind, one.id, one.revision) for one in body.edits]
        return answer(await edits.undo(campaign_id, made))

    @routes.get(f"{inside}/tags", operation_id="list_tags")
    async def list_tags(
        campaign_id: PathId, kind: Text | None = None, search: Search = "", limit: Limit = 200
    ) -> Response:
        """The tags of what is in use in the campaign with how many things have each."""
        found = await edits.list_tags(campaign_id, kind=kind, search=search, limit=limit)
        return answer({"tags": found})

    return routes
