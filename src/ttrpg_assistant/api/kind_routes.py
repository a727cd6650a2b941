"""The operations that a kind has under a path of its own: create, list, update and those that take
only an id. What they take is made from the kind's declaration."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Response

from ttrpg_assistant.api import kind_bodies
from ttrpg_assistant.api.bodies import PROBLEMS, UUID_PATTERN, PathId
from ttrpg_assistant.api.entities import (
    ARCHIVED,
    add_shared_routes,
    answer_one,
    answer_page,
    given,
)
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.campaigns.entities import Entities
from ttrpg_assistant.ids import check_id

_PAGING = {"search", "archived", "after", "limit"}


def kind_routes(service: Entities[Any]) -> Routes:
    """Every operation on things of one kind that needs no code of its own."""
    kind = service.kind
    routes = Routes(tags=[kind.plural], responses=dict(PROBLEMS))
    inside, one = f"/api/campaigns/{{campaign_id}}/{kind.path}", f"/api/{kind.path}"

    async def create(campaign_id: PathId, body: Any) -> Response:
        made = await service.create(campaign_id, given(body, "id"), id=body.id)
        return answer_one(made, 201)

    async def list_all(campaign_id: PathId, wanted: Any) -> Response:
        filters = wanted.model_dump(exclude=_PAGING, exclude_none=True)
        page = await service.list_all(
            campaign_id,
            search=wanted.search,
            archived=ARCHIVED[wanted.archived],
            filters=filters,
            after=wanted.after,
            limit=wanted.limit,
        )
        return answer_page(kind.list_name, page)

    its_id: str = Path(alias=f"{kind.name}_id", pattern=UUID_PATTERN)

    async def update(body: Any, id: str = its_id) -> Response:
        return answer_one(await service.update(check_id(id), body.revision, given(body.changes)))

    create.__annotations__["body"] = kind_bodies.new_body(kind.name)
    update.__annotations__["body"] = kind_bodies.change_body(kind.name)
    query = kind_bodies.list_query(kind.name)
    list_all.__annotations__["wanted"] = Annotated[query, Query()]
    routes.post(
        inside,
        operation_id=f"create_{kind.name}",
        status_code=201,
        summary=f"A new {kind.noun} in the campaign.",
    )(create)
    routes.get(
        inside,
        operation_id=f"list_{kind.list_name}",
        summary=f"{kind.plural} by {kind.name_field}; `search` looks into aliases too.",
    )(list_all)
    routes.patch(
        f"{one}/{{{kind.name}_id}}",
        operation_id=f"update_{kind.name}",
        summary="Change some fields; 409 with both versions when they were changed elsewhere.",
    )(update)
    add_shared_routes(routes, service, kind.name, one)
    return routes
