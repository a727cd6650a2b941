"""What waits is done one after the other, also what a server left that died."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection

from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.storage import left_work
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.left_work import LEFT_SECONDS, LeftWork


async def test_what_is_left_and_what_is_asked_for_is_done_each_once_and_again_after_a_failure(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(left_work, "RETRY_SECONDS", 0.0)
    done: list[str] = []
    idle: list[float] = []
    failures = ["b"]
    all_done = asyncio.Event()

    def list_left(_: Connection, seconds: float) -> list[str]:
        idle.append(seconds)
        return ["a"] if len(idle) == 1 else []

    async def work_on(id: str) -> None:
        if id in failures:
            failures.remove(id)
            raise PersistenceUnavailable("The disk is full.")
        done.append(id)
        if id == "c":
            all_done.set()
        if id == "b":
            work.ask_for("c")

    work = LeftWork(database, "tests", list_left, work_on)
    work.ask_for("b")
    async with asyncio.timeout(30):
        running = asyncio.create_task(work.run())
        await all_done.wait()
        running.cancel()
    assert sorted(done) == ["a", "b", "c"] and not failures
    alone = database.engine_name == "sqlite"
    assert idle[:2] == [0.0 if alone else LEFT_SECONDS, LEFT_SECONDS]
