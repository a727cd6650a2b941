"""A reply that was cut within a proposal and then continued proposes it exactly once, whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.npc_table import make_campaign
from tests.running import Running, running
from tests.suggestions.test_recalled import make_thread
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.llm.types import Finished

VALUE = {"kind": "npc", "fields": {"name": "Orla", "appearance": "A scar, and a grey coat."}}
BLOCK = "A smuggler:\n\n```suggestion\n" + json.dumps(VALUE) + "\n```\n"
SECOND = "```suggestion\n" + json.dumps({"kind": "npc", "fields": {"name": "Bren"}}) + "\n```\n"
WHOLE = BLOCK + "\nAnd her brother:\n\n" + SECOND + "\nBoth are new."


async def ask(app: Running, thread: str) -> str:
    body = {"message_id": new_id(), "content": "Who smuggles?"}
    posted = await app.post(f"/api/threads/{thread}/turns", body, status=202)
    reply: str = posted["assistant_message"]["id"]
    await app.read_reply(reply)
    return reply


async def list_proposed(app: Running, thread: str) -> list[Any]:
    (reply,) = (await app.get(f"/api/threads/{thread}/messages"))["messages"][1:]
    listed = await app.get("/api/suggestions", conversation_id=thread)
    assert [one["id"] for one in listed["suggestions"]] == [
        one["id"] for one in reply["suggestions"]
    ]
    return [
        (one["fields"]["name"], one["fields"].get("appearance")) for one in reply["suggestions"]
    ]


def places() -> list[int]:
    """Within the fence's label, its JSON, a value, the closing fence, and between the two."""
    inner = len(WHOLE) - len(WHOLE.split("```suggestion\n", 1)[1])
    return [
        inner - 5, inner, inner + 9, WHOLE.index("A scar") + 6, WHOLE.index("coat") + 5,
        len(BLOCK) - 5, len(BLOCK) - 2, len(BLOCK), len(BLOCK) + 30, len(WHOLE) - 20,
    ]  # fmt: skip


async def test_a_proposal_that_was_cut_is_proposed_once_and_whole(tmp_path: Path) -> None:
    model = ScriptedProvider()
    async with running(tmp_path, [model]) as app:
        campaign = await make_campaign(app)
        for place in places():
            thread = await make_thread(app, campaign)
            model.enqueue([WHOLE[:place], Finished("length")])
            reply = await ask(app, thread)
            for name, appearance in await list_proposed(app, thread):
                assert (name, appearance) != ("Orla", "A scar"), "half a value is no proposal"
            model.enqueue([WHOLE[place:]])
            await app.post(f"/api/replies/{reply}/continue", status=202)
            assert (await app.read_reply(reply))["content"].split() == WHOLE.split()
            assert await list_proposed(app, thread) == [
                ("Orla", "A scar, and a grey coat."),
                ("Bren", None),
            ], WHOLE[:place]


@pytest.mark.parametrize("by", ["accept", "reject"])
async def test_what_was_decided_before_an_answer_went_on_stays_decided(
    tmp_path: Path, by: str
) -> None:
    model = ScriptedProvider()
    async with running(tmp_path, [model]) as app:
        thread = await make_thread(app, await make_campaign(app))
        model.enqueue([WHOLE[: len(BLOCK) + 4], Finished("length")])
        reply = await ask(app, thread)
        (first,) = (await app.get("/api/suggestions", conversation_id=thread))["suggestions"]
        await app.post(f"/api/suggestions/{first['id']}/{by}", {})
        model.enqueue([WHOLE[len(BLOCK) + 4 :]])
        await app.post(f"/api/replies/{reply}/continue", status=202)
        await app.read_reply(reply)
        found = (await app.get("/api/suggestions", conversation_id=thread))["suggestions"]
        assert found[0]["id"] == first["id"]
        assert [one["status"] for one in found] == [f"{by}ed", "pending"]
