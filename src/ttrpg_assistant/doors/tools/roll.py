"""Dice, and for the game master the campaign's random tables."""

from __future__ import annotations

from sqlalchemy import Connection

from ttrpg_assistant.builtin.dice import roll
from ttrpg_assistant.campaigns.random_rolls import RolledResult, roll_on
from ttrpg_assistant.campaigns.random_tables import find_table
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.tools.model import READ, Arguments, Parameter, Tool, ToolServices
from ttrpg_assistant.doors.tools.wording import call, cite, one_line
from ttrpg_assistant.doors.visible import is_gm


async def _run(services: ToolServices, token: Token, given: Arguments) -> str:
    asked = given["dice"]
    if is_gm(token.viewer):
        told = await services.database.read(lambda tx: _roll_table(tx, token.campaign_id, asked))
        if told is not None:
            return told
    return roll(asked).text


def _roll_table(tx: Connection, campaign_id: str, name: str) -> str | None:
    """The roll on the random table of this name, or None where there is no such table."""
    table = find_table(tx, campaign_id, name)
    if table is None:
        return None
    rolled: RolledResult = roll_on(table, lambda other: find_table(tx, campaign_id, other))
    dice = " · ".join(f"{call(one.table)} {one.dice}: {one.total}" for one in rolled.rolls)
    return f"{dice} {cite('random_table', table.id)}\n{one_line(rolled.text, 1_500)}"


TOOL = Tool(
    "roll",
    "Roll dice; for the GM also a random table by name.",
    _run,
    READ,
    (Parameter("dice", hint="2d6+3, 4d6kh3", is_required=True),),
)
