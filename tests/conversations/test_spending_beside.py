"""What recaps, summaries and clarifying questions took is in the sums of the month."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import update

from tests.conversations.runner_table import ServerTable
from tests.conversations.test_recaps import SEEN, play
from tests.running import running
from ttrpg_assistant.clock import wall_now
from ttrpg_assistant.conversations.store.spending import (
    Taken,
    add_asked_beside,
    find_last_taken,
    list_asked_beside_since,
)
from ttrpg_assistant.conversations.tables import turns
from ttrpg_assistant.llm.prices import MOST_DOLLARS
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.llm.types import Usage

NOW = datetime(2026, 11, 29, tzinfo=UTC)


async def test_a_recap_and_questions_are_counted_by_month_and_in_no_conversation(
    tmp_path: Path,
) -> None:
    model = ScriptedProvider()
    async with running(tmp_path, [model]) as app:
        chosen = await app.client.put("/api/models/current", json={"model": "scripted"})
        price = {"choice": chosen.json()["current"], "in": 2, "cached": 1, "out": 10}
        assert (await app.client.put("/api/models/price", json=price)).status_code == 200
        evening = await play(app)
        await evening.note(SEEN, gm_only=False)
        model.enqueue(["The ferry burned.", Usage(1_000, 100, 400)])
        await evening.draft("gm")
        body = {"purpose": "general", "campaign_id": evening.campaign_id}
        thread: Any = await app.post("/api/threads", body, status=201)
        model.enqueue(['["Who?"]', Usage(500, 20)])
        await app.post(f"/api/threads/{thread['id']}/questions", {"context": "A plan"})
        spent = await app.get("/api/spending", conversation_id=thread["id"])
        (month,) = spent["months"]
        assert (month["answers"], month["tokens_in"], month["tokens_out"]) == (2, 1_500, 120)
        assert month["tokens_cached"] == 400
        assert round(month["cost"], 6) == round((600 * 2 + 400 + 1_000 + 1_000 + 200) / 1e6, 6)
        assert spent["conversation"]["answers"] == 0
        chat = await app.open_chat()
        model.enqueue(["Aye.", Usage(10, 5)])
        posted = await app.say(chat, "And now?")
        await app.read_reply(posted["assistant_message"]["id"])
        (month,) = (await app.get("/api/spending"))["months"]
        assert (month["answers"], month["tokens_in"]) == (3, 1_510)
        assert [one["answers"] for one in month["models"]] == [3]


async def test_sums_beside_the_talk_are_the_same_on_both_databases(server: ServerTable) -> None:
    most = Taken(2**31, 0, 2**31, int(MOST_DOLLARS * 1e8))
    for taken in (Taken(7, 0, 2, None), most, most, Taken(1, 1, 1, 3)):
        await server.database.write(lambda tx, taken=taken: add_asked_beside(tx, NOW, "a:b", taken))
    (spent,) = await server.database.read(lambda tx: list_asked_beside_since(tx, NOW))
    assert (spent.month, spent.model, spent.answers, spent.unpriced) == ("2026-11", "a:b", 4, 1)
    assert (spent.tokens_in, spent.tokens_cached) == (2**32 + 8, 1)
    assert spent.cost_microcents == 2 * int(MOST_DOLLARS * 1e8) + 3


async def test_what_the_built_in_model_said_is_in_no_sum_and_no_estimate(tmp_path: Path) -> None:
    async with running(tmp_path, model="offline") as app:
        chat = await app.open_chat()
        posted = await app.say(chat, "Roll 2d6.")
        said = await app.read_reply(posted["assistant_message"]["id"])
        assert (said["tokens_in"], said["tokens_out"], said["cost"]) == (None, None, None)
        # As earlier versions stored it.
        counted = update(turns).values(tokens_in=155, tokens_out=7, cost_microcents=0)
        await app.services.database.write(lambda tx: tx.execute(counted))
        beside = Taken(155, 0, 7, 0)
        await app.services.database.write(
            lambda tx: add_asked_beside(tx, wall_now(), "offline", beside)
        )
        spent = await app.get("/api/spending", conversation_id=chat)
        assert spent["months"] == []
        assert spent["conversation"]["answers"] == 0
        last = await app.services.database.read(lambda tx: find_last_taken(tx, chat, 20))
        assert last is None
