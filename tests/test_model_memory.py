"""What was learned about models and what was set for them outlives a restart."""

from __future__ import annotations

import pytest

from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.llm.memory import Learned, ModelSettings
from ttrpg_assistant.llm.prices import Price
from ttrpg_assistant.model_memory import SetModels, StoredMemory
from ttrpg_assistant.storage import model_rows
from ttrpg_assistant.storage.database import Database

HERE = "http://127.0.0.1:8080/v1"
LEARNED = Learned(
    left_out=("max_tokens", "stream_options"),
    no_system=True,
    most_answer_tokens=1_024,
    context_tokens=2_048,
    listed_tokens=None,
)


async def test_what_was_learned_is_known_after_a_restart(database: Database) -> None:
    memory = StoredMemory(database)
    await memory.remember(HERE, "m", Learned(no_streaming=True))
    await memory.remember(HERE, "m", LEARNED)
    again = StoredMemory(database)
    assert again.find(HERE, "m") == Learned()
    await again.load()
    assert again.find(HERE, "m") == LEARNED
    assert again.find(HERE, "another") == again.find("http://elsewhere/v1", "m") == Learned()
    await again.forget_window("m")
    last = StoredMemory(database)
    await last.load()
    assert last.find(HERE, "m").context_tokens is None
    assert last.find(HERE, "m").left_out == LEARNED.left_out


async def test_what_was_set_is_known_after_a_restart(database: Database) -> None:
    models = SetModels(database)
    wanted = ModelSettings(32_000, 2_000, "low", Price(1.0, 0.5, 2.0, "set"))
    await models.replace("ollama:m", wanted)
    await models.replace("ollama:other", ModelSettings(4_000))
    await models.replace("ollama:other", ModelSettings())
    again = SetModels(database)
    await again.load()
    assert again.find("ollama:m") == wanted
    assert again.find("ollama:other") == ModelSettings()
    rows = await database.read(model_rows.list_model_settings)
    assert [choice for choice, _ in rows] == ["ollama:m"], "nothing set is no row"


async def test_a_row_that_cannot_be_read_costs_only_itself(database: Database) -> None:
    await database.write(lambda tx: model_rows.put_learned(tx, HERE, "m", {"left_out": 7}))
    await database.write(lambda tx: model_rows.put_learned(tx, HERE, "n", {"no_system": True}))
    await database.write(lambda tx: model_rows.put_model_settings(tx, "a:b", {"effort": "much"}))
    memory, models = StoredMemory(database), SetModels(database)
    await memory.load()
    await models.load()
    assert memory.find(HERE, "m") == Learned()
    assert memory.find(HERE, "n") == Learned(no_system=True)
    assert models.find("a:b") == ModelSettings()


@pytest.mark.parametrize(
    "settings",
    [
        ModelSettings(context_tokens=5),
        ModelSettings(answer_tokens=1),
        ModelSettings(context_tokens=10**12),
        ModelSettings(price=Price(-1.0, 0.0, 0.0, "set")),
        ModelSettings(price=Price(float("nan"), 0.0, 0.0, "set")),
    ],
)
async def test_what_cannot_be_meant_is_refused_and_changes_nothing(
    database: Database, settings: ModelSettings
) -> None:
    models = SetModels(database)
    with pytest.raises(InvalidInput):
        await models.replace("ollama:m", settings)
    assert models.find("ollama:m") == ModelSettings()
    assert await database.read(model_rows.list_model_settings) == []
