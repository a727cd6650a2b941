"""A table with NPCs at it: what tests of talk with NPCs ask of a running application."""

from __future__ import annotations

from typing import Any

from tests.running import Running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.types import ModelRequest


async def make_campaign(app: Running, **fields: Any) -> str:
    """A campaign's id."""
    made = await app.post("/api/campaigns", {"name": "The Salt Road", **fields}, status=201)
    return str(made["id"])


async def make_npc(app: Running, campaign_id: str, name: str, **fields: Any) -> str:
    """An NPC's id."""
    path = f"/api/campaigns/{campaign_id}/npcs"
    made = await app.post(path, {"name": name, **fields}, status=201)
    return str(made["id"])


async def open_talk(app: Running, npc_id: str) -> str:
    """The latest conversation with the NPC, made when there is none."""
    return str((await app.post(f"/api/npcs/{npc_id}/conversation"))["id"])


async def speak(
    app: Running, conversation_id: str, content: str, mode: str = "as", **more: Any
) -> Any:
    """Say something and wait for its answer; gives the stored answer."""
    posted = await post(app, conversation_id, content, mode, **more)
    return await app.read_reply(posted["assistant_message"]["id"])


async def post(
    app: Running,
    conversation_id: str,
    content: str,
    mode: str = "as",
    *,
    status: int = 202,
    **more: Any,
) -> Any:
    """Post a turn; what was answered."""
    body = {"message_id": new_id(), "content": content, "mode": mode, **more}
    return await app.post(f"/api/npc-conversations/{conversation_id}/turns", body, status=status)


async def read_talk(app: Running, conversation_id: str, **params: Any) -> list[Any]:
    """Every message of the active path."""
    path = f"/api/npc-conversations/{conversation_id}/messages"
    found: list[Any] = (await app.get(path, limit=500, **params))["messages"]
    return found


async def let_time_pass(app: Running) -> None:
    """All that was said, was said long ago: the mode may be switched at once."""
    await app.services.database.write(
        lambda tx: (
            tx.exec_driver_sql(
                "UPDATE messages SET created_at = '2020-01-01T00:00:00.000000Z'"
            ).rowcount
        )
    )


def all_of(request: ModelRequest) -> str:
    """Everything that a model was told in one request, in whichever part of it."""
    parts = [request.system, *(message.content for message in request.messages)]
    for passage in request.passages:
        parts += [passage.title, passage.text]
    persona = request.persona
    if persona is not None:
        parts += [persona.name, persona.role, persona.background, persona.personality]
        parts += [persona.speaking_style, *persona.sample_lines]
        parts += [*persona.mannerisms, *persona.knows]
    return "\n".join(parts)
