"""What an NPC knows, and why: for the game master alone."""

from __future__ import annotations

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.store.knowledge import list_npc_knowledge
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.tools.model import READ_GM, Arguments, Parameter, Tool, ToolServices
from ttrpg_assistant.doors.tools.wording import call, cite, join_lines, one_line
from ttrpg_assistant.doors.visible import get_seen

MOST_FACTS = 30


async def _run(services: ToolServices, token: Token, given: Arguments) -> str:
    return await services.database.read(
        lambda tx: _tell(tx, token, given["npc"], given.get("about", ""))
    )


def _tell(tx: Connection, token: Token, named: str, about: str) -> str:
    npc = get_seen(tx, token.campaign_id, token.viewer, "npc", named)
    known = list_npc_knowledge(tx, npc.id, search=about, limit=MOST_FACTS)
    lines = [
        f"{cite('fact', one.fact.id)} {one_line(one.fact.text)} ({call(one.because)})"
        for one in known.items
    ]
    name = f"{call(npc.name)} {cite('npc', npc.id)}"
    return join_lines(f"{name} knows:", lines, none=f"{name} knows no such fact.")


TOOL = Tool(
    "npc_knowledge",
    "What an NPC knows, and why.",
    _run,
    READ_GM,
    (Parameter("npc", hint="Id or name", is_required=True), Parameter("about")),
)
