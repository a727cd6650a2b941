"""Calling every tool as any token: what the tests of tools share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tests.doors.planted import CANARY, OPEN, Planted
from ttrpg_assistant.doors.model import SCOPES, Token, TokenScope
from ttrpg_assistant.doors.tools.model import Tool, ToolServices
from ttrpg_assistant.services import Services


def make_tools(services: Services) -> ToolServices:
    """What tools are done with, as the application hands it over."""
    return ToolServices(
        services.database,
        services.search,
        services.continuity,
        services.game_sessions,
        services.outside_proposals,
        services.outside_talk,
    )


def token_of(planted: Planted, scopes: Sequence[TokenScope]) -> Token:
    """A token for the planted campaign."""
    known = tuple(scope for scope in SCOPES if scope in scopes)
    return Token("a-token", planted.campaign_id, "Vale", "Claude", known, "", None)


def spell_tools(tools: Iterable[Tool]) -> dict[str, Any]:
    """Tools as they are sent to an MCP client."""
    hints = {"destructiveHint": False, "idempotentHint": True}
    return {
        "tools": [
            {
                "name": tool.name,
                "description": tool.description,
                "inputSchema": tool.spell_schema(),
                "annotations": {"readOnlyHint": tool.only_reads, **hints},
            }
            for tool in tools
        ]
    }


def arguments_for(name: str, planted: Planted) -> dict[str, Any]:
    """What a tool can be called with in the planted campaign."""
    known: dict[str, dict[str, Any]] = {
        "search": {"query": "vault"},
        "get_thing": {"thing": planted.npc_id},
        "who_knows": {"about": "the vault"},
        "npc_knowledge": {"npc": planted.npc_name},
        "roll": {"dice": "2d6+3"},
        "ask_npc": {"npc": planted.npc_id, "message": "What do you know of the vault?"},
        "add_table_note": {"text": "The bell rang."},
        "propose_change": {"kind": "npc", "thing": planted.npc_id, "fields": {"role": "smith"}},
        "propose_new": {"kind": "location", "fields": {"name": "The mill"}},
        "propose_fact": {"text": "The mill burned."},
        "propose_recap": {"text": "Bells.", "for": "gm", "game_session": planted.game_session_id},
    }
    return known.get(name, {})


def list_questions(name: str, planted: Planted) -> list[dict[str, Any]]:
    """Calls of a tool that ask for what is hidden, and for what is not."""
    if name == "get_thing":
        things = (*planted.hidden_ids, *planted.hidden_names, *planted.open_ids)
        return [{"thing": one} for one in things]
    if name == "search":
        return [{"query": one} for one in (CANARY, OPEN, "vault", "faction npc", "idea recap")]
    return [arguments_for(name, planted)]
