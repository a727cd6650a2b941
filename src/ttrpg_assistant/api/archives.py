"""Files over HTTP: a conversation, a whole campaign, imports under way.

Uploads are the file itself as `application/octet-stream`, written to the disk as it comes; no
browser sends that type across origins without asking first.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Query, Request, Response
from starlette.responses import StreamingResponse

from ttrpg_assistant.api.bodies import PROBLEMS, PathId, answer
from ttrpg_assistant.api.downloads import attached, send_and_delete
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.archives.arriving import ArrivingFiles
from ttrpg_assistant.archives.campaign_archive import CampaignArchives
from ttrpg_assistant.archives.talk_files import TalkFiles, TalkFormat

_KINDS = {"markdown": ("text/markdown", "md"), "jsonl": ("application/jsonl", "jsonl")}
_UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def archive_routes(
    archives: CampaignArchives,
    files: TalkFiles,
    arriving: ArrivingFiles,
) -> Routes:
    """Every operation on files."""
    routes = Routes(tags=["files"], responses=dict(PROBLEMS))

    @routes.get("/api/conversations/{conversation_id}/export", operation_id="export_conversation")
    async def export_conversation(
        conversation_id: PathId, spelled: Annotated[TalkFormat, Query(alias="format")] = "markdown"
    ) -> Response:
        """A conversation as a file."""
        title = await files.get_title(conversation_id)
        return _streamed(files.write(conversation_id, spelled), title, spelled)

    @routes.get("/api/campaigns/{campaign_id}/talk", operation_id="export_campaign_talk")
    async def export_campaign_talk(
        campaign_id: PathId, spelled: Annotated[TalkFormat, Query(alias="format")] = "markdown"
    ) -> Response:
        """All talk of a campaign as one file, conversation after conversation."""
        name, ids = await files.list_of_campaign(campaign_id)
        return _streamed(files.write_all(ids, spelled), name, spelled)

    @routes.get("/api/campaigns/{campaign_id}/archive", operation_id="archive_campaign_file")
    async def archive_campaign_file(campaign_id: PathId) -> Response:
        """A whole campaign as a zip that `restore_campaign_file` reads back."""
        target = arriving.new_file(".zip")
        try:
            name = await archives.write(campaign_id, target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return send_and_delete(target, name, "zip", "application/zip")

    @routes.post(
        "/api/archives",
        operation_id="restore_campaign_file",
        status_code=201,
        responses={202: {"description": "With `wait=false`: the import that has begun."}},
        openapi_extra=_UPLOAD,
    )
    async def restore_campaign_file(
        request: Request,
        wait: bool = True,
        title: Annotated[str, Query(max_length=200)] = "Archive",
    ) -> Response:
        """Read an archive of a campaign back, whole or not at all. With `wait=false` it answers
        at once; follow it with `get_import`."""
        source = await arriving.receive(request.stream(), ".zip")
        if wait:
            return answer(await archives.restore(source), 201)
        return answer(await archives.begin(source, title), 202)

    return routes


def _streamed(pieces: AsyncIterator[bytes], title: str, spelled: TalkFormat) -> Response:
    kind, ending = _KINDS[spelled]
    return StreamingResponse(
        pieces,
        media_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": attached(title, ending)},
    )
