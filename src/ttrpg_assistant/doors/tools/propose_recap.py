"""A recap of a game session, proposed: for the game master, or to read to the players."""

from __future__ import annotations

from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.tools.model import PROPOSE, Arguments, Parameter, Tool, ToolServices
from ttrpg_assistant.doors.tools.proposing import OWN_ID, WHY, propose

FOR_GM, FOR_PLAYERS = "gm", "players"


async def _run(services: ToolServices, token: Token, given: Arguments) -> str:
    field = "recap_gm" if given["for"] == FOR_GM else "recap_players"
    text = {field: given["text"]}
    return await propose(services, token, given, "recap", text, given["game_session"])


TOOL = Tool(
    "propose_recap",
    "Propose a recap of a game session; the GM decides.",
    _run,
    PROPOSE,
    (
        Parameter("text", is_required=True),
        Parameter("for", choices=(FOR_GM, FOR_PLAYERS), is_required=True),
        Parameter("game_session", hint="Id", is_required=True),
        WHY,
        OWN_ID,
    ),
    only_reads=False,
)
