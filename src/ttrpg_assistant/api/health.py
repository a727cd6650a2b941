"""Whether the server lives, and whether it can do its work. Both answer without a credential."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from ttrpg_assistant.api.bodies import answer
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.background import BackgroundTasks
from ttrpg_assistant.storage.database import Database


def health_routes(database: Database, background: BackgroundTasks) -> Routes:
    """For supervisors of the process, load balancers and `doctor`."""
    routes = Routes(tags=["health"])

    @routes.get("/healthz", operation_id="health")
    async def health() -> Response:
        """The server lives. Says nothing else, to anybody."""
        return answer({"status": "ok"})

    @routes.get("/readyz", operation_id="readiness")
    async def readiness() -> Response:
        """Whether messages are being saved and every background task runs: 200 or 503.

        It names what is wrong and quotes nothing.
        """
        state = database.health.state
        failing = [one.name for one in background.list_states() if one.state == "restarting"]
        ready = state != "unavailable" and not failing
        body: dict[str, Any] = {
            "status": "ready" if ready else "not_ready",
            "persistence": state,
            "failing_tasks": failing,
        }
        reply = answer(body)
        reply.status_code = 200 if ready else 503
        return reply

    return routes
