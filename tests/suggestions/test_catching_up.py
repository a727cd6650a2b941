"""An answer that was stored when the server died is read for proposals at the next start."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.running import running
from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.suggestions.reader import SuggestionReader

ANSWER = """A smuggler would do.

```suggestion
{"field": "npc", "value": {"name": "Tamsin Reed", "role": "smuggler"}, "rationale": "You asked"}
```
"""


async def test_a_stored_but_unread_answer_is_read_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = ScriptedProvider(default=[ANSWER])

    async def fails(reader: SuggestionReader, message: Message) -> None:
        raise PersistenceUnavailable

    async with running(tmp_path, [model]) as app:
        with monkeypatch.context() as patched:
            patched.setattr(SuggestionReader, "read_reply", fails)
            campaign = await app.post("/api/campaigns", {"name": "Low Water"})
            thread = await app.post(
                "/api/threads", {"purpose": "npc_generation", "campaign_id": campaign["id"]}
            )
            posted = await app.post(
                f"/api/threads/{thread['id']}/turns",
                {"message_id": new_id(), "content": "Who runs the barge?"},
            )
            reply = await app.read_reply(posted["assistant_message"]["id"])
            assert reply["status"] == "complete", "the answer itself is stored"
        page = await app.get(f"/api/threads/{thread['id']}/messages")
        assert page["messages"][-1]["suggestions"] == []
    for _ in range(2):
        async with running(tmp_path, [model]) as app, asyncio.timeout(60):
            while True:
                page = await app.get(f"/api/threads/{thread['id']}/messages")
                if page["messages"][-1]["suggestions"]:
                    break
                await asyncio.sleep(0.02)
            assert len(page["messages"][-1]["suggestions"]) == 1
