"""Model choices longer than a row's column, on both databases."""

from __future__ import annotations

from pathlib import Path

from tests.conversations.summary_table import Memory, lines
from tests.running import running
from ttrpg_assistant.conversations.store.model_names import STORED_CHARACTERS, fit_model
from ttrpg_assistant.conversations.store.summaries import mark_outdated
from ttrpg_assistant.conversations.tables import messages, summaries, turns
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.storage.database import Database

CHOICE = f"scripted:/srv/models/{'deep/' * 40}a-model-of-mine.gguf"


def test_what_is_stored_of_a_name_fits_every_column_it_is_kept_in() -> None:
    for column in (messages.c.model, turns.c.model, summaries.c.made_by):
        assert column.type.length == STORED_CHARACTERS  # type: ignore[attr-defined]
    assert len(fit_model(CHOICE)) == STORED_CHARACTERS
    assert fit_model("x" * STORED_CHARACTERS) == "x" * STORED_CHARACTERS
    assert fit_model(None) is None


def test_a_name_that_is_cut_still_says_the_provider_and_the_file() -> None:
    stored = fit_model(CHOICE)
    assert stored.startswith("scripted:/srv/models/")
    assert stored.endswith("/a-model-of-mine.gguf")


async def test_a_model_chosen_by_a_long_path_answers_and_the_next_turn_too(
    tmp_path: Path, database_address: str
) -> None:
    model = ScriptedProvider(default=["Aye."])
    async with running(tmp_path, [model], database_url=database_address) as app:
        chosen = await app.client.put("/api/models/current", json={"model": CHOICE})
        assert chosen.json()["current"] == CHOICE
        chat_id = await app.open_chat()
        for content in ("First", "Second"):
            posted = await app.say(chat_id, content)
            reply = await app.read_reply(posted["assistant_message"]["id"])
            assert (reply["content"], reply["status"]) == ("Aye.", "complete")
            assert reply["model"] == fit_model(CHOICE)
    assert {asked.model for asked in model.history} == {CHOICE.partition(":")[2]}, "asked in whole"


async def test_a_summary_made_by_such_a_model_is_stored_and_made_again(
    database: Database,
) -> None:
    memory = Memory(database, choice=CHOICE)
    thread = await memory.new_thread()
    await memory.say(thread.id, lines(1, 60))
    assert await memory.maker.catch_up(thread.id) > 0
    made = await memory.list_all(thread.id)
    await database.write(lambda tx: mark_outdated(tx, [one.id for one in made]))
    await memory.maker.catch_up(thread.id)
    again = await memory.list_all(thread.id)
    assert {one.made_by for one in again} == {fit_model(CHOICE)}
    assert all(one.is_current for one in again)
