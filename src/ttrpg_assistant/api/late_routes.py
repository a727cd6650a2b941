"""Routes that are read when somebody asks for them.

FastAPI reads the signature of an operation, and makes a validator for each of its parameters, when
the operation is declared. For some hundred operations that is a third of a start and a tenth of
what an idle server holds, and most of them are not asked for in an evening. Here a declaration
notes only what a request is matched by; the first request to an operation, or to the OpenAPI
document, has the rest made. Of what only files and programs of others need not even that is there
before somebody asks: its modules are imported then.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from threading import RLock
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic.warnings import UnsupportedFieldAttributeWarning
from starlette._utils import get_route_path
from starlette.routing import BaseRoute, Match, compile_path, get_name
from starlette.types import Receive, Scope, Send

# FastAPI means nothing by the attributes that pydantic misses, and says so to it when it makes a
# validator; that of a `Body` is made later.
warnings.simplefilter("ignore", UnsupportedFieldAttributeWarning)

_reading = RLock()
"""The OpenAPI document is made in a thread, while requests come in."""


_CHOSEN = "ttrpg_assistant.late_route"
"""Where a request keeps which operation of a late group it is for."""


class LateRoute(APIRoute):
    """An operation whose parameters are read when it is used for the first time."""

    comes_first = False
    """Whether it is tried before those that were declared before it."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **declared: Any) -> None:
        self.path, self.endpoint = path, endpoint
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self.name = declared.get("name") or get_name(endpoint)
        self.methods = {method.upper() for method in declared.get("methods") or ("GET",)}
        self.include_in_schema = declared.get("include_in_schema", True)
        self._declared = declared

    def __getattr__(self, name: str) -> Any:
        """Whatever FastAPI itself makes of the declaration."""
        # Python asks here for what is missing only.
        with _reading:
            own = vars(self)
            declared = own.pop("_declared", None)
            if declared is not None:
                super().__init__(own["path"], own["endpoint"], **declared)
            try:
                return own[name]
            except KeyError:
                raise AttributeError(name, name=name, obj=self) from None


class Routes(APIRouter):
    """The operations on one subject."""

    def __init__(self, **shared: Any) -> None:
        super().__init__(route_class=LateRoute, **shared)


class LateGroup(BaseRoute):
    """Operations whose modules are imported when somebody asks for one of them.

    `paths` are what their paths begin with, in whole parts; `{}` stands for any part. `make`
    imports and makes them.
    """

    def __init__(self, paths: Sequence[str], make: Callable[[], Sequence[BaseRoute]]) -> None:
        self._beginnings = [path.split("/") for path in paths]
        self._make = make
        self._made: Sequence[BaseRoute] | None = None

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """The operations themselves."""
        with _reading:
            if self._made is None:
                self._made = self._make()
            return self._made

    def finds(self, path: str) -> bool:
        """Whether one of them may be at this path."""
        given = path.split("/")
        return any(
            len(given) >= len(wanted)
            and all(want in (part, "{}") for want, part in zip(wanted, given, strict=False))
            for wanted in self._beginnings
        )

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As the one of them matches that does so best."""
        best: tuple[Match, Scope] = Match.NONE, {}
        if not self.finds(get_route_path(scope)):
            return best
        for route in self.routes:
            match, found = route.matches(scope)
            if match.value > best[0].value:
                best = match, {**found, _CHOSEN: route}
            if match is Match.FULL:
                break
        return best

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let that one answer."""
        await scope[_CHOSEN].handle(scope, receive, send)


class Application(FastAPI):
    """FastAPI's, with routes that are made late."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, of all operations."""
        if self.openapi_schema is None:
            routes = self.router.routes
            self.router.routes = [
                each
                for route in routes
                for each in (route.routes if isinstance(route, LateGroup) else [route])
            ]
        return super().openapi()


def add_routes(app: FastAPI, groups: Iterable[Routes | LateGroup]) -> None:
    """Let the application answer these operations; they are tried in their order, but for those
    that come first.

    `include_router` would make all that FastAPI knows of each of them a second time.
    """
    routes = [
        route
        for group in groups
        for route in ([group] if isinstance(group, LateGroup) else group.routes)
    ]
    routes.sort(key=lambda route: not getattr(route, "comes_first", False))
    app.router.routes.extend(routes)
