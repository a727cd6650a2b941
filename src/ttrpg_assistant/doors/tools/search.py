"""Search in what was said and written."""

from __future__ import annotations

from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.tools.model import READ, Arguments, Parameter, Tool, ToolServices
from ttrpg_assistant.doors.tools.wording import call, cite, join_lines, one_line
from ttrpg_assistant.doors.visible import Match, is_gm, search_seen
from ttrpg_assistant.search.model import Filters, SnippetPart, TalkHit, ThingHit

MOST_FOUND = 12


async def _run(services: ToolServices, token: Token, given: Arguments) -> str:
    query, viewer = given["query"], token.viewer
    if is_gm(viewer):
        found = await services.search.search(
            query, Filters(campaign_id=token.campaign_id), order="best", limit=MOST_FOUND
        )
        lines = [_spell_thing(one) for one in found.things]
        lines += [_spell_talk(one) for one in found.hits]
    else:
        matches = await services.database.read(
            lambda tx: search_seen(tx, token.campaign_id, viewer, query, MOST_FOUND)
        )
        lines = [_spell_match(one) for one in matches]
    return join_lines(f"Found {len(lines)}:", lines, none="Nothing found.")


def _spell_match(one: Match) -> str:
    told = (cite(one.kind, one.id), call(one.name), f"{call(one.label)}:", one_line(one.text))
    return " ".join(filter(None, told))


def _spell_thing(hit: ThingHit) -> str:
    closed = " (GM only)" if hit.is_gm_only else ""
    said = ": ".join(filter(None, (call(hit.field or ""), _spell(hit.snippet))))
    return " ".join(filter(None, (cite(hit.kind, hit.id), call(hit.name), "—", said))) + closed


def _spell_talk(hit: TalkHit) -> str:
    where = hit.npc_name if hit.kind == "npc" else hit.title
    told = ", ".join(filter(None, (hit.said_at[:10], hit.kind, call(where or ""), hit.role)))
    return f"{cite('message', hit.message_id)} {told}: {_spell(hit.snippet)}"


def _spell(snippet: tuple[SnippetPart, ...]) -> str:
    return one_line("".join(part.text for part in snippet))


TOOL = Tool(
    "search",
    "Search things, facts, notes and talk by words.",
    _run,
    READ,
    (Parameter("query", is_required=True),),
)
