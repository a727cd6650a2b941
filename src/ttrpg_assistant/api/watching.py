"""Every request has an id, in its answer and in every line that is logged about it.

What failed and what took long is logged with its route, never with what it asked for: a path may
hold ids, a query what somebody searched for.
"""

from __future__ import annotations

import re
from time import perf_counter
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ttrpg_assistant.api.errors import answer_bug
from ttrpg_assistant.api.ports import Meter
from ttrpg_assistant.ids import new_id

log = structlog.get_logger(__name__)

SLOW_SECONDS: Final = 5.0

_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}\Z")
_HEADER: Final = b"x-request-id"


class Watched:
    """The application, watched from outside. `takes_ids`: a proxy in front may name a request."""

    def __init__(self, app: ASGIApp, *, takes_ids: bool, meter: Meter | None) -> None:
        self._app = app
        self._takes_ids = takes_ids
        self._meter = meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and note how that went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = self._name(scope)
        spelled = request_id.encode()
        status, is_stream, has_begun = 500, False, False

        async def send_named(message: Message) -> None:
            nonlocal status, is_stream, has_begun
            if message["type"] == "http.response.start":
                status, has_begun = message["status"], True
                headers = list(message.get("headers", ()))
                is_stream = any(
                    name.lower() == b"content-type" and value.startswith(b"text/event-stream")
                    for name, value in headers
                )
                message["headers"] = [*headers, (_HEADER, spelled)]
            await send(message)

        begun = perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_named)
            except Exception:
                if not has_begun:
                    answer = answer_bug(scope["path"], request_id)
                    await answer(scope, receive, send_named)
                raise  # The log has the whole story.
            finally:
                seconds = perf_counter() - begun
                # A file of the page has no name of its own: they count together.
                route = getattr(scope.get("route"), "path", "other")
                if status >= 500 or (seconds >= SLOW_SECONDS and not is_stream):
                    log.warning(
                        "request.failed" if status >= 500 else "request.slow",
                        method=scope["method"],
                        route=route,
                        status=status,
                        seconds=round(seconds, 3),
                    )
                if self._meter is not None:
                    self._meter.count_request(
                        scope["method"], route, status, seconds, is_stream=is_stream
                    )

    def _name(self, scope: Scope) -> str:
        if self._takes_ids:
            for name, value in scope["headers"]:
                if name == _HEADER and _ID.match(value):
                    return str(value.decode())
        return new_id()
