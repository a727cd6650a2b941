"""Who knows about something: for the game master alone."""

from __future__ import annotations

from sqlalchemy import Connection

from ttrpg_assistant.campaigns import sheets
from ttrpg_assistant.campaigns.store.fact_reading import list_facts_about
from ttrpg_assistant.campaigns.store.listeners import list_listeners
from ttrpg_assistant.campaigns.wanted import Wanted
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.tools.model import READ_GM, Arguments, Parameter, Tool, ToolServices
from ttrpg_assistant.doors.tools.wording import cite, join_lines, one_line
from ttrpg_assistant.search.facts import find_facts

MOST_FOUND = 15


async def _run(services: ToolServices, token: Token, given: Arguments) -> str:
    lines = await services.database.read(
        lambda tx: _list_known(tx, token.campaign_id, given["about"])
    )
    return join_lines("Facts about it:", lines, none="No fact is written down about this.")


def _list_known(tx: Connection, campaign_id: str, about: str) -> list[str]:
    wanted = Wanted.of(about)
    found = [one for one, _ in list_facts_about(tx, find_facts, campaign_id, wanted, MOST_FOUND)]
    listeners = list_listeners(tx, [one.id for one in found])
    told = []
    for fact in found:
        lines = sheets.stored_fact(fact, listeners.get(fact.id, ())).lines
        said = "; ".join(f"{line.label}: {one_line(line.value)}" for line in lines)
        told.append(f"{cite('fact', fact.id)} {said}")
    return told


TOOL = Tool(
    "who_knows",
    "Facts about something, and who knows each.",
    _run,
    READ_GM,
    (Parameter("about", is_required=True),),
)
