"""Hints between servers on one database: in the transaction, each once, none left out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from tests.databases import QUICK, PostgresServer, run_apart
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.live.changes import Changes, Hint, Origin
from ttrpg_assistant.live.shared_changes import (
    LATEST_COMMIT_SECONDS,
    LOOK_BACK,
    Numbers,
    SharedChanges,
)
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.preferences import find_preference, put_preference
from ttrpg_assistant.storage.server_rows import add_changes


class Server:
    """What one server has of hints, and a page of it that listens."""

    def __init__(self, database: Database, name: str) -> None:
        self.database = database
        self.changes = Changes(name)
        self.shared = SharedChanges(database, self.changes, name)
        self.heard: list[Hint] = []
        self._tasks = [asyncio.create_task(self._listen(None))]

    async def _listen(self, origin: Origin | None) -> None:
        while True:
            async for hint in self.changes.follow(60, origin):
                assert hint is not None
                self.heard.append(hint)

    async def look(self) -> list[Hint]:
        """What the page hears by a look now."""
        await self.shared.look()
        for _ in range(3):
            await asyncio.sleep(0)
        heard, self.heard = self.heard, []
        return heard

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()


@pytest.fixture
async def servers(postgres_server: PostgresServer) -> AsyncIterator[tuple[Server, Server]]:
    """Two servers on one database."""
    name = run_apart(postgres_server.take_database())
    address = postgres_server.address_of(name)
    made = []
    for server in ("one", "two"):
        database = create_database(address, patience=QUICK)
        await database.open()
        made.append(Server(database, server))
        await made[-1].shared.begin()
    await asyncio.sleep(0)
    yield made[0], made[1]
    for each in made:
        each.close()
        await each.database.close()
    run_apart(postgres_server.give_back(name))


def put(value: int, *, fails: bool = False):  # type: ignore[no-untyped-def]
    def work(tx: Connection) -> int:
        put_preference(tx, "key", value)
        if fails:
            raise InvalidInput("No.")
        return value

    return work


@pytest.mark.postgres
async def test_a_hint_is_stored_with_its_change_and_heard_once_by_every_server(
    servers: tuple[Server, Server],
) -> None:
    one, two = servers
    hint = ("campaign", {"id": "a"})
    assert await one.changes.write(one.database, put(1), lambda value: [hint]) == 1
    assert await two.database.read(lambda tx: find_preference(tx, "key")) == 1
    assert await two.look() == [hint]
    assert await one.look() == [hint], "told when it was written, and by no look again"
    assert await two.look() == await one.look() == []
    with pytest.raises(InvalidInput):
        await one.changes.write(one.database, put(2, fails=True), lambda value: [hint])
    assert await two.look() == await one.look() == []


@pytest.mark.postgres
async def test_a_writer_that_is_cancelled_does_not_take_its_hint_along(
    servers: tuple[Server, Server],
) -> None:
    one, two = servers
    hint = ("campaign", {"id": "a"})
    writing = asyncio.create_task(one.changes.write(one.database, put(1), lambda _: [hint]))
    await asyncio.sleep(0)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    await one.database.write(put(2))  # Behind it: it is stored, or was undone.
    while await one.database.read(lambda tx: find_preference(tx, "key")) is None:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    heard = await one.look()
    assert heard == await two.look() == [hint]


@pytest.mark.postgres
async def test_a_transaction_that_commits_late_is_heard_too(servers: tuple[Server, Server]) -> None:
    """Its number is lower than that of one that was heard already."""
    one, two = servers
    third = create_database(one.database._url.render_as_string(False), patience=QUICK)  # type: ignore[attr-defined]
    await third.open()
    may_end = asyncio.Event()
    has_begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(tx: Connection) -> None:
        from sqlalchemy.util import await_only

        add_changes(tx, "three", [("campaign", {"id": "late"})])
        loop.call_soon(has_begun.set)
        await_only(may_end.wait())

    writing = asyncio.create_task(third.write(slow))
    await has_begun.wait()
    await one.changes.write(one.database, put(1), lambda _: [("campaign", {"id": "soon"})])
    assert await two.look() == [("campaign", {"id": "soon"})]
    may_end.set()
    await writing
    assert await two.look() == [("campaign", {"id": "late"})]
    await third.close()


@pytest.mark.postgres
async def test_what_no_write_changed_is_heard_elsewhere_and_a_servers_own_state_is_not(
    servers: tuple[Server, Server],
) -> None:
    one, two = servers
    one.changes.announce("import", {"id": "a", "state": "running"})
    one.changes.announce("import", {"id": "a", "state": "done"})
    one.changes.announce_here("persistence", {"state": "available"})
    assert len(await one.look()) == 2
    assert await two.look() == [("import", {"id": "a", "state": "done"})]


@given(st.permutations(range(1, 30)), st.integers(1, 7), st.sets(st.integers(1, 29)))
def test_every_number_is_seen_whatever_the_order_of_commits(
    order: list[int], at_once: int, undone: set[int]
) -> None:
    numbers, there, seen = Numbers(0), set[int](), list[int]()
    for at in range(0, len(order), at_once):
        there |= set(order[at : at + at_once]) - undone
        wanted = set(numbers.list_missing(0.0))
        found = [one for one in there if one > numbers.after or one in wanted]
        numbers.note(found, 0.0)
        seen += found
    assert sorted(seen) == sorted(set(order) - undone)
    assert numbers.list_missing(LATEST_COMMIT_SECONDS + 1) == []


def test_transactions_that_run_at_the_start_are_waited_for() -> None:
    numbers = Numbers(1000)
    numbers.note([998, 1000], 0.0)
    assert 999 in numbers.list_missing(1.0)
    assert min(numbers.list_missing(1.0)) == 1000 - LOOK_BACK + 1
