"""The page's own files, served as they are; every other path opens the page.

The files hold no secret, so they need no credential. They are revalidated on each load
(`no-cache` with an ETag), except what is vendored and never changes under its name.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

WEB = Path(__file__).parent.parent / "web"

PAGE_FOLDERS = ("app", "styles", "vendor", "fonts", "icons")
"""What of the page is served as files."""

_INLINE_MAP = re.compile(rb'<script type="importmap">(.*?)</script>', re.DOTALL)


def inline_script_hashes(index: Path = WEB / "index.html") -> list[str]:
    """The hashes of the import maps in the page, which no policy lets in otherwise."""
    if not index.exists():
        return []
    return [
        "sha256-" + base64.b64encode(hashlib.sha256(found).digest()).decode()
        for found in _INLINE_MAP.findall(index.read_bytes())
    ]


class PageFiles(StaticFiles):
    """Static files that a browser asks about again before using its copy."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; what is vendored may be kept for a day."""
        answer = await super().get_response(path, scope)
        kept = Path(str(self.directory)).name in ("vendor", "fonts")
        answer.headers["Cache-Control"] = "public, max-age=86400" if kept else "no-cache"
        return answer


def page_routes() -> APIRouter:
    """Opens the page for every path that is not a file and not part of the API."""
    routes = APIRouter()

    @routes.get("/{path:path}", include_in_schema=False)
    async def open_page(path: str, request: Request) -> Response:
        """The page itself; it finds its screen from the path."""
        last = path.rsplit("/", 1)[-1]
        if path.startswith("api/") or "." in last:
            raise HTTPException(404, "There is nothing here.")
        return FileResponse(
            WEB / "index.html", headers={"Cache-Control": "no-cache"}, media_type="text/html"
        )

    return routes
