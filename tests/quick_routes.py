"""Makes the routes of an application that is built again and again in one run quickly.

FastAPI builds a validator for every parameter of every route. The same parameters come back in
each application of a run, and a validator keeps nothing between two uses: the second application
gets those of the first. A server that runs as a process of its own builds all of its own.
"""

from __future__ import annotations

from typing import Any, get_args

from fastapi._compat import v2
from pydantic import TypeAdapter

_made: dict[tuple[Any, ...], TypeAdapter[Any]] = {}


def share_validators() -> None:
    """From now on, two parameters that are declared alike are read by one validator."""
    v2.TypeAdapter = _find_or_make  # type: ignore[assignment, misc]


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
