"""The MCP server as the child of a client: messages come in and go out as lines."""

from __future__ import annotations

from mcp.server.stdio import stdio_server

from ttrpg_assistant.doors.mcp_server.serving import make_server
from ttrpg_assistant.doors.tools.ports import Toolbox


async def serve_stdio(toolbox: Toolbox, version: str) -> None:
    """Serve one client until it closes its end."""
    server = make_server(lambda _: toolbox, version)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
