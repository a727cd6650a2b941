"""Files on their way out: how they are named, and how one is sent and then deleted."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.responses import FileResponse


def attached(title: str, ending: str) -> str:
    """The header that names a file in every browser's downloads."""
    plain = re.sub(r"[^\w .-]+", " ", title, flags=re.ASCII).strip() or "talk"
    whole = quote(re.sub(r'[\x00-\x1f/\\:*?"<>|]+', " ", title).strip() or "talk")
    return f"attachment; filename=\"{plain[:80]}.{ending}\"; filename*=UTF-8''{whole}.{ending}"


def send_and_delete(file: Path, title: str, ending: str, media_type: str) -> FileResponse:
    """The file as a download; it is deleted when it was sent."""
    return FileResponse(
        file,
        media_type=media_type,
        headers={"Content-Disposition": attached(title, ending)},
        background=BackgroundTask(file.unlink, missing_ok=True),
    )
