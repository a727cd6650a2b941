"""The page's own files, and the page itself on the paths that its `routes.js` names.

The files hold no secret, so they need no credential. What the page itself names stands under a
path that holds the hash of its content, so a browser keeps it for good (`page_edition.py`); asked
for by its own path, a file is revalidated on each load.
"""

from __future__ import annotations

import asyncio
import gzip
import re
from functools import lru_cache
from pathlib import Path

from fastapi import Request, Response
from starlette.background import BackgroundTask
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from ttrpg_assistant.api.door_access import is_door
from ttrpg_assistant.api.errors import PAGES
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.api.page_edition import VENDORED_FOLDERS, Made, PageEditions

WEB = Path(__file__).parent.parent / "web"

PAGE_FOLDERS = ("app", "styles", "vendor", "fonts", "icons")
"""What of the page is served as files."""

_TEXTS = frozenset({".js", ".mjs", ".css", ".svg"})
"""Files that become a third of their size: what a phone at the table waits for."""

_ROUTE = re.compile(r'\{\s{1,40}path: "(/[^"\n]{1,80})"')

_FOR_GOOD = "public, max-age=31536000, immutable"


@lru_cache(maxsize=1024)
def _compress(path: Path, tag: str) -> bytes:
    # Edited since, it has another tag and is another entry.
    return gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)


def _takes_gzip(scope: Scope) -> bool:
    return "gzip" in Headers(scope=scope).get("accept-encoding", "")


def is_page_path(path: str) -> bool:
    """Whether the page has a screen for this path."""
    source = WEB / "app" / "routes.js"
    given = path.rstrip("/").split("/")
    return path == "/" or any(
        len(wanted) == len(given)
        and all(
            want == part or (part and want[:1] == ":")
            for want, part in zip(wanted, given, strict=True)
        )
        for wanted in _list_screens(source, source.stat().st_mtime_ns)
    )


@lru_cache(maxsize=2)
def _list_screens(source: Path, edited: int) -> tuple[list[str], ...]:
    """The paths that `routes.js` names, in parts; those with `:` stand for anything."""
    found = _ROUTE.findall(source.read_text("utf-8"))
    return tuple(path.split("/") for path in found)


async def _smaller(found: Response, scope: Scope) -> Response:
    """The same answer compressed, where the browser and the file allow it."""
    if not isinstance(found, FileResponse) or found.status_code != 200:
        return found
    path = Path(found.path)
    if path.suffix not in _TEXTS:
        return found
    found.headers["Vary"] = "Accept-Encoding"
    if not _takes_gzip(scope):
        return found
    body = await asyncio.to_thread(_compress, path, found.headers["etag"])
    kept = {name: found.headers[name] for name in ("last-modified", "vary")}
    # Weak: it stands for the same file, not for the same bytes.
    headers = {**kept, "Content-Encoding": "gzip", "ETag": f"W/{found.headers['etag']}"}
    return Response(body, headers=headers, media_type=found.media_type)


async def _answer_made(made: Made, scope: Scope) -> Response:
    headers, body = {"Vary": "Accept-Encoding"}, made.text
    if _takes_gzip(scope):
        headers["Content-Encoding"] = "gzip"
        body = await asyncio.to_thread(made.compress)
    return Response(body, headers=headers, media_type=made.media_type)


class PageFiles(StaticFiles):
    """Static files that a browser asks about again before using its copy."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; what is vendored may be kept for a day."""
        answer = await _smaller(await super().get_response(path, scope), scope)
        kept = Path(str(self.directory)).name in VENDORED_FOLDERS
        answer.headers["Cache-Control"] = "public, max-age=86400" if kept else "no-cache"
        return answer


def made_module_routes(editions: PageEditions) -> Routes:
    """Modules that are made by the server, for a page whose modules are not joined."""
    routes = Routes()

    def add(address: str, text: str) -> None:
        @routes.get(address, include_in_schema=False)
        async def get_made_module() -> Response:
            headers = {"Cache-Control": "no-cache"}
            return Response(text, headers=headers, media_type="text/javascript")

    for address, text in editions.made_modules.items():
        add(address, text)
    return routes


def page_routes(editions: PageEditions) -> Routes:
    """Opens the page for every path that is not a file and not part of the API."""
    routes = Routes()

    vendored = {
        folder: PageFiles(directory=WEB / folder, check_dir=False) for folder in VENDORED_FOLDERS
    }

    @routes.get("/v/{version}/{name}", include_in_schema=False)
    async def get_made_text(version: str, name: str, request: Request) -> Response:
        """What an edition of the page is made of; a forgotten one is answered with the newest."""
        edition = editions.find(version)
        caching = _FOR_GOOD if edition else "no-cache"
        if edition is None:
            edition = await asyncio.to_thread(editions.current)
        if name not in edition.made:
            raise HTTPException(404, "There is nothing here.")
        answer = await _answer_made(edition.made[name], request.scope)
        answer.headers["Cache-Control"] = caching
        return answer

    @routes.get("/v/{version}/{folder}/{path:path}", include_in_schema=False)
    async def get_vendored_file(version: str, folder: str, path: str, request: Request) -> Response:
        """A library or a font under the version the page named it with."""
        if folder not in vendored:
            raise HTTPException(404, "There is nothing here.")
        found = await vendored[folder].get_response(path, request.scope)
        if version == editions.vendored and found.status_code in (200, 304):
            found.headers["Cache-Control"] = _FOR_GOOD
        return found

    @routes.get("/{path:path}", include_in_schema=False)
    async def open_page(path: str, request: Request) -> Response:
        """The page itself; it finds its screen from the path.

        A browser that follows an old link gets the page too, which says that nothing is there;
        a program that asks for another server's address gets no page that it would take for an
        answer.
        """
        is_screen = await asyncio.to_thread(is_page_path, f"/{path}")
        is_browser = "text/html" in request.headers.get("accept", "")
        is_for_programs = path.startswith("api/") or is_door(f"/{path}")
        is_file = is_for_programs or "." in path.rsplit("/", 1)[-1]
        if not is_screen and (is_file or not is_browser):
            raise HTTPException(404, "There is nothing here.")
        edition = await asyncio.to_thread(editions.current)
        return Response(
            edition.index,
            status_code=200 if is_screen else 404,
            headers={"Cache-Control": "no-cache"},
            media_type="text/html",
            background=BackgroundTask(edition.compress),
        )

    PAGES.add(open_page)
    return routes
