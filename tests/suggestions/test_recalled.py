"""An answer that rests on what was said long ago names it, and the name leads there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.npc_table import all_of, make_campaign
from tests.running import Running, running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider

FACT = "The smuggler Orla hid the opal under the mill."


async def make_thread(app: Running, campaign_id: str) -> str:
    body = {"purpose": "general", "campaign_id": campaign_id}
    return str((await app.post("/api/threads", body, status=201))["id"])


async def ask(app: Running, thread_id: str, question: str) -> Any:
    body = {"message_id": new_id(), "content": question}
    posted = await app.post(f"/api/threads/{thread_id}/turns", body, status=202)
    await app.read_reply(posted["assistant_message"]["id"])
    found = (await app.get(f"/api/threads/{thread_id}/messages"))["messages"]
    return found[-1]


def cite(**citation: str) -> list[str]:
    return [f"Under the mill.\n\n```citation\n{json.dumps(citation)}\n```\n"]


@pytest.mark.parametrize(
    ("citation", "is_found"),
    [
        ({"source_name": "Earlier talk", "excerpt": "Orla hid the opal under the mill"}, True),
        ({"source_name": "Earlier talk", "excerpt": "“orla hid   the OPAL…”"}, True),
        ({"source_name": "{date}, thread", "excerpt": ""}, True),
        ({"source_name": "Earlier talk", "excerpt": "Orla drowned in the mill"}, False),
        ({"source_name": "Earlier talk", "excerpt": "opal"}, False),
    ],
)
async def test_a_citation_leads_to_the_message_it_rests_on(
    tmp_path: Path, citation: dict[str, str], is_found: bool
) -> None:
    model = ScriptedProvider()
    async with running(tmp_path, [model]) as app:
        campaign_id = await make_campaign(app)
        old = await make_thread(app, campaign_id)
        body = {"role": "user", "content": FACT}
        said = await app.post(f"/api/threads/{old}/messages", body, status=201)
        await app.services.indexing.catch_up()
        date = said["created_at"][:10]
        model.enqueue(cite(**{k: v.format(date=date) for k, v in citation.items()}))
        answer = await ask(app, await make_thread(app, campaign_id), "Where is Orla's opal?")
        assert FACT in all_of(model.history[-1])
        [found] = answer["citations"]
        assert found["is_verified"] is is_found
        linked = (found["entity_kind"], found["entity_id"])
        assert linked == (("message", said["id"]) if is_found else (None, None))


async def test_what_the_answer_was_not_told_of_is_no_source_for_it(tmp_path: Path) -> None:
    model = ScriptedProvider()
    async with running(tmp_path, [model]) as app:
        elsewhere = await make_thread(app, await make_campaign(app))
        body = {"role": "user", "content": FACT}
        await app.post(f"/api/threads/{elsewhere}/messages", body, status=201)
        await app.services.indexing.catch_up()
        here = await make_thread(app, await make_campaign(app))
        model.enqueue(cite(source_name="Earlier talk", excerpt="Orla hid the opal under the mill"))
        answer = await ask(app, here, "Where is Orla's opal?")
        assert answer["citations"][0]["is_verified"] is False
