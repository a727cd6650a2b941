"""The MCP server, spoken to by the official client: today's revision and the ones before it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from tests.doors.planted import CANARY, Planted, plant
from tests.doors.walking import arguments_for
from tests.running import Running, running
from ttrpg_assistant.doors.mcp_server.missing import McpMissing
from ttrpg_assistant.doors.mcp_server.remote import RemoteToolbox, ServerUnreachable
from ttrpg_assistant.doors.mcp_server.serving import THINGS, make_server
from ttrpg_assistant.doors.model import TokenScope
from ttrpg_assistant.doors.tools.registry import TOOLS
from ttrpg_assistant.doors.tools.requests import OFFERED
from ttrpg_assistant.errors import Fault

MODES = ("auto", "legacy")
"""Today's revision, which keeps nothing between requests, and the handshake before it."""


async def make_token(app: Running, planted: Planted, *scopes: TokenScope) -> str:
    made = await app.services.tokens.create(planted.campaign_id, f"T {len(scopes)}", scopes)
    return made.secret


@asynccontextmanager
async def connected(app: Running, secret: str, mode: str) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(f"{app.address}/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:  # type: ignore[arg-type]
            yield client


async def test_a_client_of_either_revision_lists_and_calls_every_tool(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        planted = await plant(app.services.database)
        secret = await make_token(app, planted, "read:gm", "propose", "talk")
        told = []
        for mode in MODES:
            async with connected(app, secret, mode) as client:
                listed = (await client.list_tools()).tools
                assert [tool.name for tool in listed] == list(TOOLS)
                for tool in listed:
                    given = arguments_for(tool.name, planted)
                    answer = await client.call_tool(tool.name, given)
                    assert not answer.is_error, answer
                    if tool.name not in ("roll", "tonight", "ask_npc"):  # They may differ.
                        told.append((tool.name, open_fence(answer.content[0].text)))
                await _check_the_rest(client, planted)
        assert len(set(told)) == len(told) / 2, "both are answered the same"
        for name, text in dict(told).items():
            body = {"arguments": arguments_for(name, planted)}
            headers = {"Authorization": f"Bearer {secret}"}
            asked = await app.client.post(f"/api/doors/tools/{name}", json=body, headers=headers)
            assert asked.json() == {"text": text}, "and so is a script"


def open_fence(text: str) -> str:
    """What stands between the markers of an answer."""
    lines = text.split("\n")
    begin = re.fullmatch(r"### CAMPAIGN DATA BEGIN ([a-z]{10}) ###", lines[0])
    assert begin and lines[-1] == f"### CAMPAIGN DATA END {begin[1]} ###"
    return "\n".join(lines[1:-1])


async def _check_the_rest(client: Client, planted: Planted) -> None:
    assert [one.name for one in (await client.list_prompts()).prompts] == list(OFFERED)
    asked = await client.get_prompt("voice", {"npc": "Mira"})
    assert "Mira" in asked.messages[0].content.text
    with pytest.raises(MCPError):
        await client.get_prompt("voice", {})
    found = (await client.list_resources()).resources
    assert planted.npc_id in "".join(one.uri for one in found)
    read = await client.read_resource(found[0].uri)
    assert found[0].name in read.contents[0].text
    for uri in (f"{THINGS}npc/nobody", f"{THINGS}npc", "file:///etc/passwd"):
        with pytest.raises(MCPError):
            await client.read_resource(uri)
    wrong = await client.call_tool("get_thing", {"thing": "nobody"})
    assert wrong.is_error and "no such thing" in wrong.content[0].text
    with pytest.raises(MCPError):
        await client.call_tool("accept_suggestion", {})


async def test_who_asks_sees_what_its_token_may_see_and_nobody_asks_without(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as app:
        planted = await plant(app.services.database)
        async with connected(app, await make_token(app, planted, "read:players"), "auto") as client:
            assert "who_knows" not in [one.name for one in (await client.list_tools()).tools]
            refused = await client.call_tool("who_knows", {"about": "vault"})
            assert refused.is_error and "read:gm" in refused.content[0].text
            told = str(await client.list_resources()) + str(
                await client.call_tool("search", {"query": CANARY})
            )
            assert CANARY not in told
            uri = f"{THINGS}npc/{planted.npc_id}"
            with pytest.raises(MCPError):
                await client.read_resource(uri)
        for secret in ("wrong", "ttrpg_" + "a" * 43):
            answer = await app.client.post(
                "/mcp", json={}, headers={"Authorization": f"Bearer {secret}"}
            )
            assert answer.status_code == 401
        for bad in (b"{", b"[]", b'{"jsonrpc": "2.0"}', b"\xff", b"[" * 100_000):
            secret = await make_token(app, planted, "talk", "propose")
            headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
            headers["Accept"] = "application/json, text/event-stream"
            answer = await app.client.post("/mcp", content=bad, headers=headers)
            assert 400 <= answer.status_code < 500, (bad[:20], answer.text)
            await app.services.tokens.revoke((await app.services.tokens.list_all())[0].id)


async def test_no_stream_is_kept_open_for_what_never_comes(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        planted = await plant(app.services.database)
        headers = {"Authorization": f"Bearer {await make_token(app, planted, 'read:gm')}"}
        answer = await app.client.get(
            "/mcp", headers={**headers, "Accept": "text/event-stream"}, timeout=20
        )
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        async with connected(app, await make_token(app, planted, "talk", "propose"), "auto") as one:
            for uri in (f"{THINGS}campaign/{planted.campaign_id}", f"{THINGS}npc/{'a' * 30_000}"):
                with pytest.raises(MCPError) as refused:
                    await one.read_resource(uri)
                assert refused.value.error.code == -32602


async def test_a_child_of_a_client_hands_every_call_to_the_server(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        planted = await plant(app.services.database)
        secret = await make_token(app, planted, "read:gm")
        looked: list[str] = []

        def find_address() -> str:
            looked.append("")
            return "http://127.0.0.1:1" if len(looked) == 1 else app.address

        toolbox = RemoteToolbox(find_address, secret)
        async with Client(make_server(lambda _: toolbox, "1")) as client:
            told = await client.call_tool("get_thing", {"thing": planted.npc_id})
            assert planted.npc_name in told.content[0].text
            assert len(looked) == 2, "a server that was started anew is found"
            names = [one.name for one in (await client.list_tools()).tools]
            assert "search" in names and "add_table_note" not in names
            assert (await client.list_resources()).resources
            wrong = await client.call_tool("get_thing", {"thing": "nobody"})
            assert wrong.is_error and "no such thing" in wrong.content[0].text
        gone = RemoteToolbox(lambda: "http://127.0.0.1:1", secret)
        with pytest.raises(ServerUnreachable):
            await gone.call_tool("roll", {"dice": "d6"})
        with pytest.raises(Fault, match="valid token"):
            await RemoteToolbox(lambda: app.address, "wrong").list_tools()


async def test_without_the_sdk_a_client_is_told_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ttrpg_assistant.doors.mcp_server.http.is_installed", lambda: False)
    async with running(tmp_path) as app:
        planted = await plant(app.services.database)
        headers = {"Authorization": f"Bearer {await make_token(app, planted, 'read:gm')}"}
        answer: Any = await app.client.post("/mcp", json={}, headers=headers)
        assert answer.status_code == 501
        assert (answer.json()["code"], answer.json()["cure"]) == (
            McpMissing.default_code,
            McpMissing.default_cure,
        )
        listed = await app.client.get("/api/doors/tools", headers=headers)
        assert len(listed.json()["tools"]) > 5, "scripts need no SDK"
