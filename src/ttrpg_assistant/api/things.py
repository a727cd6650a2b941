"""Things of every kind over HTTP, and what kinds there are.

What a body may hold is what the kind declares (`campaigns/kinds/`): checked where fields are kept,
so that a kind or a field that is added is known here at once.
"""

from __future__ import annotations

from typing import Any

from fastapi import Query, Request, Response

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Limit, PathId, Text, Uuid, answer
from ttrpg_assistant.api.declared_kinds import wire_kinds
from ttrpg_assistant.api.entities import (
    ARCHIVED,
    Archived,
    Cursor,
    JsonObject,
    Revision,
    Search,
)
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.campaigns.stat_blocks import read_stat_block
from ttrpg_assistant.campaigns.store.entities import plain_values
from ttrpg_assistant.campaigns.store.listing import Sort
from ttrpg_assistant.campaigns.things import Things

MOST_TAGS = 20
"""Tags that one list can be narrowed by."""

FILTERS = frozenset({"search", "archived", "tag", "sort", "after", "limit"})


class NewThingBody(Body):
    """A thing to be made, its fields as its kind declares them. With an `id` of the caller's,
    repeating is harmless."""

    id: Uuid | None = None
    fields: JsonObject


class ChangeThingBody(Body):
    """The fields to change, and the revision they were read at."""

    revision: Revision
    changes: JsonObject


def thing_routes(things: Things) -> Routes:
    """Every generic operation on things."""
    routes = Routes(tags=["things"], responses=dict(PROBLEMS))
    all_of_kind = "/api/campaigns/{campaign_id}/things/{kind}"
    one = f"{all_of_kind}/{{thing_id}}"

    @routes.get("/api/kinds", operation_id="list_kinds")
    async def list_kinds() -> Response:
        """The kinds of things there are, with their fields: what forms and lists are made of."""
        return answer({"kinds": wire_kinds()})

    @routes.post(all_of_kind, operation_id="create_thing", status_code=201)
    async def create_thing(campaign_id: PathId, kind: Text, body: NewThingBody) -> Response:
        """A new thing of this kind in the campaign."""
        made = await things.of_kind(kind).create(campaign_id, body.fields, id=body.id)
        return answer(wire_thing(kind, made), 201)

    @routes.get(all_of_kind, operation_id="list_things")
    async def list_things(
        request: Request,
        campaign_id: PathId,
        kind: Text,
        search: Search = "",
        archived: Archived = "no",
        tag: list[Text] = Query(default_factory=list, max_length=MOST_TAGS),  # noqa: B008
        sort: Sort = "name",
        after: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        """Things of a kind; further query parameters narrow by the fields the kind allows."""
        filters = read_filters(get_kind(kind), request)
        page = await things.of_kind(kind).list_all(
            campaign_id,
            search=search,
            archived=ARCHIVED[archived],
            filters=filters,
            tags=tag,
            sort=sort,
            after=after,
            limit=limit,
        )
        return answer(
            {
                "things": [wire_thing(kind, one) for one in page.items],
                "has_more": page.has_more,
                "next_cursor": page.next_cursor,
            }
        )

    @routes.get(one, operation_id="get_thing")
    async def get_thing(campaign_id: PathId, kind: Text, thing_id: PathId) -> Response:
        """One thing, GM-only fields too."""
        return answer(wire_thing(kind, await things.get(campaign_id, kind, thing_id)))

    @routes.patch(one, operation_id="update_thing")
    async def update_thing(
        campaign_id: PathId, kind: Text, thing_id: PathId, body: ChangeThingBody
    ) -> Response:
        """Change some fields; 409 with both versions when they were changed elsewhere."""
        await things.get(campaign_id, kind, thing_id)
        changed = await things.of_kind(kind).update(thing_id, body.revision, body.changes)
        return answer(wire_thing(kind, changed))

    @routes.post(f"{one}/archive", operation_id="archive_thing")
    async def archive_thing(campaign_id: PathId, kind: Text, thing_id: PathId) -> Response:
        """Archive a thing: out of lists and summaries, not deleted."""
        await things.get(campaign_id, kind, thing_id)
        return answer(wire_thing(kind, await things.of_kind(kind).archive(thing_id)))

    @routes.post(f"{one}/restore", operation_id="restore_thing")
    async def restore_thing(campaign_id: PathId, kind: Text, thing_id: PathId) -> Response:
        """Bring a removed thing back as it was, or else an archived one into use."""
        return answer(wire_thing(kind, await things.restore(campaign_id, kind, thing_id)))

    @routes.delete(one, operation_id="delete_thing")
    async def delete_thing(campaign_id: PathId, kind: Text, thing_id: PathId) -> Response:
        """Delete a thing; undoable for 30 days."""
        await things.get(campaign_id, kind, thing_id)
        return answer(await things.of_kind(kind).remove(thing_id))

    @routes.get(f"{one}/sources", operation_id="list_thing_sources")
    async def list_thing_sources(campaign_id: PathId, kind: Text, thing_id: PathId) -> Response:
        """The messages that fields of a thing were accepted from."""
        await things.get(campaign_id, kind, thing_id)
        return answer({"sources": await things.of_kind(kind).list_sources(thing_id)})

    @routes.get("/api/things/{kind}/{thing_id}", operation_id="find_thing")
    async def find_thing(kind: Text, thing_id: PathId) -> Response:
        """One thing by kind and id alone, as a mention names it."""
        return answer(wire_thing(kind, await things.of_kind(kind).get(thing_id)))

    return routes


def wire_thing(kind: str, thing: Any) -> dict[str, Any]:
    """A thing as it is sent: every declared field under its own name, its kind, and the numbers
    that were found in what is written of it, where its kind has such fields."""
    values = plain_values(thing)
    written = [values[name] for name, one in get_kind(kind).fields.items() if one.has_numbers]
    numbers = {"numbers": read_stat_block("\n".join(written))} if written else {}
    return {**values, "entity_kind": kind, **numbers}


def read_filters(kind: EntityKind[Any], request: Request) -> dict[str, object]:
    """The query parameters that are fields to narrow a list by; flags as true or false."""
    found: dict[str, object] = {}
    for name, text in request.query_params.items():
        if name in FILTERS or name not in kind.fields:
            continue
        is_flag = kind.fields[name].shape.name == "flag"
        value: object = {"true": True, "false": False}.get(text, text) if is_flag else text
        found[name] = kind.fields[name].shape.check(name, value)
    return found
