"""`/mcp`: the MCP server over streamable HTTP, started by the first request for it.

The SDK takes half a second to import and thirty megabytes: whoever never connects a client pays
neither. It is imported in a thread, so that nobody waits for it but the first client.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

import structlog

from ttrpg_assistant.doors.mcp_server.missing import McpMissing, is_installed
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.toolbox import TokenToolbox
from ttrpg_assistant.doors.tools.model import ToolServices

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

log = structlog.get_logger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BODY_BYTES = 1024 * 1024
"""Of one message of a client; a tool takes far less."""


class McpDoor:
    """What answers at `/mcp`. Whoever lets a request in puts its `Token` into the request's state,
    under `token_name`."""

    def __init__(self, services: ToolServices, version: str, token_name: str) -> None:
        self._services = services
        self._version = version
        self._token_name = token_name
        self._starting = asyncio.Lock()
        self._ending = asyncio.Event()
        self._manager: StreamableHTTPSessionManager | None = None
        self._life: asyncio.Task[None] | None = None

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises `McpMissing` where the SDK is not installed."""
        manager = self._manager or await self._start()
        await manager.handle_request(scope, receive, send)

    async def close(self) -> None:
        """End what is under way."""
        self._ending.set()
        if self._life is not None:
            await self._life

    async def _start(self) -> StreamableHTTPSessionManager:
        async with self._starting:
            if self._manager is not None:
                return self._manager
            if not is_installed():
                raise McpMissing.spell()
            manager = await asyncio.to_thread(self._make)
            begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._life = asyncio.create_task(self._live(manager, begun))
            await begun
            self._manager = manager
            return manager

    def _make(self) -> StreamableHTTPSessionManager:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        from ttrpg_assistant.doors.mcp_server.serving import Context, make_server

        def find_toolbox(context: Context) -> TokenToolbox:
            request: Any = context.request
            token = getattr(request.state, self._token_name)
            assert isinstance(token, Token)
            return TokenToolbox(self._services, token)

        return StreamableHTTPSessionManager(
            make_server(find_toolbox, self._version),
            json_response=True,
            stateless=True,
            max_request_body_size=BODY_BYTES,
        )

    async def _live(
        self, manager: StreamableHTTPSessionManager, begun: asyncio.Future[None]
    ) -> None:
        """One task from beginning to end, as the SDK's task group wants it. When it fails, the
        next request starts another."""
        try:
            async with manager.run():
                begun.set_result(None)
                await self._ending.wait()
        except Exception as trouble:
            log.exception("mcp.ended")
            if not begun.done():
                begun.set_exception(trouble)
            else:
                self._manager = None
