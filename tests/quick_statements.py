"""Lets every database of a test run use the statements that one before it has compiled.

SQLAlchemy turns a statement into SQL once for an engine, and keeps that. Each test has a database
and so an engine of its own, and nearly all that it asks was asked by a test before. A server that
runs as a process of its own compiles all of its own.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

MOST_KEPT = 4_000


class _SharedStatements:
    """What SQLAlchemy asks of its cache, for all engines whose dialects are alike."""

    def __init__(self) -> None:
        self._kept: LRUCache[tuple[Any, ...], Any] = LRUCache(MOST_KEPT)

    def get(self, key: tuple[Any, ...]) -> Any:
        return self._kept.get(_for_alike_dialects(key))

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        self._kept[_for_alike_dialects(key)] = compiled


_statements = _SharedStatements()


def share_statements() -> None:
    """From now on, engines share what they keep."""
    # SQLAlchemy calls it with each engine that it has made.
    DefaultDialect.engine_created = classmethod(_share)  # type: ignore[method-assign, assignment]


def _share(dialect: type[DefaultDialect], engine: Engine) -> None:
    engine._compiled_cache = _statements  # type: ignore[assignment]


def _for_alike_dialects(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *statement = key
    alike = (
        dialect.name,
        dialect.driver,
        dialect.paramstyle,
        dialect.server_version_info,
        dialect._json_serializer,
        dialect._json_deserializer,
    )
    return (*alike, *statement)
