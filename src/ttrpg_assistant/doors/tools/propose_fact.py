"""A fact about the world, proposed."""

from __future__ import annotations

from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.tools.model import PROPOSE, Arguments, Parameter, Tool, ToolServices
from ttrpg_assistant.doors.tools.proposing import OWN_ID, WHY, propose


async def _run(services: ToolServices, token: Token, given: Arguments) -> str:
    return await propose(services, token, given, "fact", {"text": given["text"]})


TOOL = Tool(
    "propose_fact",
    "Propose a fact of the world; the GM decides.",
    _run,
    PROPOSE,
    (Parameter("text", is_required=True), WHY, OWN_ID),
    only_reads=False,
)
