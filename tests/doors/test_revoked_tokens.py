"""A token that is revoked while it is used: what is under way ends, and says why."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.doors.test_mcp import connected
from tests.doors.test_tokens import asking
from tests.running import Running, running
from ttrpg_assistant.doors import tokens as tokens_module
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import Gate, ScriptedProvider
from ttrpg_assistant.storage.database import Database

HELLO = {"model": "npc/vale/mira", "messages": [{"role": "user", "content": "Hello?"}]}


@asynccontextmanager
async def asked(tmp_path: Path) -> AsyncIterator[tuple[Running, ScriptedProvider, Gate, str, Any]]:
    """A server whose model says one word and then waits at a gate, and a token that talks."""
    gate = Gate()
    model = ScriptedProvider(default=["Aye, ", gate, "traveller."])
    async with running(tmp_path, providers=[model]) as app:
        campaign = (await app.post("/api/campaigns", {"name": "Vale"}))["id"]
        await app.post(f"/api/campaigns/{campaign}/npcs", {"name": "Mira", "is_present": True})
        body = {"campaign_id": campaign, "name": new_id(), "scopes": ["talk", "read:gm"]}
        made = await app.post("/api/tokens", body)
        yield app, model, gate, made["secret"], made["token"]


async def revoke(app: Running, token: Any) -> None:
    assert (await app.client.delete(f"/api/tokens/{token['id']}")).status_code == 200


async def test_a_stream_ends_with_its_token_and_says_why(tmp_path: Path) -> None:
    async with asked(tmp_path) as (app, model, _, secret, token), asking(app, secret) as tool:
        said = ""
        sent = {**HELLO, "stream": True}
        async with tool.stream("POST", "/v1/chat/completions", json=sent) as stream:
            async for line in stream.aiter_lines():
                said += line
                if "Aye" in line:
                    await revoke(app, token)
        last = json.loads(said.rpartition("data: ")[2])
        assert last["error"]["code"] == "token_not_valid"
        assert "traveller" not in said and "[DONE]" not in said
        assert model.stopped == 1, "the model is not asked on"
        assert (await tool.get("/v1/models")).status_code == 401
        assert await app.services.tokens.list_all() == []


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/api/doors/tools/ask_npc"])
async def test_an_answer_that_is_waited_for_is_refused_with_its_token(
    tmp_path: Path, path: str
) -> None:
    async with asked(tmp_path) as (app, _, gate, secret, token), asking(app, secret) as tool:
        body = {"arguments": {"npc": "Mira", "message": "Hello?"}} if "tools" in path else HELLO
        waiting = asyncio.create_task(tool.post(path, json=body))
        await gate.reached.wait()
        await revoke(app, token)
        refused = await waiting
        said = refused.json()
        assert (refused.status_code, said.get("error", said)["code"]) == (401, "token_not_valid")


async def test_a_call_of_an_mcp_client_ends_with_its_token(tmp_path: Path) -> None:
    async with asked(tmp_path) as (app, model, gate, secret, token):
        with pytest.raises(Exception):  # noqa: B017 (a group of what the client makes of it)
            async with connected(app, secret, "auto") as client:
                given = {"npc": "Mira", "message": "Hello?"}
                waiting = asyncio.create_task(client.call_tool("ask_npc", given))
                await gate.reached.wait()
                await revoke(app, token)
                await waiting
        assert model.stopped == 1, "nothing of it goes on"


async def test_what_another_process_revoked_ends_here_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens_module, "LOOK_SECONDS", 0.01)
    async with asked(tmp_path) as (app, _, gate, secret, token), asking(app, secret) as tool:
        waiting = asyncio.create_task(tool.post("/v1/chat/completions", json=HELLO))
        await gate.reached.wait()
        await remove_row(app.services.database, token["id"])
        assert (await waiting).status_code == 401


async def test_a_campaign_that_is_removed_ends_what_its_programs_wait_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens_module, "LOOK_SECONDS", 0.01)
    async with asked(tmp_path) as (app, _, gate, secret, token), asking(app, secret) as tool:
        waiting = asyncio.create_task(tool.post("/v1/chat/completions", json=HELLO))
        await gate.reached.wait()
        removed = await app.client.delete(f"/api/campaigns/{token['campaign_id']}")
        assert removed.is_success, removed.text
        assert (await waiting).status_code == 401


async def remove_row(database: Database, token_id: str) -> None:
    from ttrpg_assistant.doors.store.tokens import remove_token

    assert await database.write(lambda tx: remove_token(tx, token_id))


async def test_pages_are_told_that_a_token_is_used(tmp_path: Path) -> None:
    async with asked(tmp_path) as (app, _, _, secret, token):
        async with app.client.stream("GET", "/api/changes") as hints:
            lines = hints.aiter_lines()
            async for line in lines:
                if line == "event: persistence":
                    break
            async with asking(app, secret) as tool:
                assert (await tool.get("/api/doors/token")).status_code == 200
            async for line in lines:
                if line.startswith("event: "):
                    assert line == "event: tokens"
                    break
        (found,) = (await app.get("/api/tokens"))["tokens"]
        assert (found["id"], found["last_used_at"] is not None) == (token["id"], True)
