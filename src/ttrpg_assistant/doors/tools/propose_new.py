"""A new thing for the campaign, proposed."""

from __future__ import annotations

from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.tools.model import PROPOSE, Arguments, Parameter, Tool, ToolServices
from ttrpg_assistant.doors.tools.proposing import OWN_ID, WHY, propose


async def _run(services: ToolServices, token: Token, given: Arguments) -> str:
    return await propose(services, token, given, given["kind"], given["fields"])


TOOL = Tool(
    "propose_new",
    "Propose a new thing; the GM decides.",
    _run,
    PROPOSE,
    (
        Parameter("kind", hint="npc, location, item …", is_required=True),
        Parameter("fields", "object", hint="name, description …", is_required=True),
        WHY,
        OWN_ID,
    ),
    only_reads=False,
)
