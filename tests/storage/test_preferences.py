from __future__ import annotations

from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.preferences import (
    find_preference,
    forget_preference,
    put_preference,
)


async def test_a_preference_that_was_never_set_is_none(database: Database) -> None:
    assert await database.read(lambda tx: find_preference(tx, "model")) is None


async def test_a_preference_comes_back_as_it_was_put(database: Database) -> None:
    value = {"model": "ollama:llama", "context": 8192, "names": ["Ægir", "竜", None]}
    await database.write(lambda tx: put_preference(tx, "model", value))
    assert await database.read(lambda tx: find_preference(tx, "model")) == value


async def test_a_later_value_takes_the_place_of_the_earlier(database: Database) -> None:
    await database.write(lambda tx: put_preference(tx, "theme", "dark"))
    await database.write(lambda tx: put_preference(tx, "theme", "light"))
    assert await database.read(lambda tx: find_preference(tx, "theme")) == "light"


async def test_a_forgotten_preference_is_gone(database: Database) -> None:
    await database.write(lambda tx: put_preference(tx, "theme", "dark"))
    assert await database.write(lambda tx: forget_preference(tx, "theme"))
    assert not await database.write(lambda tx: forget_preference(tx, "theme"))
    assert await database.read(lambda tx: find_preference(tx, "theme")) is None
