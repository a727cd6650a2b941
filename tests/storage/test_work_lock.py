"""Works wait for one another, and never for themselves."""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection, text

from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.work_lock import WorkLock

PATIENCE_SECONDS = 30


async def test_works_that_ask_the_database_while_they_hold_it_take_their_turns(
    database: Database,
) -> None:
    lock = WorkLock()
    inside = most = ended = 0

    def work(tx: Connection) -> None:
        nonlocal inside, most, ended
        with lock.hold(tx):
            inside += 1
            most = max(most, inside)
            for _ in range(5):
                tx.execute(text("SELECT 1"))
            inside -= 1
        ended += 1

    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*(database.read(work) for _ in range(8)))
    assert (most, ended) == (1, 8)


async def test_a_work_that_fails_or_is_given_up_lets_go_of_it(database: Database) -> None:
    lock = WorkLock()

    def fail(tx: Connection) -> None:
        with lock.hold(tx):
            raise LookupError

    def wait(tx: Connection) -> None:
        with lock.hold(tx):
            tx.execute(text("SELECT 1"))

    given_up = [asyncio.create_task(database.read(wait)) for _ in range(4)]
    await asyncio.sleep(0)
    for one in given_up[1:]:
        one.cancel()
    failed = await asyncio.gather(database.read(fail), return_exceptions=True)
    assert isinstance(failed[0], LookupError)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*given_up, return_exceptions=True)
        await database.read(wait)
