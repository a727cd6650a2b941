"""The tools of a server elsewhere, or in another process of this machine, asked over HTTP."""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from ttrpg_assistant.doors.tools.ports import ListedThing, ListedTool
from ttrpg_assistant.errors import Fault
from ttrpg_assistant.outside_json import NOT_JSON, decode_outside

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 600.0
"""An NPC's answer takes as long as its model does."""

LONGEST_ANSWER = 4 * 1024 * 1024

ROOT = "/api/doors"


class ServerUnreachable(Fault):
    """The assistant's server does not answer."""

    default_code = "server_unreachable"
    default_cure = "Look whether it runs, and whether TTRPG_URL is its address."


class RemoteToolbox:
    """The tools of one token, in the server that `find_address` leads to."""

    def __init__(self, find_address: Callable[[], str], token: str) -> None:
        """`find_address` may start a server; it is asked again when one does not answer."""
        self._find_address = find_address
        self._token = token
        self._address: str | None = None
        self._finding = asyncio.Lock()

    async def list_tools(self) -> Sequence[ListedTool]:
        """Those that the token may call. Raises the `Fault` that the server names."""
        said = await self._ask("GET", f"{ROOT}/tools")
        return msgspec.convert(said["tools"], list[ListedTool])

    async def call_tool(self, name: str, arguments: Mapping[str, Any]) -> str:
        """What a tool answers. Raises the `Fault` that the server names."""
        body = {"arguments": dict(arguments)}
        said = await self._ask("POST", f"{ROOT}/tools/{quote(name, safe='')}", body)
        return str(said["text"])

    async def list_things(self) -> Sequence[ListedThing]:
        """Some of the things that the token may see."""
        said = await self._ask("GET", f"{ROOT}/things")
        return msgspec.convert(said["things"], list[ListedThing])

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        """Asked once more when nothing listens: the server may have been started anew. Every tool
        may be called twice."""
        for is_last in (False, True):
            async with self._finding:
                if self._address is None:
                    self._address = await asyncio.to_thread(self._find_address)
                address = self._address
            try:
                return await asyncio.to_thread(
                    _ask_server, address, self._token, method, path, body
                )
            except OSError as trouble:
                async with self._finding:
                    if self._address == address:
                        self._address = None
                if is_last:
                    raise ServerUnreachable(f"Nothing answers at {address}.") from trouble
        raise AssertionError("the loop ends with an answer or a fault")


def _ask_server(address: str, token: str, method: str, path: str, body: Any) -> Any:
    """Its JSON answer. Raises the `Fault` it names, `OSError` when there is no such server."""
    parts = urlsplit(address)
    is_safe = parts.scheme == "https"
    kind = http.client.HTTPSConnection if is_safe else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=CONNECT_SECONDS)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.connect()
        connection.sock.settimeout(ANSWER_SECONDS)
        sent = None if body is None else json.dumps(body).encode()
        connection.request(method, parts.path + path, sent, headers)
        reply = connection.getresponse()
        said = decode_outside(reply.read(LONGEST_ANSWER))
        if not isinstance(said, dict):
            raise ValueError("not an object")
    except NOT_JSON as trouble:
        raise OSError(f"no usable answer from {address}") from trouble
    except http.client.HTTPException as trouble:
        raise OSError(f"no usable answer from {address}") from trouble
    finally:
        connection.close()
    if reply.status >= 400:
        sentence = str(said.get("detail") or "The server refused this.")
        cure = said.get("cure")
        raise Fault(
            sentence,
            code=str(said.get("code") or "refused"),
            cure=cure if isinstance(cure, str) else None,
        )
    return said
