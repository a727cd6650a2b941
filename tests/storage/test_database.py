"""What both engines promise."""

from __future__ import annotations

import asyncio
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.databases import QUICK
from ttrpg_assistant.errors import Fault, NotFound, PersistenceUnavailable
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.preferences import (
    find_preference,
    forget_preference,
    preferences,
    put_preference,
)


def add(tx: Connection, key: str) -> str:
    tx.execute(insert(preferences).values(key=key, value=1, updated_at=utc_now()))
    return key


def count(tx: Connection) -> int:
    return tx.execute(select(func.count()).select_from(preferences)).scalar_one()


async def test_a_write_returns_what_the_work_returns(database: Database) -> None:
    assert await database.write(lambda tx: add(tx, "a")) == "a"
    assert await database.read(count) == 1


async def test_a_failing_write_leaves_nothing_and_keeps_its_own_error(database: Database) -> None:
    def work(tx: Connection) -> None:
        add(tx, "a")
        raise NotFound("There is no such thing.")

    with pytest.raises(NotFound):
        await database.write(work)
    assert await database.read(count) == 0
    assert database.health.state == "available"


async def test_one_failing_write_harms_no_other(database: Database) -> None:
    def work(number: int, tx: Connection) -> str:
        add(tx, f"key {number}")
        if number % 3 == 0:
            add(tx, f"key {number}")
        return f"key {number}"

    results = await asyncio.gather(
        *[database.write(lambda tx, n=number: work(n, tx)) for number in range(60)],
        return_exceptions=True,
    )
    for number, result in enumerate(results):
        if number % 3 == 0:
            assert isinstance(result, IntegrityError)
        else:
            assert result == f"key {number}"
    assert await database.read(count) == 40


async def test_a_work_may_catch_a_broken_constraint_in_its_own_savepoint(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        add(tx, "a")
        try:
            with tx.begin_nested():
                add(tx, "a")
        except IntegrityError:
            add(tx, "b")

    await asyncio.gather(database.write(work), database.write(lambda tx: add(tx, "c")))
    assert await database.read(count) == 3


async def test_a_cancelled_caller_does_not_lose_the_write(database: Database) -> None:
    started, go_on = threading.Event(), threading.Event()

    def work(tx: Connection) -> None:
        add(tx, "kept")
        if database.engine_name == "sqlite":  # the others run on the loop
            started.set()
            go_on.wait(10)

    caller = asyncio.create_task(database.write(work))
    if database.engine_name == "sqlite":
        await asyncio.to_thread(started.wait, 10)
    else:
        await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go_on.set()
    await database.write(lambda tx: add(tx, "after"))
    if database.engine_name == "postgresql":
        await database.close()
        await database.open()
    assert await database.read(lambda tx: find_preference(tx, "kept")) == 1


async def test_writes_that_were_queued_are_finished_before_closing(database: Database) -> None:
    writes = [
        asyncio.create_task(database.write(lambda tx, n=number: add(tx, str(n))))
        for number in range(50)
    ]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writes)
    with pytest.raises(PersistenceUnavailable):
        await database.write(lambda tx: add(tx, "late"))
    with pytest.raises(PersistenceUnavailable):
        await database.read(count)
    await database.open()
    assert await database.read(count) == 50


async def test_a_read_sees_one_moment_only(database: Database) -> None:
    loop = asyncio.get_running_loop()
    if database.engine_name == "postgresql":
        pytest.skip("works run on the loop there; PostgreSQL's own snapshots are its business")

    def work(tx: Connection) -> tuple[int, int]:
        before = count(tx)
        write = database.write(lambda other: add(other, "meanwhile"))
        asyncio.run_coroutine_threadsafe(write, loop).result(10)
        return before, count(tx)

    assert await database.read(work) == (0, 0)
    assert await database.read(count) == 1


async def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError):
        await database.read(lambda tx: add(tx, "a"))
    assert await database.read(count) == 0
    assert database.health.state == "available"


async def test_a_read_that_takes_too_long_is_stopped(database_address: str) -> None:
    database = create_database(database_address, patience=type(QUICK)(read=0.2))
    await database.open()
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        if database.engine_name == "sqlite"
        else "SELECT pg_sleep(600)"
    )
    with pytest.raises(Fault) as caught:
        await database.read(lambda tx: tx.execute(text(endless)).all())
    assert caught.value.code == "read_too_slow"
    assert await database.read(count) == 0
    await database.close()


async def test_the_probe_makes_a_real_write(database: Database) -> None:
    probes = text("SELECT count FROM persistence_probe")
    assert (await database.probe()).state == "available"
    assert await database.read(lambda tx: tx.execute(probes).scalar_one()) == 1


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    callers=st.lists(
        st.lists(st.sampled_from(["write", "fail", "read"]), max_size=12), min_size=1, max_size=8
    )
)
async def test_concurrent_callers_each_keep_their_order(
    database: Database, callers: list[list[str]]
) -> None:
    def append(tx: Connection, key: str, item: int) -> None:
        put_preference(tx, key, [*(find_preference(tx, key) or []), item])

    def append_and_fail(tx: Connection, key: str) -> None:
        append(tx, key, -1)
        raise NotFound("No.")

    async def call(name: str, steps: list[str]) -> list[int]:
        done: list[int] = []
        for item, step in enumerate(steps):
            if step == "write":
                await database.write(lambda tx, i=item: append(tx, name, i))
                done.append(item)
            elif step == "fail":
                with pytest.raises(NotFound):
                    await database.write(lambda tx: append_and_fail(tx, name))
            else:
                seen = await database.read(lambda tx: find_preference(tx, name))
                assert (seen or []) == done
        return done

    names = [f"caller {number}" for number in range(len(callers))]
    results = await asyncio.gather(*map(call, names, callers))
    for name, done in zip(names, results, strict=True):
        assert (await database.read(lambda tx, n=name: find_preference(tx, n)) or []) == done
        await database.write(lambda tx, n=name: forget_preference(tx, n))
