"""A caller of the API that never gives up, and one that only looks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import httpx2

from tests.faults.recorder import Recorder
from tests.faults.server import ServerProcess
from ttrpg_assistant.ids import new_id


async def post_until_taken(
    client: httpx2.AsyncClient, record: Recorder, actor: str, path: str, content: str
) -> None:
    """Post a message until it is acknowledged, always under the same id.

    `path` names the conversation: `chat-sessions/…` or `threads/…`.
    """
    message_id, conversation = new_id(), path.rpartition("/")[2]
    body = {"message_id": message_id, "content": content}
    again: dict[str, bool] = {}
    while True:
        record.note(
            actor, "send", "invoke", message_id, conversation=conversation, content=content, **again
        )
        try:
            answer = await client.post(f"/api/{path}/turns", json=body)
        except httpx2.HTTPError:
            record.note(actor, "send", "info", message_id)
        else:
            if answer.status_code == 202:
                seq = answer.json()["user_message"]["seq"]
                record.note(actor, "send", "ok", message_id, conversation=conversation, seq=seq)
                return
            assert answer.status_code in (503, 507), answer.text
            record.note(actor, "send", "info", message_id, status=answer.status_code)
        again = {"again": True}
        await asyncio.sleep(0.2)


async def watch_replies(server: ServerProcess, record: Recorder, paths: Sequence[str]) -> None:
    """Note the state of the newest replies, as anyone could see it, until cancelled."""
    last: dict[str, str] = {}
    async with server.client(timeout=5) as client:
        while True:
            for path in paths:
                with suppress(httpx2.HTTPError):
                    answer = await client.get(f"/api/{path}/messages?limit=30")
                    for message in answer.json()["messages"] if answer.is_success else ():
                        if message["role"] != "assistant":
                            continue
                        status = message["status"]
                        if last.get(message["id"]) != status:
                            record.note("watch", "status", "ok", message["id"], status=status)
                        last[message["id"]] = status
            await asyncio.sleep(0.2)
