"""The page's own files, served as they are; every other path opens the page.

The files hold no secret, so they need no credential. The page names its own modules and
styles under a path that holds their version, so a browser keeps them for good and asks again
only after one of them was edited; asked for without a version they are revalidated on each load.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

WEB = Path(__file__).parent.parent / "web"

PAGE_FOLDERS = ("app", "styles", "vendor", "fonts", "icons")
"""What of the page is served as files."""

_VERSIONED = ("app", "styles")
"""Folders whose files refer to each other by relative paths only."""

_TEXTS = frozenset({".js", ".mjs", ".css", ".svg"})
"""Files that become a third of their size: what a phone at the table waits for."""

_INLINE_MAP = re.compile(rb'<script type="importmap">(.*?)</script>', re.DOTALL)


def inline_script_hashes(index: Path = WEB / "index.html") -> list[str]:
    """The hashes of the import maps in the page, which no policy lets in otherwise."""
    if not index.exists():
        return []
    return [
        "sha256-" + base64.b64encode(hashlib.sha256(found).digest()).decode()
        for found in _INLINE_MAP.findall(index.read_bytes())
    ]


def page_version() -> str:
    """Changes when any file of the page's own does: names, sizes and times, not contents."""
    seen = hashlib.sha256()
    for folder in _VERSIONED:
        for path in sorted((WEB / folder).rglob("*")):
            found = path.stat()
            seen.update(f"{path}:{found.st_mtime_ns}:{found.st_size};".encode())
    return seen.hexdigest()[:16]


@lru_cache(maxsize=1024)
def _compress(path: Path, tag: str) -> bytes:
    # Edited since, it has another tag and is another entry.
    return gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)


async def _smaller(found: Response, scope: Scope) -> Response:
    """The same answer compressed, where the browser and the file allow it."""
    if not isinstance(found, FileResponse) or found.status_code != 200:
        return found
    path = Path(found.path)
    if path.suffix not in _TEXTS:
        return found
    found.headers["Vary"] = "Accept-Encoding"
    if "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
        return found
    body = await asyncio.to_thread(_compress, path, found.headers["etag"])
    kept = {name: found.headers[name] for name in ("last-modified", "vary")}
    # Weak: it stands for the same file, not for the same bytes.
    headers = {**kept, "Content-Encoding": "gzip", "ETag": f"W/{found.headers['etag']}"}
    return Response(body, headers=headers, media_type=found.media_type)


class PageFiles(StaticFiles):
    """Static files that a browser asks about again before using its copy."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; what is vendored may be kept for a day."""
        answer = await _smaller(await super().get_response(path, scope), scope)
        kept = Path(str(self.directory)).name in ("vendor", "fonts")
        answer.headers["Cache-Control"] = "public, max-age=86400" if kept else "no-cache"
        return answer


def page_routes() -> APIRouter:
    """Opens the page for every path that is not a file and not part of the API."""
    routes = APIRouter()

    named: set[str] = set()
    files = {folder: PageFiles(directory=WEB / folder, check_dir=False) for folder in _VERSIONED}

    @routes.get("/v/{version}/{folder}/{path:path}", include_in_schema=False)
    async def get_versioned_file(
        version: str, folder: str, path: str, request: Request
    ) -> Response:
        """A file of the page under the version the page named it with."""
        if folder not in files:
            raise HTTPException(404, "There is nothing here.")
        found = await files[folder].get_response(path, request.scope)
        if version in named:
            found.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return found

    @routes.get("/{path:path}", include_in_schema=False)
    async def open_page(path: str, request: Request) -> Response:
        """The page itself; it finds its screen from the path."""
        last = path.rsplit("/", 1)[-1]
        if path.startswith("api/") or "." in last:
            raise HTTPException(404, "There is nothing here.")
        version = page_version()
        named.add(version)
        page = (WEB / "index.html").read_bytes()
        for folder in _VERSIONED:
            page = page.replace(f'="/{folder}/'.encode(), f'="/v/{version}/{folder}/'.encode())
        return Response(page, headers={"Cache-Control": "no-cache"}, media_type="text/html")

    return routes
