"""All tools there are: one for each file of this folder that declares a `TOOL`."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import MappingProxyType

from ttrpg_assistant.doors import tools
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.tools.model import Arguments, Tool, ToolServices
from ttrpg_assistant.errors import NotFound

ORDER = (
    "list_campaigns",
    "campaign_brief",
    "search",
    "get_thing",
    "who_knows",
    "npc_knowledge",
    "open_threads",
    "tonight",
    "last_recap",
    "roll",
    "ask_npc",
    "add_table_note",
    "propose_change",
    "propose_new",
    "propose_fact",
    "propose_recap",
)
"""What is looked at first stands first; a tool that is not named here comes last."""


def _find_tools() -> dict[str, Tool]:
    found = {}
    for one in pkgutil.iter_modules(tools.__path__):
        tool = getattr(import_module(f"{tools.__name__}.{one.name}"), "TOOL", None)
        if isinstance(tool, Tool):
            found[tool.name] = tool
    return dict(sorted(found.items(), key=lambda item: (_place(item[0]), item[0])))


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


TOOLS: Mapping[str, Tool] = MappingProxyType(_find_tools())


def list_tools(token: Token) -> Sequence[Tool]:
    """The tools that this token may call, in their order."""
    return [tool for tool in TOOLS.values() if not tool.scopes.isdisjoint(token.scopes)]


async def call_tool(services: ToolServices, token: Token, name: str, given: Arguments) -> str:
    """What the tool answers. Raises `NotFound` without such a tool, `Refused` without its scope,
    and what it raises itself."""
    tool = TOOLS.get(name)
    if tool is None:
        raise NotFound("There is no such tool.", code="tool_not_found")
    token.check_any(tool.scopes)
    return await tool.run(services, token, tool.check_arguments(given))
