from __future__ import annotations

from types import ModuleType

import pytest
from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.dml import ReturningInsert

from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.preferences import preferences
from ttrpg_assistant.storage.prepared import Prepared
from ttrpg_assistant.storage.probe import persistence_probe

PUT = Prepared(insert(preferences))
FIND = Prepared(
    select(preferences.c.value, preferences.c.key).where(preferences.c.key == bindparam("wanted"))
)
COUNT = Prepared(
    update(persistence_probe)
    .where(persistence_probe.c.id == bindparam("row"))
    .values(count=persistence_probe.c.count + 5)
    .returning(persistence_probe.c.count)
)
FORGET = Prepared(delete(preferences).where(preferences.c.key == bindparam("wanted")))


def put(tx: Connection, key: str, value: object) -> None:
    assert PUT.run(tx, {"key": key, "value": value, "updated_at": utc_now()}) == []


async def test_values_are_converted_as_core_does(database: Database) -> None:
    value = {"names": ["Ægir", None, 3], "deep": {"on": True}}
    await database.write(lambda tx: put(tx, "k", value))
    rows = await database.read(lambda tx: FIND.run(tx, {"wanted": "k"}))
    assert [tuple(row) for row in rows] == [(value, "k")]
    assert await database.read(lambda tx: FIND.run(tx, {"wanted": "other"})) == []
    by_core = await database.read(lambda tx: tx.execute(select(preferences.c.value)).scalar_one())
    assert by_core == value


async def test_constants_of_the_statement_are_kept(database: Database) -> None:
    for expected in (5, 10):
        [(count,)] = await database.write(lambda tx: COUNT.run(tx, {"row": 1}))
        assert count == expected
    assert await database.write(lambda tx: COUNT.run(tx, {"row": 2})) == []


async def test_a_statement_without_rows_does_its_work(database: Database) -> None:
    await database.write(lambda tx: put(tx, "k", 1))
    assert await database.write(lambda tx: FORGET.run(tx, {"wanted": "k"})) == []
    assert await database.read(lambda tx: FIND.run(tx, {"wanted": "k"})) == []


async def test_a_broken_constraint_is_sqlalchemys_error_without_the_values(
    database: Database,
) -> None:
    await database.write(lambda tx: put(tx, "k", "the lich is the king"))
    with pytest.raises(IntegrityError) as caught:
        await database.write(lambda tx: put(tx, "k", "the lich is the queen"))
    assert "lich" not in str(caught.value)
    assert await database.read(lambda tx: FIND.run(tx, {"wanted": "k"})) == [
        ("the lich is the king", "k")
    ]


async def test_a_missing_parameter_is_a_loud_mistake(database: Database) -> None:
    with pytest.raises(Exception, match="wanted"):
        await database.read(lambda tx: FIND.run(tx, {}))


async def test_each_engine_may_have_its_own_spelling(database: Database) -> None:
    def keep_first(dialect: ModuleType) -> ReturningInsert[tuple[str]]:
        statement = dialect.insert(preferences).on_conflict_do_nothing(index_elements=["key"])
        return statement.returning(preferences.c.key)

    keep = Prepared(keep_first(sqlite), postgresql=lambda: keep_first(postgresql))
    row = {"key": "k", "value": 1, "updated_at": utc_now()}
    assert await database.write(lambda tx: keep.run(tx, row)) == [("k",)]
    assert await database.write(lambda tx: keep.run(tx, {**row, "value": 2})) == []
    assert await database.read(lambda tx: FIND.run(tx, {"wanted": "k"})) == [(1, "k")]
