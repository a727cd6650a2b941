"""Routes that are read when somebody asks for them.

FastAPI reads the signature of an operation, and makes a validator for each of its parameters, when
the operation is declared. For some hundred operations that is a third of a start and a tenth of
what an idle server holds, and most of them are not asked for in an evening. Here a declaration
notes only what a request is matched by; the first request to an operation, or to the OpenAPI
document, has the rest made.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from threading import RLock
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic.warnings import UnsupportedFieldAttributeWarning
from starlette.routing import compile_path, get_name

# FastAPI means nothing by the attributes that pydantic misses, and says so to it when it makes a
# validator; that of a `Body` is made later.
warnings.simplefilter("ignore", UnsupportedFieldAttributeWarning)

_reading = RLock()
"""The OpenAPI document is made in a thread, while requests come in."""


class LateRoute(APIRoute):
    """An operation whose parameters are read when it is used for the first time."""

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


def add_routes(app: FastAPI, groups: Iterable[Routes]) -> None:
    """Let the application answer these operations; they are tried in their order.

    `include_router` would make all that FastAPI knows of each of them a second time.
    """
    for group in groups:
        app.router.routes.extend(group.routes)
