"""A model's answer about a campaign rests on the quotes it was given, or says that it does not."""

from __future__ import annotations

import json
from pathlib import Path

from tests.npc_table import make_campaign
from tests.running import Running, running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.search.answers import check_citations

SECRET_ELSEWHERE = "The opal of the other campaign is glass."


async def fill(app: Running) -> str:
    """A campaign with talk about an opal, beside another one."""
    campaign_id, other = await make_campaign(app), await make_campaign(app)
    for owner, texts in (
        (campaign_id, ("The opal lies under the mill.", "Sel told Bren of the opal.")),
        (other, (SECRET_ELSEWHERE,)),
    ):
        body = {"purpose": "general", "campaign_id": owner}
        thread = await app.post("/api/threads", body, status=201)
        for text in texts:
            said = {"id": new_id(), "role": "user", "content": text}
            await app.post(f"/api/threads/{thread['id']}/messages", said, status=201)
    return campaign_id


def test_a_number_that_names_no_quote_is_taken_out_and_a_sentence_without_one_is_counted() -> None:
    text = "It lies there [1]. Sel told. [2][9] Nobody knows why."
    kept, cited, unsupported = check_citations(text, 2)
    assert kept == "It lies there [1]. Sel told. [2] Nobody knows why."
    assert (cited, unsupported) == ((1, 2), 1)


async def test_an_answer_cites_quotes_of_its_own_campaign_alone(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["Under the mill [1]. Sel told Bren [2]. It sings [7]."])
    async with running(tmp_path, [model]) as app:
        campaign_id = await fill(app)
        body = {"question": "Where is the opal?"}
        answer = await app.post(f"/api/campaigns/{campaign_id}/answers", body)
        sent = json.dumps([str(one) for one in model.history])
    assert answer["text"] == "Under the mill [1]. Sel told Bren [2]. It sings."
    assert (answer["cited"], answer["unsupported"]) == ([1, 2], 1)
    quotes = ["".join(p["text"] for p in one["quote"]) for one in answer["gathered"]["evidence"]]
    assert quotes == ["The opal lies under the mill.", "Sel told Bren of the opal."]
    assert all(quote in sent for quote in quotes) and SECRET_ELSEWHERE not in sent


async def test_without_a_model_the_quotes_are_the_answer(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        campaign_id = await fill(app)
        body = {"question": "Where is the opal?"}
        answer = await app.post(f"/api/campaigns/{campaign_id}/answers", body)
        evidence = await app.get(f"/api/campaigns/{campaign_id}/evidence", q="Where is the opal?")
    assert (answer["text"], answer["model"]) == ("", None)
    assert answer["gathered"] == evidence and len(evidence["evidence"]) == 2


async def test_a_question_that_cannot_be_looked_up_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        campaign_id = await make_campaign(app)
        path = f"/api/campaigns/{campaign_id}/answers"
        refused = await app.post(path, {"question": "What then?"}, status=422)
        await app.post(path, {"question": "x" * 501}, status=422)
        await app.post(f"/api/campaigns/{new_id()}/answers", {"question": "opal"}, status=404)
    assert refused["code"] == "search_empty"
