"""Whether things are being stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import Response

from ttrpg_assistant.api.bodies import PROBLEMS, answer
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.health import PersistenceHealth

LARGE_DATABASE_BYTES = 500 * 1024 * 1024
"""A game master is told when the file grows past this (NFR-010)."""


def persistence_routes(database: Database, database_path: Path | None) -> Routes:
    """`database_path` is None where the database is not a file of ours."""
    routes = Routes(tags=["persistence"])

    def wire(health: PersistenceHealth) -> dict[str, Any]:
        size = _size(database_path)
        warning = None
        if size is not None and size > LARGE_DATABASE_BYTES:
            warning = "The database is larger than 500 MB. It still works; a backup is a good idea."
        return {
            "state": health.state,
            "sentence": health.sentence,
            "database_bytes": size,
            "database_path": str(database_path) if database_path else None,
            "warning": warning,
        }

    @routes.get("/api/persistence", operation_id="get_persistence_state", responses=dict(PROBLEMS))
    async def get_persistence_state() -> Response:
        """Whether things are being stored, as far as the last write showed."""
        return answer(wire(database.health))

    @routes.post(
        "/api/persistence/probe", operation_id="probe_persistence", responses=dict(PROBLEMS)
    )
    async def probe_persistence() -> Response:
        """Make a real write and say whether it was stored."""
        return answer(wire(await database.probe()))

    return routes


def _size(path: Path | None) -> int | None:
    if path is None:
        return None
    total = 0
    for file in (path, path.with_name(path.name + "-wal")):
        try:
            total += file.stat().st_size
        except FileNotFoundError:
            continue
    return total
