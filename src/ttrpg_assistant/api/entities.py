"""What the routes of campaigns, game sessions, NPCs, locations and plot points share.

An update is `{revision, changes}`: only the fields that are named change, and a `revision` that
is no longer current is answered 409 with `mine`, `theirs` and `base`. Lengths are checked where
fields are kept (`campaigns.checks`), once; an answer 413 names the field and its limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from fastapi import Path, Query, Response
from pydantic import BeforeValidator, Field, JsonValue

from ttrpg_assistant.api.bodies import UNSTORABLE, UUID_PATTERN, Body, Text, answer
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.campaigns.entities import Entities
from ttrpg_assistant.campaigns.model import Entity, Page
from ttrpg_assistant.campaigns.store.entities import plain_values
from ttrpg_assistant.ids import check_id

Fields = TypeVar("Fields", bound=Body)

Search = Annotated[Text, Query(max_length=200)]
Cursor = Annotated[str | None, Query(pattern=UUID_PATTERN)]
Archived = Literal["no", "only", "all"]
"""Which a list shows: those in use, those archived, or both."""
Texts = list[Text]

ARCHIVED: Mapping[Archived, bool | None] = {"no": False, "only": True, "all": None}


def _only_storable(value: Any) -> Any:
    return msgspec.json.decode(_storable_json(value))


def _storable_json(value: Any) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        raise ValueError(UNSTORABLE) from None


JsonObject = Annotated[dict[str, JsonValue], BeforeValidator(_only_storable)]
"""A JSON object, kept as it is."""


Revision = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Changing(Body, Generic[Fields]):
    """The fields to change, and the revision they were read at."""

    revision: Revision
    changes: Fields


def given(body: Body, *leaving_out: str) -> dict[str, Any]:
    """The fields that the request really names."""
    return body.model_dump(exclude_unset=True, exclude=set(leaving_out))


def answer_one(entity: Entity, status: int = 200) -> Response:
    """One entity as it is sent: every declared field under its own name."""
    return answer(plain_values(entity), status)


def answer_page(name: str, page: Page[Any]) -> Response:
    """A page of entities as it is sent."""
    return answer({**wire_page(name, page), name: [plain_values(one) for one in page.items]})


def wire_page(name: str, page: Page[Any]) -> dict[str, Any]:
    """A page of a list as it is sent."""
    return {name: page.items, "has_more": page.has_more, "next_cursor": page.next_cursor}


def add_shared_routes(routes: Routes, service: Entities[Any], name: str, path: str) -> None:
    """The operations that take only an id: get (but for campaigns), archive, restore, delete."""
    one = f"{path}/{{{name}_id}}"
    its_id: str = Path(alias=f"{name}_id", pattern=UUID_PATTERN)
    noun, one_of_it = service.kind.noun, service.kind.one

    if name != "campaign":

        @routes.get(one, operation_id=f"get_{name}", summary=f"One {noun}, GM-only fields too.")
        async def get(id: str = its_id) -> Response:
            return answer_one(await service.get(check_id(id)))

    @routes.post(
        f"{one}/archive",
        operation_id=f"archive_{name}",
        summary=f"Archive {one_of_it}: out of lists and summaries, not deleted.",
    )
    async def archive(id: str = its_id) -> Response:
        return answer_one(await service.archive(check_id(id)))

    @routes.post(
        f"{one}/restore",
        operation_id=f"restore_{name}",
        summary=f"Bring a removed {noun} back as it was, or else an archived one into use.",
    )
    async def restore(id: str = its_id) -> Response:
        return answer_one(await service.restore(check_id(id)))

    @routes.delete(
        one, operation_id=f"delete_{name}", summary=f"Delete {one_of_it}; undoable for 30 days."
    )
    async def delete(id: str = its_id) -> Response:
        return answer(await service.remove(check_id(id)))

    @routes.get(
        f"{one}/sources",
        operation_id=f"list_{name}_sources",
        summary=f"The messages that fields of {one_of_it} were accepted from.",
    )
    async def list_sources(id: str = its_id) -> Response:
        return answer({"sources": await service.list_sources(check_id(id))})
