"""Dice over HTTP: one reading of what tables say, for the page as for the built-in model."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Text, answer
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.builtin.dice import roll
from ttrpg_assistant.builtin.dice_syntax import MAX_CHARACTERS


class RollBody(Body):
    """What to roll, as it is said or written: "4d6 drop lowest", "2d20kh1+5"."""

    expression: Annotated[Text, Field(max_length=MAX_CHARACTERS)]


def dice_routes() -> Routes:
    """The one operation on dice."""
    routes = Routes(tags=["dice"], responses=dict(PROBLEMS))

    @routes.post("/api/dice", operation_id="roll_dice")
    async def roll_dice(body: RollBody) -> Response:
        """Throw the dice; nothing is stored."""
        return answer(roll(body.expression))

    return routes
