"""Makes the routes of an application that is built again and again in one run quickly.

FastAPI reads the signature of every route and builds a validator for each of its parameters. The
same routes come back in each application of a run, and neither what was read nor a validator keeps
anything between two uses: the second application gets those of the first, with functions of its
own. A server that runs as a process of its own builds all of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any, get_args

from fastapi import routing
from fastapi._compat import v2
from fastapi.dependencies.models import Dependant
from pydantic import TypeAdapter
from starlette.routing import compile_path

from ttrpg_assistant.api import late_routes, page_edition
from ttrpg_assistant.api.page_edition import PageEditions

_made: dict[tuple[Any, ...], TypeAdapter[Any]] = {}
_read: dict[tuple[CodeType, str], Dependant] = {}
_read_anew = routing.get_dependant
_described: dict[tuple[CodeType, str], list[tuple[dict[str, Any], dict[str, Any]]]] = {}
"""By code and path: how a route was declared, and what followed from it."""
_describe_anew = routing._populate_api_route_state
_hash_anew = PageEditions._hash_vendored
_PAGE = Path(page_edition.__file__).parent.parent / "web"
_hashed: list[str] = []
"""What the vendored files of the page itself hash to, once somebody has read them."""
OWN = frozenset({"endpoint", "dependant", "dependency_overrides_provider"})
"""What a route of another application has of its own."""
DESCRIBED = frozenset(routing._APIRouteLike.__annotations__) - OWN


def share_routes() -> None:
    """From now on, a route is read once, and parameters declared alike share one validator; a path
    is compiled once, and the vendored files of the page are read once."""
    v2.TypeAdapter = _find_or_make  # type: ignore[assignment, misc]
    routing.get_dependant = _find_or_read
    routing._populate_api_route_state = _find_or_describe
    late_routes.compile_path = cache(compile_path)  # type: ignore[attr-defined]
    PageEditions._hash_vendored = _find_or_hash  # type: ignore[method-assign]


def _find_or_hash(page: PageEditions) -> str:
    if page._web != _PAGE:
        return _hash_anew(page)
    if not _hashed:
        _hashed.append(_hash_anew(page))
    return _hashed[0]


def _find_or_make(annotated: Any, *, config: Any = None) -> TypeAdapter[Any]:
    read_as, *declared = get_args(annotated)
    # A repr shows all that was declared, functions by their addresses.
    key = (read_as, repr(declared), repr(config))
    try:
        found = _made.get(key)
    except TypeError:  # not hashable
        return TypeAdapter(annotated, config=config)
    if found is None:
        found = _made[key] = TypeAdapter(annotated, config=config)
    return found


def _find_or_read(*, path: str, call: Callable[..., Any], **how: Any) -> Dependant:
    """The parameters of a route. Its function is another one in each application, made by the same
    code for the same path."""
    code = getattr(call, "__code__", None)
    if code is None or how != {"scope": "function"}:
        return _read_anew(path=path, call=call, **how)
    found = _read.get((code, path))
    if found is None:
        found = _read_anew(path=path, call=call, **how)
        if _is_for_any_application(found):
            _read[code, path] = found
    return _copy(found, call)


def _is_for_any_application(read: Dependant) -> bool:
    """Whether nothing that it depends on belongs to the application it was read for."""
    return all(
        getattr(each.call, "__closure__", "") is None and _is_for_any_application(each)
        for each in read.dependencies
    )


def _copy(read: Dependant, call: Callable[..., Any]) -> Dependant:
    values = {each.name: getattr(read, each.name) for each in fields(read)}
    lists = {name: [*value] for name, value in values.items() if isinstance(value, list)}
    return Dependant(**{**values, **lists, "call": call})


def _find_or_describe(route: Any, path: str, endpoint: Callable[..., Any], **how: Any) -> None:
    """Everything that FastAPI notes of a route, from one that was declared just like it."""
    provider = how.pop("dependency_overrides_provider", None)
    code = getattr(endpoint, "__code__", None)
    found = [] if code is None else _described.setdefault((code, path), [])
    for declared, noted in found:
        if declared == how:
            for name, value in noted.items():
                is_own = isinstance(value, list | dict | set)
                setattr(route, name, value.copy() if is_own else value)
            depends = _find_or_read(path=route.path_format, call=endpoint, scope="function")
            vars(route).update(
                endpoint=endpoint, dependency_overrides_provider=provider, dependant=depends
            )
            return
    _describe_anew(route, path, endpoint, dependency_overrides_provider=provider, **how)
    # What it depends on may belong to its application alone.
    if code is not None and not route.dependencies and (code, route.path_format) in _read:
        found.append((how, {name: getattr(route, name) for name in DESCRIBED}))
