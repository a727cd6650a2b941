"""Making a campaign in eight steps, over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Limit, PathId, Uuid, answer
from ttrpg_assistant.api.entities import JsonObject
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.suggestions.wizard import Wizards
from ttrpg_assistant.suggestions.wizard_steps import Step


class NewWizardBody(Body):
    """With an `id` of the caller's, repeating is harmless."""

    id: Uuid | None = None


class SaveWizardBody(Body):
    """Answers by their names (`basics.name`); those not named stay as they are."""

    answers: JsonObject = Field(default_factory=dict)
    step: Step | None = None
    thread_id: Uuid | None = None


def wizard_routes(wizards: Wizards) -> Routes:
    """Every operation on wizards."""
    routes = Routes(tags=["wizards"], responses=dict(PROBLEMS))

    @routes.post("/api/wizards", operation_id="create_wizard", status_code=201)
    async def create_wizard(body: NewWizardBody) -> Response:
        """A new wizard, at its first step."""
        return answer(await wizards.create(id=body.id), 201)

    @routes.get("/api/wizards", operation_id="list_wizards")
    async def list_wizards(
        status: Annotated[Literal["active", "finished", "discarded"], Query()] = "active",
        limit: Limit = 50,
    ) -> Response:
        """Campaigns in the making, to be resumed; the latest touched first."""
        return answer({"wizards": await wizards.list_all(status, limit)})

    @routes.get("/api/wizards/{wizard_id}", operation_id="get_wizard")
    async def get_wizard(wizard_id: PathId) -> Response:
        """One wizard with all its answers."""
        return answer(await wizards.get(wizard_id))

    @routes.patch("/api/wizards/{wizard_id}", operation_id="save_wizard")
    async def save_wizard(wizard_id: PathId, body: SaveWizardBody) -> Response:
        """Save what was typed, where the person is, and the thread beside it."""
        saved = await wizards.save(
            wizard_id, dict(body.answers), step=body.step, thread_id=body.thread_id
        )
        return answer(saved)

    @routes.get("/api/wizards/{wizard_id}/questions", operation_id="list_wizard_questions")
    async def list_wizard_questions(wizard_id: PathId, step: Step | None = None) -> Response:
        """What is still worth deciding; asked without any model."""
        return answer({"questions": await wizards.list_questions(wizard_id, step)})

    @routes.post("/api/wizards/{wizard_id}/discard", operation_id="discard_wizard")
    async def discard_wizard(wizard_id: PathId) -> Response:
        """Discard it; its answers are kept."""
        return answer(await wizards.discard(wizard_id))

    @routes.post("/api/wizards/{wizard_id}/resume", operation_id="resume_wizard")
    async def resume_wizard(wizard_id: PathId) -> Response:
        """Go on with one that was discarded."""
        return answer(await wizards.resume(wizard_id))

    @routes.post("/api/wizards/{wizard_id}/finish", operation_id="finish_wizard")
    async def finish_wizard(wizard_id: PathId) -> Response:
        """Make the campaign, with everything in it, at once."""
        return answer(await wizards.finish(wizard_id))

    return routes
