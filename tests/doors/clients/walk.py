"""Every tool, resource and prompt of a server, by the official Python client of either major.

python walk.py < what.json    the same question and answer as of walk.mjs
It is run by the interpreter that has the client, and imports nothing else.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import AsyncExitStack
from typing import Any


async def main() -> None:
    asked = json.load(sys.stdin)
    async with AsyncExitStack() as stack:
        old = asked["version"].startswith("1.")
        client = await (connect_old if old else connect_new)(asked, stack)
        told: dict[str, Any] = {"answers": {}, "failed": [], "took": []}
        told["tools"] = [one.name for one in (await client.list_tools()).tools]
        for name in told["tools"]:
            began = time.perf_counter()
            answer = await client.call_tool(name, asked["calls"].get(name, {}))
            told["took"].append((time.perf_counter() - began) * 1e3)
            if is_error(answer):
                told["failed"].append([name, str(answer.content)])
            told["answers"][name] = answer.content[0].text
        wrong = await client.call_tool("get_thing", {"thing": "nobody"})
        told["refusal"] = wrong.content[0].text if is_error(wrong) else ""
        resources = (await client.list_resources()).resources
        told["resources"] = len(resources)
        templates: Any = await client.list_resource_templates()
        found = templates.resourceTemplates if old else templates.resource_templates
        told["templates"] = len(found)
        for one in resources[:3]:
            read = await client.read_resource(one.uri)
            if one.name not in read.contents[0].text:
                told["failed"].append([str(one.uri), str(read)])
        prompts = (await client.list_prompts()).prompts
        told["prompts"] = [one.name for one in prompts]
        for one in prompts:
            given = {each.name: asked["prompt"] for each in one.arguments or []}
            filled = await client.get_prompt(one.name, given)
            if not filled.messages[0].content.text:
                told["failed"].append([one.name, str(filled)])
    print(json.dumps(told))


def is_error(answer: Any) -> bool:
    """Whether a tool refused: the two majors spell it differently."""
    return bool(answer.isError if hasattr(answer, "isError") else answer.is_error)


async def connect_new(asked: Any, stack: AsyncExitStack) -> Any:
    """Version 2 and later."""
    from mcp.client import Client
    from mcp.client.stdio import StdioServerParameters, stdio_client

    if asked["transport"] == "http":
        import httpx2
        from mcp.client.streamable_http import streamable_http_client

        headers = {"Authorization": f"Bearer {asked['token']}"}
        http = await stack.enter_async_context(httpx2.AsyncClient(headers=headers, timeout=60))
        transport = streamable_http_client(asked["address"], http_client=http)
    else:
        command, *args = asked["command"]
        transport = stdio_client(
            StdioServerParameters(command=command, args=args, env=asked["env"])
        )
    return await stack.enter_async_context(Client(transport, mode=asked["mode"]))


async def connect_old(asked: Any, stack: AsyncExitStack) -> Any:
    """Version 1."""
    from mcp import ClientSession, StdioServerParameters  # type: ignore[attr-defined]
    from mcp.client.stdio import stdio_client

    if asked["transport"] == "http":
        from mcp.client.streamable_http import (  # type: ignore[attr-defined]
            streamablehttp_client,
        )

        headers = {"Authorization": f"Bearer {asked['token']}"}
        streams = await stack.enter_async_context(
            streamablehttp_client(asked["address"], headers=headers)
        )
    else:
        command, *args = asked["command"]
        parameters = StdioServerParameters(command=command, args=args, env=asked["env"])
        streams = await stack.enter_async_context(stdio_client(parameters))
    session = await stack.enter_async_context(ClientSession(streams[0], streams[1]))
    await session.initialize()
    return session


asyncio.run(main())
