"""The backups of the whole database: when the last good one was made, and one more now."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from ttrpg_assistant.api.bodies import PROBLEMS, answer
from ttrpg_assistant.api.errors import describe_fault
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.daily_backups import DailyBackups
from ttrpg_assistant.storage.backup_folder import KeptBackup


def backup_routes(backups: DailyBackups) -> Routes:
    """Looking at backups and making one. Putting one back wants a stopped server: `restore`."""
    routes = Routes(tags=["backups"])

    @routes.get("/api/backups", operation_id="get_backups", responses=dict(PROBLEMS))
    async def get_backups() -> Response:
        """The last good backup, how many there are, and what stopped the last attempt."""
        found = await backups.list()
        failure = backups.failure
        return answer(
            {
                "kept": backups.kept,
                "folder": str(backups.folder),
                "count": len(found),
                "is_making": backups.is_making,
                "last": _spell(found[0]) if found else None,
                "failure": None
                if failure is None
                else {"at": failure.at, **describe_fault(failure.fault)},
            }
        )

    @routes.post(
        "/api/backups", status_code=201, operation_id="make_backup", responses=dict(PROBLEMS)
    )
    async def make_backup() -> Response:
        """Make a backup now and answer when it has been read through."""
        return answer(_spell(await backups.make()), 201)

    return routes


def _spell(kept: KeptBackup) -> dict[str, Any]:
    return {
        "name": kept.path.name,
        "made_at": kept.made_at,
        "bytes": kept.size,
        "pictures": kept.pictures,
    }
