"""What a cancelled import leaves, at each of its writes: all of the talk, or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from ttrpg_assistant.archives.imports import Imports
from ttrpg_assistant.archives.transcripts import Transcripts
from ttrpg_assistant.conversations.store.conversations import find_conversation
from ttrpg_assistant.conversations.tables import messages
from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database, Work

SHOWN = 3
"""The write with which the talk is seen: it is begun, what was said is stored, it is shown."""


class Held:
    """The database, with one write (the first is 1) that waits, done or failed, to be told of."""

    def __init__(self, database: Database, at: int) -> None:
        self._database = database
        self._at = at
        self._writes = 0
        self.reached = asyncio.Event()
        self.go_on = asyncio.Event()
        self.fault: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def write(self, work: Work[Any]) -> Any:
        self._writes += 1
        if self._writes != self._at:
            return await self._database.write(work)
        self.reached.set()
        await self.go_on.wait()
        if self.fault is not None:
            raise self.fault
        return await self._database.write(work)


@pytest.fixture
async def source(tmp_path: Path) -> AsyncIterator[Path]:
    file = tmp_path / "talk.txt"
    file.write_text("GM: The gate is shut.\nMira: I knock.\n", encoding="utf-8")
    yield file
    assert not file.exists()


async def cancel_at(held: Held, source: Path) -> tuple[str, str]:
    """Cancel twice while that write is on its way; the state it ends in, and the conversation."""
    imports = Imports(Changes())
    transcripts = Transcripts(held, Changes(), imports)  # type: ignore[arg-type]
    begun = await transcripts.begin(source, spelled="text", title="Evening")
    await held.reached.wait()
    cancelling = [asyncio.create_task(imports.cancel(begun.id)) for _ in range(2)]
    await asyncio.sleep(0)
    held.go_on.set()
    [ended, again] = await asyncio.gather(*cancelling)
    assert ended == again == imports.get(begun.id)
    return ended.state, begun.conversation_id


async def count(database: Database) -> int:
    return await database.read(
        lambda tx: tx.execute(select(func.count()).select_from(messages)).scalar_one()
    )


async def test_cancelled_while_it_is_being_shown_an_import_is_done(
    database: Database, source: Path
) -> None:
    state, id = await cancel_at(Held(database, SHOWN), source)
    found = await database.read(lambda tx: find_conversation(tx, id))
    assert state == "done"
    assert found is not None and found.message_count == 2 == await count(database)


async def test_cancelled_while_it_is_being_stored_an_import_leaves_nothing(
    database: Database, source: Path
) -> None:
    state, id = await cancel_at(Held(database, SHOWN - 1), source)
    assert state == "cancelled"
    assert await database.read(lambda tx: find_conversation(tx, id)) is None
    assert await count(database) == 0


async def test_cancelled_while_showing_it_fails_an_import_leaves_nothing(
    database: Database, source: Path
) -> None:
    held = Held(database, SHOWN)
    held.fault = PersistenceUnavailable("The disk is away.")
    state, id = await cancel_at(held, source)
    assert state == "cancelled"
    assert await database.read(lambda tx: find_conversation(tx, id)) is None
    assert await count(database) == 0
