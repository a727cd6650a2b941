"""The tools as one token has them, in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.doors.model import READING, Token
from ttrpg_assistant.doors.store.visible import list_visible
from ttrpg_assistant.doors.tools.model import ToolServices
from ttrpg_assistant.doors.tools.ports import ListedThing, ListedTool
from ttrpg_assistant.doors.tools.registry import call_tool, list_tools
from ttrpg_assistant.doors.tools.wording import call

MOST_OF_A_KIND = 20
"""Things of a kind that are listed as something to read; any other is read by its id."""


class TokenToolbox:
    """The tools of one token."""

    def __init__(self, services: ToolServices, token: Token) -> None:
        self._services = services
        self._token = token

    async def list_tools(self) -> Sequence[ListedTool]:
        """Those that this token may call."""
        return [
            ListedTool(one.name, one.description, one.spell_schema(), one.only_reads)
            for one in list_tools(self._token)
        ]

    async def call_tool(self, name: str, arguments: Mapping[str, Any]) -> str:
        """What a tool answers. Raises the `Fault` that says what is wrong."""
        return await call_tool(self._services, self._token, name, arguments)

    async def list_things(self) -> Sequence[ListedThing]:
        """Of each kind some things that this token may see: for `read:gm` those used last,
        otherwise the newest; none where it may not read."""
        if READING.isdisjoint(self._token.scopes):
            return []
        return await self._services.database.read(self._list_things)

    def _list_things(self, tx: Connection) -> list[ListedThing]:
        campaign_id, viewer = self._token.campaign_id, self._token.viewer
        return [
            ListedThing(kind.name, kind.noun, one.id, call(str(getattr(one, kind.name_field))))
            for kind in list_things()
            for one in list_visible(tx, kind, campaign_id, viewer, MOST_OF_A_KIND)
        ]
