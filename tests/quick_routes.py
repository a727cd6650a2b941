"""Makes the routes of an application that is built again and again in one run quickly.

FastAPI reads the signature of every route and builds a validator for each of its parameters. The
same routes come back in each application of a run, and neither what was read nor a validator keeps
anything between two uses: the second application gets those of the first. A server that runs as a
process of its own builds all of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from types import CodeType
from typing import Any, get_args

from fastapi import routing
from fastapi._compat import v2
from fastapi.dependencies.models import Dependant
from pydantic import TypeAdapter

_made: dict[tuple[Any, ...], TypeAdapter[Any]] = {}
_read: dict[tuple[CodeType, str], Dependant] = {}
_read_anew = routing.get_dependant


def share_routes() -> None:
    """From now on, a route is read once, and parameters declared alike share one validator."""
    v2.TypeAdapter = _find_or_make  # type: ignore[assignment, misc]
    routing.get_dependant = _find_or_read


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
