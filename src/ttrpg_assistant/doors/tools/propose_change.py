"""A change to a thing of the campaign, proposed."""

from __future__ import annotations

from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.tools.model import PROPOSE, Arguments, Parameter, Tool, ToolServices
from ttrpg_assistant.doors.tools.proposing import OWN_ID, WHY, propose

CHANGES = {"npc": "npc_trait"}
"""Kinds whose changes are another kind of suggestion than a new one."""


async def _run(services: ToolServices, token: Token, given: Arguments) -> str:
    kind = str(given["kind"])
    asked_as = CHANGES.get(kind, kind)
    return await propose(services, token, given, asked_as, given["fields"], given["thing"])


TOOL = Tool(
    "propose_change",
    "Propose new values for fields of a thing; the GM decides.",
    _run,
    PROPOSE,
    (
        Parameter("kind", hint="npc, location, item …", is_required=True),
        Parameter("thing", hint="Id or name", is_required=True),
        Parameter("fields", "object", is_required=True),
        Parameter("revision", "integer", hint="The one get_thing told"),
        WHY,
        OWN_ID,
    ),
    only_reads=False,
)
