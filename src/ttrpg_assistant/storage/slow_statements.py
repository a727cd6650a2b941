"""Statements that took long: counted, and logged as SQL with its placeholders, without values.

The text of a statement is ours; what anybody said is only ever in its parameters, and those are
not looked at here.
"""

from __future__ import annotations

from time import perf_counter
from typing import Any, Final

import structlog
from sqlalchemy import Engine, event

_log = structlog.get_logger(__name__)

SLOW_SECONDS: float = 0.5
_SHOWN: Final = 300
_BEGUN: Final = "statement_begun"


class Counted:
    """How many statements were slow since the start. Any thread may count."""

    slow = 0


def watch(engine: Engine) -> Engine:
    """Look at every statement of this engine; the engine."""
    event.listen(engine, "before_cursor_execute", _note_begin)
    event.listen(engine, "after_cursor_execute", _note_end)
    return engine


def note(statement: str, seconds: float) -> None:
    """Count and log a statement if it was slow."""
    if seconds >= SLOW_SECONDS:
        Counted.slow += 1
        _log.warning(
            "statement.slow",
            seconds=round(seconds, 3),
            statement=" ".join(statement[:_SHOWN].split()),
        )


def _note_begin(connection: Any, *_: object) -> None:
    connection.info[_BEGUN] = perf_counter()


def _note_end(connection: Any, cursor: object, statement: str, *_: object) -> None:
    begun = connection.info.pop(_BEGUN, None)
    if begun is not None:
        note(statement, perf_counter() - begun)
