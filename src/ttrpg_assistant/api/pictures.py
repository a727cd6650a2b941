"""Pictures over HTTP. An upload is the file itself as `application/octet-stream`, as for archives;
a picture is sent as what it is, and may be kept by the browser: its bytes never change.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query, Request, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import (
    MOST_STORED,
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
from ttrpg_assistant.archives.arriving import ArrivingFiles
from ttrpg_assistant.ids import check_id
from ttrpg_assistant.pictures.pictures import NewPicture, Pictures

MOST_THINGS = 100
"""Things whose pictures one question may be about."""

CACHING = "private, max-age=31536000, immutable"

Word = Annotated[str, Query(max_length=40)]
Id = Annotated[str | None, Query(pattern=UUID_PATTERN)]


class PictureFields(Body):
    """What can be changed of a picture. `place` is its number among the thing's, from 0."""

    caption: Text = ""
    audience: Text = "gm"
    place: Annotated[int, Field(ge=0, le=MOST_STORED)] = 0


def picture_routes(pictures: Pictures, arriving: ArrivingFiles) -> Routes:
    """Every operation on pictures."""
    routes = Routes(tags=["pictures"], responses=dict(PROBLEMS))

    @routes.post(
        "/api/campaigns/{campaign_id}/pictures",
        operation_id="upload_picture",
        status_code=201,
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
                },
            }
        },
    )
    async def upload_picture(
        request: Request,
        campaign_id: PathId,
        kind: Word,
        thing_id: Annotated[str, Query(pattern=UUID_PATTERN)],
        role: Word = "picture",
        caption: Annotated[Text, Query(max_length=2_000)] = "",
        audience: Word = "gm",
        id: Id = None,
    ) -> Response:
        """Add a picture of a thing. A portrait takes the place of the one there was."""
        new = NewPicture(kind, check_id(thing_id), role, caption, audience, id)
        new = await pictures.check_new(campaign_id, new)
        source = await arriving.receive(request.stream(), ".picture")
        try:
            return answer(await pictures.add(campaign_id, new, source), 201)
        finally:
            source.unlink(missing_ok=True)

    @routes.get("/api/campaigns/{campaign_id}/pictures", operation_id="list_pictures")
    async def list_pictures(
        campaign_id: PathId,
        kind: Annotated[str | None, Query(max_length=40)] = None,
        thing_id: Annotated[list[Uuid] | None, Query(max_length=MOST_THINGS)] = None,
        role: Annotated[str | None, Query(max_length=40)] = None,
        after: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        """Pictures of a campaign, or of some of its things, each thing's in their order."""
        page = await pictures.list_all(
            campaign_id,
            thing_kind=kind,
            thing_ids=thing_id or (),
            role=role,
            after=after,
            limit=limit,
        )
        return answer(wire_page("pictures", page))

    @routes.get(
        "/api/pictures/{picture_id}",
        operation_id="get_picture",
        response_class=Response,
        responses={
            200: {
                "description": "The picture.",
                "content": {
                    name: {"schema": {"type": "string", "format": "binary"}}
                    for name in ("image/png", "image/jpeg", "image/webp")
                },
            },
            304: {"description": "The browser has it already."},
        },
    )
    async def get_picture(
        request: Request, picture_id: PathId, size: Literal["thumb", "full"] = "full"
    ) -> Response:
        """The picture itself, or its small version."""
        found = await pictures.read(picture_id, size)
        headers = {
            "ETag": f'"{found.etag}"',
            "Cache-Control": CACHING,
            "Vary": "Authorization",
        }
        asked = request.headers.get("if-none-match", "")
        if found.etag in {one.strip().removeprefix("W/").strip('"') for one in asked.split(",")}:
            return Response(status_code=304, headers=headers)
        return Response(found.content, media_type=found.media_type, headers=headers)

    @routes.patch("/api/pictures/{picture_id}", operation_id="update_picture")
    async def update_picture(picture_id: PathId, body: Changing[PictureFields]) -> Response:
        """Change some of what is said of it; 409 when it was changed elsewhere."""
        return answer(await pictures.update(picture_id, body.revision, given(body.changes)))

    @routes.delete("/api/pictures/{picture_id}", operation_id="delete_picture")
    async def delete_picture(picture_id: PathId) -> Response:
        """Remove a picture; undoable for 30 days."""
        return answer(await pictures.remove(picture_id))

    @routes.post("/api/pictures/{picture_id}/restore", operation_id="restore_picture")
    async def restore_picture(picture_id: PathId) -> Response:
        """Bring a removed picture back."""
        return answer(await pictures.restore(picture_id))

    return routes
