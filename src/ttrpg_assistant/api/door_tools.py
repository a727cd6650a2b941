"""The tools of other programs over HTTP: for scripts, for the `mcp` command, and at `/mcp`.

Who asks is known by the token alone (`door_access.py`).
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Request, Response
from pydantic import Field
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ttrpg_assistant.api.bodies import PROBLEMS, Body, answer
from ttrpg_assistant.api.door_access import get_token
from ttrpg_assistant.api.errors import problem
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.doors.mcp_server.http import McpDoor
from ttrpg_assistant.doors.mcp_server.missing import McpMissing
from ttrpg_assistant.doors.toolbox import TokenToolbox
from ttrpg_assistant.doors.tools.model import ToolServices

MCP_PATH = "/mcp"

ToolName = Annotated[str, Path(pattern="^[a-z_]{1,40}$")]


class CallBody(Body):
    """What a tool takes, by name, as `list_door_tools` says it."""

    arguments: dict[str, Any] = Field(default_factory=dict)


def door_tool_routes(tools: ToolServices) -> Routes:
    """What a token may do here, and doing it."""
    routes = Routes(tags=["doors"], responses=dict(PROBLEMS))

    @routes.get("/api/doors/tools", operation_id="list_door_tools")
    async def list_door_tools(request: Request) -> Response:
        """The tools that this token may call, with the JSON schema of what each takes."""
        found = await TokenToolbox(tools, get_token(request)).list_tools()
        return answer({"tools": found})

    @routes.post("/api/doors/tools/{tool}", operation_id="call_door_tool")
    async def call_door_tool(tool: ToolName, body: CallBody, request: Request) -> Response:
        """Call a tool; it answers in a few lines of text that name ids."""
        text = await TokenToolbox(tools, get_token(request)).call_tool(tool, body.arguments)
        return answer({"text": text})

    @routes.get("/api/doors/things", operation_id="list_door_things")
    async def list_door_things(request: Request) -> Response:
        """Of each kind some things that this token may see: for `read:gm` those used last,
        otherwise the newest."""
        found = await TokenToolbox(tools, get_token(request)).list_things()
        return answer({"things": found})

    return routes


class _McpRoute:
    """`/mcp` as one route: an application of its own, and the shape of our faults."""

    def __init__(self, door: McpDoor) -> None:
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET":
            # Nothing is kept between requests, so a stream for later would be open for nothing.
            refusal = problem(405, "method_not_allowed", "Messages are sent here with POST.")
            refusal.headers["Allow"] = "POST"
            await refusal(scope, receive, send)
            return
        try:
            await self._door.answer(scope, receive, send)
        except McpMissing as fault:
            refusal = problem(501, fault.code, fault.sentence, cure=fault.cure)
            await refusal(scope, receive, send)


def mcp_route(door: McpDoor) -> Route:
    """The route that hands every request for `/mcp` to the MCP server."""
    return Route(MCP_PATH, endpoint=_McpRoute(door))
