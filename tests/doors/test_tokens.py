"""Tokens of other programs: made, shown once, looked up, revoked; and let in nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection

from tests.running import TOKEN, Running, running
from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.store.edits import add_entity
from ttrpg_assistant.campaigns.store.entities import remove_entity, restore_entity
from ttrpg_assistant.doors.command_line import open_tokens, revoke_named
from ttrpg_assistant.doors.tokens import SECRET_LENGTH, Tokens
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound, Refused
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.prompts.audience import GM, PARTY
from ttrpg_assistant.running_server import RunningServer, announce_server, find_running_server
from ttrpg_assistant.storage.database import Database

FOREIGN = "https://table.example"


async def add_campaign(database: Database, name: str = "Vale") -> str:
    values = CAMPAIGN.check_new({"name": name})
    made = await database.write(lambda tx: add_entity(tx, CAMPAIGN, None, values))
    return str(made.id)


async def test_a_token_is_shown_once_found_by_its_secret_and_gone_when_revoked(
    database: Database,
) -> None:
    tokens = Tokens(database, Changes())
    campaign = await add_campaign(database)
    made = await tokens.create(campaign, "  Foundry   at home ", ["talk", "read:players"])
    assert (len(made.secret), made.token.name) == (SECRET_LENGTH, "Foundry at home")
    assert made.token.scopes == ("read:players", "talk"), "always in the same order"
    found = await tokens.find(made.secret)
    assert found is not None and (found.id, found.campaign_name) == (made.token.id, "Vale")
    assert (await tokens.list_all(campaign))[0].last_used_at is not None, "its use was noted"
    for wrong in ("", made.secret[:-1], made.secret[:-1] + "!", "ttrpg_" + "a" * 43):
        assert await tokens.find(wrong) is None
    await tokens.revoke(made.token.id)
    assert await tokens.find(made.secret) is None
    with pytest.raises(NotFound):
        await tokens.revoke(made.token.id)


async def test_what_cannot_be_a_token_is_refused_and_two_of_one_name_are_one(
    database: Database,
) -> None:
    tokens = Tokens(database, Changes())
    campaign = await add_campaign(database)
    wrong: list[tuple[str, str, list[Any]]] = [
        (campaign, "   ", ["talk"]),
        (campaign, "x" * 81, ["talk"]),
        (campaign, "x", []),
        (campaign, "x", ["talk", "write"]),
    ]
    for case in wrong:
        with pytest.raises(InvalidInput):
            await tokens.create(*case)
    with pytest.raises(NotFound):
        await tokens.create(new_id(), "x", ["talk"])
    both = await asyncio.gather(
        *(tokens.create(campaign, "Same", ["talk"]) for _ in range(3)), return_exceptions=True
    )
    assert sum(isinstance(one, Conflict) for one in both) == 2, both
    with pytest.raises(Conflict):
        await tokens.create(campaign, "SAME", ["talk"])
    assert len(await tokens.list_all()) == 1


async def test_a_token_of_a_removed_campaign_works_again_when_that_is_restored(
    database: Database,
) -> None:
    tokens = Tokens(database, Changes())
    campaign = await add_campaign(database)
    made = await tokens.create(campaign, "Reader", ["read:gm"])

    def change(how: Callable[[Connection, Any, str], Any]) -> Any:
        return database.write(lambda tx: how(tx, CAMPAIGN, campaign))

    await change(remove_entity)
    assert await tokens.find(made.secret) is None
    assert await tokens.list_all() == []
    await change(restore_entity)
    assert await tokens.find(made.secret) is not None


async def test_a_scope_is_a_viewer_or_a_permission(database: Database) -> None:
    tokens = Tokens(database, Changes())
    campaign = await add_campaign(database)
    players = (await tokens.create(campaign, "a", ["read:players"])).token
    everything = (await tokens.create(campaign, "b", ["read:gm", "read:players"])).token
    nothing = (await tokens.create(campaign, "c", ["talk"])).token
    assert (players.viewer, everything.viewer) == (PARTY, GM)
    nothing.check("talk")
    for refused in (lambda: nothing.viewer, lambda: players.check("talk", "read:players")):
        with pytest.raises(Refused) as fault:
            refused()
        assert fault.value.code == "scope_missing"


async def make_token(app: Running, *scopes: str, name: str = "Tool") -> tuple[str, Any]:
    campaign = await app.post("/api/campaigns", {"name": f"Vale of {name}"})
    body = {"campaign_id": campaign["id"], "name": name, "scopes": list(scopes)}
    made = await app.post("/api/tokens", body, status=201)
    return str(made["secret"]), made["token"]


def asking(
    app: Running, secret: str, **headers: str
) -> AbstractAsyncContextManager[httpx2.AsyncClient]:
    sent = {"Authorization": f"Bearer {secret}", **headers} if secret else headers
    return httpx2.AsyncClient(base_url=app.address, headers=sent, timeout=60, verify=False)


async def test_a_token_lets_in_where_other_programs_ask_and_nowhere_else(tmp_path: Path) -> None:
    async with running(tmp_path, allowed_origins=(FOREIGN,)) as app:
        secret, token = await make_token(app, "read:players")
        assert [one["id"] for one in (await app.get("/api/tokens"))["tokens"]] == [token["id"]]
        sample = ("GET", "/api/campaigns"), ("POST", "/api/tokens"), ("GET", "/api/tokens")
        async with asking(app, secret) as tool:
            own = await tool.get("/api/doors/token")
            assert (own.status_code, own.json()["id"]) == (200, token["id"])
            assert "access-control-allow-origin" not in own.headers
            for method, path in sample:
                refused = await tool.request(method, path, json={})
                assert (refused.status_code, refused.json()["code"]) == (401, "not_let_in")
        for other in (TOKEN, "", "ttrpg_" + "x" * 43):
            async with asking(app, other) as stranger:
                refused = await stranger.get("/api/doors/token")
                unknown = await stranger.get("/v1/models")
                assert refused.status_code == unknown.status_code == 401, other
                assert refused.json()["code"] == "token_not_valid"
                assert unknown.json()["error"]["code"] == "token_not_valid"
        await app.client.delete(f"/api/tokens/{token['id']}")
        async with asking(app, secret) as tool:
            assert (await tool.get("/api/doors/token")).status_code == 401
        stored = b"".join(one.read_bytes() for one in tmp_path.iterdir() if one.is_file())
        assert secret.encode() not in stored and secret[6:].encode() not in stored


async def test_only_pages_of_an_allowed_origin_may_ask_and_only_there(tmp_path: Path) -> None:
    async with running(tmp_path, allowed_origins=(FOREIGN,)) as app:
        secret, _ = await make_token(app, "talk")
        ask = {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type,x-stainless-os",
            "Access-Control-Request-Private-Network": "true",
        }
        async with asking(app, "", Origin=FOREIGN) as page:
            allowed = await page.options("/v1/chat/completions", headers=ask)
            assert allowed.status_code == 204
            assert allowed.headers["access-control-allow-origin"] == FOREIGN
            assert "x-stainless-os" in allowed.headers["access-control-allow-headers"]
            assert allowed.headers["access-control-allow-private-network"] == "true"
            refused = await page.get("/api/doors/token")
            assert refused.status_code == 401
            assert refused.headers["access-control-allow-origin"] == FOREIGN, "it may read why"
            elsewhere = await page.options("/api/campaigns", headers=ask)
            assert "access-control-allow-origin" not in elsewhere.headers
        cross = {"Origin": FOREIGN, "Sec-Fetch-Site": "cross-site"}
        async with asking(app, secret, **cross) as page:
            own = await page.get("/api/doors/token")
            assert (own.status_code, own.headers["vary"]) == (200, "Origin")
        for origin in (f"{FOREIGN}.evil", "http://table.example", "null", f"{FOREIGN}:444"):
            async with asking(app, secret, Origin=origin) as page:
                for answer in (
                    await page.options("/mcp", headers=ask),
                    await page.get("/api/doors/token"),
                ):
                    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
                    assert "access-control-allow-origin" not in answer.headers


async def test_paths_for_programs_never_answer_with_the_page(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        secret, _ = await make_token(app, "talk")
        html = {"Accept": "text/html,*/*"}
        async with asking(app, secret, **html) as tool:
            for path in ("/v1/nothing", "/v1", "/mcp/nothing", "/api/doors/nothing"):
                missing = await tool.get(path)
                assert missing.status_code == 404, path
                said = missing.json()
                assert said.get("error", said)["code"] == "not_found"
            for path in ("/v1/embeddings", "/api/doors/nothing"):
                nowhere = await tool.post(path, json={})
                assert nowhere.status_code == 404, (path, nowhere.text)
        missing = await app.client.get("/api/nothing", headers=html)
        assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


async def test_the_reference_names_every_operation_and_runs_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as app, httpx2.AsyncClient(base_url=app.address) as stranger:
        page = await stranger.get("/reference", timeout=60)
        assert page.headers["content-type"].startswith("text/html")
        for operation in ("create_token", "propose", "create_chat_completion", "list_kinds"):
            assert f'<article id="{operation}">' in page.text
        assert "<script" not in page.text and "://" not in page.text
        assert (await stranger.get("/styles/reference.css")).status_code == 200


async def test_the_command_line_uses_the_server_that_runs_and_the_file_where_none_does(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as app:
        campaign = (await app.post("/api/campaigns", {"name": "Vale"}))["id"]
        assert find_running_server(tmp_path) is None
        with announce_server(tmp_path, f"{app.address}/", app.command_key):
            assert (tmp_path / "server.json").stat().st_mode & 0o077 == 0
            server = await asyncio.to_thread(find_running_server, tmp_path)
            assert isinstance(server, RunningServer)

            def ask() -> str:
                async def make() -> str:
                    async with open_tokens(server, tmp_path / "none.db") as keeper:
                        made = await keeper.create(campaign, "By command", ["talk"])
                        with pytest.raises(Exception, match="Another token has this name"):
                            await keeper.create(campaign, "By command", ["talk"])
                        assert [one.name for one in await keeper.list_all()] == ["By command"]
                        return made.secret

                return asyncio.run(make())

            secret = await asyncio.to_thread(ask)
            async with asking(app, secret) as tool:
                assert (await tool.get("/api/doors/token")).json()["name"] == "By command"
        assert not (tmp_path / "server.json").exists()
    assert find_running_server(tmp_path) is None, "a server that ended is not found"
    async with open_tokens(None, tmp_path / "ttrpg_assistant.db") as keeper:
        with pytest.raises(NotFound):
            await revoke_named(keeper, "other")
        assert (await revoke_named(keeper, "by COMMAND")).name == "By command"
        assert await keeper.list_all() == []


async def test_a_program_that_reads_as_the_party_learns_nothing_by_proposing(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as app:
        players, token = await make_token(app, "read:players", "propose", name="Players")
        campaign = token["campaign_id"]
        await app.post(f"/api/campaigns/{campaign}/npcs", {"name": "Canary Hidden"})
        body = {"campaign_id": campaign, "name": "GM", "scopes": ["read:gm", "propose"]}
        everything = (await app.post("/api/tokens", body))["secret"]
        told = []
        async with asking(app, players) as tool:
            for name in ("Canary Hidden", "Nobody Here"):
                said = {"kind": "npc_trait", "target": name, "fields": {"role": "smith"}}
                made = await tool.post("/api/doors/proposals", json={"id": new_id(), **said})
                assert made.status_code == 200, made.text
                told.append(made.json())
        assert [set(one) for one in told] == [{"id", "kind", "title", "status", "created_at"}] * 2
        async with asking(app, everything) as tool:
            said = {"id": new_id(), "kind": "npc", "fields": {"name": "Canary Hidden", "role": "x"}}
            made = await tool.post("/api/doors/proposals", json=said)
            assert made.json()["target_name"] == "Canary Hidden"
            beside = await tool.post(f"/api/suggestions/{said['id']}/accept", json={})
            assert beside.status_code == 401, "the gate is for a person"
        waiting = await app.get("/api/suggestions", campaign_id=campaign, from_tools=True)
        assert [one["source"] for one in waiting["suggestions"]] == ["Players", "Players", "GM"]


async def test_a_message_added_to_a_thread_is_read_for_what_it_proposes(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        campaign = (await app.post("/api/campaigns", {"name": "Vale"}))["id"]
        made = {"purpose": "general", "campaign_id": campaign}
        thread = await app.post("/api/threads", made)
        block = '```suggestion\n{"kind": "npc", "fields": {"name": "Tomas"}}\n```'
        said = {"id": new_id(), "role": "assistant", "content": f"Look:\n{block}"}
        path = f"/api/conversation-threads/{thread['id']}/messages"
        for status in (201, 200):
            added = await app.post(path, said, status=status)
            assert [one["title"] for one in added["suggestions"]] == ["New NPC: Tomas"]
        await app.post(path, {"role": "user", "content": block}, status=201)
        pending = await app.get(f"/api/threads/{thread['id']}/suggestions/pending")
        assert len(pending["suggestions"]) == 1, "what a person says proposes nothing"
