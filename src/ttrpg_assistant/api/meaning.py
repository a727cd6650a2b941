"""Finding by meaning over HTTP: whether it is on, what it needs, how far it is."""

from __future__ import annotations

from fastapi import Response

from ttrpg_assistant.api.bodies import PROBLEMS, Body, answer
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.search.meaning.meaning import Meaning


class MeaningBody(Body):
    """Whether talk is to be found by its meaning as well."""

    is_on: bool


def meaning_routes(meaning: Meaning) -> Routes:
    """Every operation on finding by meaning."""
    routes = Routes(tags=["search"], responses=dict(PROBLEMS))

    @routes.get("/api/meaning", operation_id="get_meaning_state")
    async def get_meaning_state() -> Response:
        """Whether it is on, whether what it needs is installed, how much it has yet to read."""
        return answer(await meaning.get_state())

    @routes.put("/api/meaning", operation_id="set_meaning_state")
    async def set_meaning_state(body: MeaningBody) -> Response:
        """Turn it on, or off, which takes away what was computed."""
        return answer(await meaning.turn(body.is_on))

    @routes.post("/api/meaning/install", status_code=202, operation_id="install_meaning")
    async def install_meaning() -> Response:
        """Download and install what is missing, in the background, then turn it on."""
        return answer(await meaning.install(), status=202)

    @routes.delete("/api/meaning/install", operation_id="stop_meaning_install")
    async def stop_meaning_install() -> Response:
        """Stop that; what had arrived is removed."""
        return answer(await meaning.stop_install())

    return routes
