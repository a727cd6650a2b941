"""Talk of other programs over HTTP: what is in a file, and importing it.

Uploads are the file itself as `application/octet-stream`, written to the disk as it comes.
"""

from __future__ import annotations

import asyncio
import re
from functools import partial
from typing import Annotated

from fastapi import Query, Request, Response

from ttrpg_assistant.api.bodies import PROBLEMS, UUID_PATTERN, answer
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.archives.arriving import ArrivingFiles
from ttrpg_assistant.archives.talk_formats import get_format
from ttrpg_assistant.archives.talk_formats.moments import read_moment
from ttrpg_assistant.archives.talk_preview import preview
from ttrpg_assistant.archives.transcripts import Transcripts
from ttrpg_assistant.errors import InvalidInput

MOST_NUMBERED = 1_000_000
"""The highest number of a conversation that can be chosen."""

_RANGES = r"^\d{1,7}(-\d{1,7})?(,\d{1,7}(-\d{1,7})?)*$"
_RANGE = re.compile(r"(\d{1,7})(?:-(\d{1,7}))?")
_UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_Names = Annotated[list[str] | None, Query(max_length=200)]
_FormatName = Annotated[str | None, Query(alias="format", max_length=40)]


def transcript_routes(transcripts: Transcripts, arriving: ArrivingFiles) -> Routes:
    """Every operation on transcripts that are files."""
    routes = Routes(tags=["files"], responses=dict(PROBLEMS))

    @routes.post(
        "/api/transcripts",
        operation_id="import_transcript",
        status_code=202,
        openapi_extra=_UPLOAD,
    )
    async def import_transcript(
        request: Request,
        spelled: _FormatName = "text",
        title: Annotated[str, Query(max_length=200)] = "Transcript",
        campaign_id: Annotated[str | None, Query(pattern=UUID_PATTERN)] = None,
        answers: _Names = None,
        hidden: _Names = None,
        conversations: Annotated[str | None, Query(max_length=20_000, pattern=_RANGES)] = None,
        began: Annotated[str | None, Query(max_length=40)] = None,
    ) -> Response:
        """Import a transcript as a thread, or each of its conversations as one; follow it with
        `get_import`."""
        get_format(spelled or "text")
        wanted, moment = _read_ranges(conversations), _read_start(began)
        source = await arriving.receive(request.stream(), ".txt")
        try:
            begun = await transcripts.begin(
                source,
                spelled=spelled or "text",
                title=title,
                campaign_id=campaign_id,
                answers=None if answers is None else frozenset(map(str.lower, answers)),
                hidden=frozenset(map(str.lower, hidden or ())),
                wanted=wanted,
                began=moment,
            )
        except BaseException:
            source.unlink(missing_ok=True)
            raise
        return answer(begun, 202)

    @routes.post(
        "/api/transcripts/preview",
        operation_id="preview_transcript",
        openapi_extra=_UPLOAD,
    )
    async def preview_transcript(
        request: Request, whole: bool = True, spelled: _FormatName = None
    ) -> Response:
        """What a transcript is, who speaks in it and what of it is left out; the same of the
        beginning of one. Nothing is stored."""
        if spelled is not None:
            get_format(spelled)
        source = await arriving.receive(request.stream(), ".txt")
        try:
            look = partial(preview, source, is_whole=whole, spelled=spelled)
            return answer(await asyncio.to_thread(look))
        finally:
            await asyncio.to_thread(source.unlink, missing_ok=True)

    return routes


def _read_ranges(text: str | None) -> frozenset[int] | None:
    """`0-4,7` as numbers. Raises `InvalidInput` for more than there can be."""
    if text is None:
        return None
    found: set[int] = set()
    for match in _RANGE.finditer(text):
        first, last = int(match[1]), int(match[2] or match[1])
        if last >= MOST_NUMBERED or len(found) + last - first >= MOST_NUMBERED:
            raise InvalidInput("No file has so many conversations.", code="invalid_conversations")
        found.update(range(first, last + 1))
    return frozenset(found)


def _read_start(text: str | None) -> str | None:
    """The moment a recording began. Raises `InvalidInput` for what is none."""
    if not text:
        return None
    moment = read_moment(text)
    if moment is None:
        raise InvalidInput(
            "The beginning of the recording is not a moment that can be read.",
            code="invalid_moment",
            cure="Write it as 2026-11-30T19:00.",
        )
    return moment
