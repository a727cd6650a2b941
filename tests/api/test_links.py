"""No talk hangs on things of two campaigns, whichever operation is asked to tie it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from tests.running import Running, running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider


@dataclasses.dataclass
class Table:
    """A campaign and what talk can be tied to in it."""

    campaign_id: str
    game_session_id: str
    npc_id: str


async def make_table(app: Running, name: str) -> Table:
    campaign = await app.post("/api/campaigns", {"name": name}, status=201)
    path = f"/api/campaigns/{campaign['id']}"
    game_session = await app.post(f"{path}/game-sessions", {}, status=201)
    npc = await app.post(f"{path}/npcs", {"name": f"Mira of {name}"}, status=201)
    return Table(campaign["id"], game_session["id"], npc["id"])


def list_ties(here: Table, there: Table, chat_id: str) -> list[tuple[str, dict[str, Any]]]:
    """Every request that ties talk to things of campaigns, mixed up."""
    mixed = {"campaign_id": here.campaign_id, "game_session_id": there.game_session_id}
    thread = {"purpose": "general", **mixed}
    turn = {"message_id": new_id(), "content": "Who is here?", "asked_under": mixed}
    return [
        (f"/api/chat-sessions/{chat_id}/link", mixed),
        (f"/api/chat-sessions/{chat_id}/turns", turn),
        ("/api/threads", thread),
        (f"/api/npcs/{there.npc_id}/conversation", {"campaign_id": here.campaign_id}),
        (f"/api/npcs/{there.npc_id}/conversations", {"campaign_id": here.campaign_id}),
    ]


async def list_talk(app: Running, *tables: Table) -> list[Any]:
    found: list[Any] = [await app.get("/api/threads")]
    for table in tables:
        found.append(await app.get(f"/api/campaigns/{table.campaign_id}/conversations"))
        found.append(await app.get(f"/api/campaigns/{table.campaign_id}/npc-conversations"))
    chat = await app.get("/api/chat-sessions/active")
    return [*found, chat["message_count"], chat["campaign_id"], chat["game_session_id"]]


async def test_talk_across_campaigns_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["Aye."])]) as app:
        here, there = await make_table(app, "Here"), await make_table(app, "There")
        chat_id = await app.open_chat()
        before = await list_talk(app, here, there)
        for path, body in list_ties(here, there, chat_id):
            refused = await app.post(path, body, status=422)
            assert refused["code"] == "link_across_campaigns", path
        assert await list_talk(app, here, there) == before


async def test_a_game_session_alone_implies_its_campaign(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        here = await make_table(app, "Here")
        path = f"/api/chat-sessions/{await app.open_chat()}/link"
        linked = await app.post(path, {"game_session_id": here.game_session_id})
        assert (linked["campaign_id"], linked["game_session_id"]) == (
            here.campaign_id,
            here.game_session_id,
        )


async def test_a_question_under_a_campaign_that_was_deleted_is_stored(tmp_path: Path) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["Aye."])]) as app:
        body = {
            "message_id": new_id(),
            "content": "Who is here?",
            "asked_under": {"campaign_id": new_id(), "game_session_id": None},
        }
        path = f"/api/chat-sessions/{await app.open_chat()}/turns"
        posted = await app.post(path, body, status=202)
        assert posted["user_message"]["content"] == "Who is here?"
