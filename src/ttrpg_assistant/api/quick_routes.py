"""Operations that a first word waits for: saying something, and following its answer.

FastAPI looks for parameters in the query, the headers, the cookies, the body and among what an
operation depends on, and makes a response for those who want to change one, at every request.
Here only what an operation has is read: its path, its headers, its body. Whatever cannot be read
that way is given to FastAPI, which says what is wrong with it, so both answer the same.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fastapi import HTTPException, Request, Response
from fastapi._compat import ModelField
from starlette.requests import ClientDisconnect

from ttrpg_assistant.api.late_routes import LateRoute, Routes

_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])


def add_quick(
    routes: Routes, method: str, path: str, **declared: Any
) -> Callable[[_Endpoint], _Endpoint]:
    """Declares the operation below it as one that is quick, as `routes.post` declares others."""

    def declare(endpoint: _Endpoint) -> _Endpoint:
        routes.add_api_route(
            path, endpoint, methods=[method], route_class_override=QuickRoute, **declared
        )
        return endpoint

    return declare


class QuickRoute(LateRoute):
    """An operation that takes nothing but its path, headers and one body, and answers by itself."""

    comes_first = True

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """As FastAPI asks for it: what answers a request."""
        answer_any = super().get_route_handler()
        endpoint, takes = self.endpoint, self.dependant
        assert not (takes.query_params or takes.cookie_params or takes.dependencies)
        assert len(takes.body_params) < 2

        async def answer(request: Request) -> Response:
            values: dict[str, Any] | None = {}
            if takes.body_params:
                values = await _read_body(request, takes.body_params[0])
            if values is None or not _read_path(request, takes.path_params, values):
                return await answer_any(request)
            for field in takes.header_params:
                given = request.headers.get(field.alias)
                read, wrong = (field.get_default(), []) if given is None else field.validate(given)
                if wrong:
                    return await answer_any(request)
                values[field.name] = read
            if takes.request_param_name:
                values[takes.request_param_name] = request
            answered: Response = await endpoint(**values)
            return answered

        return answer


def _read_path(request: Request, fields: list[ModelField], values: dict[str, Any]) -> bool:
    """Adds what stands in the path; whether all of it could be read."""
    for field in fields:
        values[field.name], wrong = field.validate(request.path_params[field.alias])
        if wrong:
            return False
    return True


async def _read_body(request: Request, field: ModelField) -> dict[str, Any] | None:
    """The body by the name of its parameter, None where it cannot be read here."""
    if request.headers.get("content-type") != "application/json":
        return None
    try:
        given = await request.json()
    except (ValueError, RecursionError):
        return None
    except ClientDisconnect:
        raise HTTPException(400, "There was an error parsing the body") from None
    value, wrong = field.validate(given)
    return None if wrong else {field.name: value}
