"""Operations that only files and programs of others need: imported with the first request for one.

They are a tenth of all that a start would import otherwise. Whoever never takes a file in or out,
and never connects another program, does without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ttrpg_assistant.api.late_routes import LateGroup
from ttrpg_assistant.services import Services

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from ttrpg_assistant.doors.mcp_server.http import McpDoor
    from ttrpg_assistant.doors.tools.model import ToolServices


class LateGroups:
    """Those groups of one application, and what only they need."""

    def __init__(self, services: Services, version: str, token_name: str) -> None:
        self._services = services
        self._version = version
        self._token_name = token_name
        self.doors = [
            LateGroup(["/api/doors/tools", "/api/doors/things"], self._make_tools),
            LateGroup(["/api/doors/foundry"], self._make_foundry),
            LateGroup(["/v1"], self._make_openai),
        ]
        """What programs with a token ask for."""

        self.files = [
            LateGroup(["/api/imports"], self._make_imports),
            LateGroup(
                [
                    "/api/campaigns/{}/export",
                    "/api/campaigns/{}/lorebook",
                    "/api/npcs/{}/card",
                ],
                self._make_exports,
            ),
        ]
        """What comes out of files of other programs, and goes into them."""

        self.mcp = LateGroup(["/mcp"], self._make_mcp)

    async def close(self) -> None:
        """End what is under way."""
        if "_mcp_door" in vars(self):
            await self._mcp_door.close()

    @cached_property
    def _tools(self) -> ToolServices:
        from ttrpg_assistant.doors.tools.model import ToolServices

        services = self._services
        return ToolServices(
            services.database,
            services.search,
            services.continuity,
            services.game_sessions,
            services.outside_proposals,
            services.outside_talk,
        )

    @cached_property
    def _mcp_door(self) -> McpDoor:
        from ttrpg_assistant.doors.mcp_server.http import McpDoor

        return McpDoor(self._tools, self._version, self._token_name)

    def _make_tools(self) -> Sequence[BaseRoute]:
        from ttrpg_assistant.api.door_tools import door_tool_routes

        return door_tool_routes(self._tools).routes

    def _make_mcp(self) -> Sequence[BaseRoute]:
        from ttrpg_assistant.api.door_tools import mcp_route

        return [mcp_route(self._mcp_door)]

    def _make_foundry(self) -> Sequence[BaseRoute]:
        from ttrpg_assistant.api.foundry_door import foundry_routes
        from ttrpg_assistant.doors.foundry import FoundryDoor

        services = self._services
        return foundry_routes(FoundryDoor(services.database, services.outside_proposals)).routes

    def _make_openai(self) -> Sequence[BaseRoute]:
        from ttrpg_assistant.api.openai_door import openai_routes

        return openai_routes(self._services.outside_talk, self._services.kept_talk).routes

    def _make_imports(self) -> Sequence[BaseRoute]:
        from ttrpg_assistant.api.imports import import_routes

        services = self._services
        return import_routes(
            services.file_imports, services.imports, services.arriving, services.others
        ).routes

    def _make_exports(self) -> Sequence[BaseRoute]:
        from ttrpg_assistant.api.exports import export_routes

        services = self._services
        return export_routes(services.exports, services.cards, services.arriving).routes
