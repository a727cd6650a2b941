"""A restoring that is cancelled, fails or is killed leaves nothing, and others write meanwhile."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Connection, func, insert, select, text

from tests.archives.test_campaign_archive import archives_of, make_campaign
from tests.archives.test_transcripts import Held
from tests.faults.server import ServerProcess
from tests.running import Running, running
from ttrpg_assistant.archives import restoring
from ttrpg_assistant.archives.imports import Import, Imports
from ttrpg_assistant.conversations.store import conversations
from ttrpg_assistant.conversations.tables import messages
from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.base import metadata
from ttrpg_assistant.storage.database import Database

FILE = {"Content-Type": "application/octet-stream"}


def count_all(tx: Connection) -> dict[str, int]:
    """Rows of every table, those of the search index among them."""
    names = [table.name for table in metadata.sorted_tables]
    if tx.dialect.name == "sqlite":
        found = tx.execute(text("SELECT name FROM sqlite_master WHERE name LIKE 'search_things'"))
        names += found.scalars()
        names += ["search_entries"]
    return {
        name: tx.execute(select(func.count()).select_from(text(name))).scalar_one()
        for name in names
    }


async def cancel_at(database: Database, at: int, file: Path, fault: Exception | None) -> Import:
    """Cancel while that write of a restoring is on its way, or let it fail."""
    held, imports = Held(database, at), Imports(Changes())
    held.fault = fault
    archives = archives_of(held, imports)  # type: ignore[arg-type]
    begun = await archives.begin(file)
    reaching = asyncio.create_task(held.reached.wait())
    [task] = imports.tasks
    await asyncio.wait([reaching, task], return_when=asyncio.FIRST_COMPLETED)
    reaching.cancel()
    held.go_on.set()
    if fault is None:
        return await imports.cancel(begun.id)
    await asyncio.wait([task])
    return imports.get(begun.id)


@pytest.mark.parametrize("fault", [None, PersistenceUnavailable("The disk is away.")])
async def test_a_restoring_that_ends_early_leaves_nothing_wherever_it_was(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception | None,
) -> None:
    monkeypatch.setattr(restoring, "SLICE", 9)
    campaign_id = await make_campaign(database, ["one", "two"])
    before = await database.read(count_all)
    ends: list[str] = []
    for at in (1, 2, 4, 99):
        file = tmp_path / f"{at}.zip"
        await archives_of(database).write(campaign_id, file)
        ended = await cancel_at(database, at, file, fault)
        ends.append(ended.state)
        assert not file.exists()
        if ended.state != "done":
            assert await database.read(count_all) == before, at
    assert ends == ["cancelled" if fault is None else "failed"] * 3 + ["done"]


async def test_what_a_killed_server_left_of_an_archive_is_removed_at_the_next_start(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "SLICE", 9)
    campaign_id = await make_campaign(database, ["one", "two"])
    await archives_of(database).write(campaign_id, tmp_path / "a.zip")
    before = await database.read(count_all)
    held = Held(database, 4)
    imports = Imports(Changes())
    archives = archives_of(held, imports)  # type: ignore[arg-type]
    await archives.begin(tmp_path / "a.zip")
    await held.reached.wait()
    # As a killed server leaves it: some slices are stored, and nobody goes on.
    assert await database.read(count_all) != before
    shown = await database.read(lambda tx: conversations.list_conversations(tx, limit=50, equal={}))
    assert {one.campaign_id for one in shown[0]} <= {campaign_id}
    if database.engine_name == "sqlite":
        assert await archives_of(database).sweep() == 1
        assert await database.read(count_all) == before
        assert await archives_of(database).sweep() == 0
    held.fault = PersistenceUnavailable("The server is gone.")
    held.go_on.set()
    await asyncio.wait(imports.tasks)
    assert await database.read(count_all) == before


async def add_talk(app: Running, campaign_id: str, count: int) -> None:
    def work(tx: Connection) -> None:
        thread = conversations.add_conversation(
            tx, "thread", purpose="general", campaign_id=campaign_id
        )
        parent, rows = None, []
        for seq in range(1, count + 1):
            now, id = utc_now(), new_id()
            rows.append(
                {"id": id, "conversation_id": thread.id, "seq": seq, "parent_id": parent}
                | {"role": "user", "status": "complete", "created_at": now, "updated_at": now}
                | {"content": f"What was said as number {seq}, about the gate and the marsh."}
            )
            parent = id
        tx.execute(insert(messages), rows)
        conversations.update_conversation(
            tx, thread.id, tip_message_id=parent, message_count=count, next_seq=count + 1
        )

    await app.services.database.write(work)


async def talk_while(client: httpx2.AsyncClient, thread: str, import_id: str) -> list[float]:
    """Send, again and again, while the import runs; how long each send took, in seconds."""
    waits: list[float] = []
    while (await client.get(f"/api/imports/{import_id}")).json()["state"] == "running":
        body = {"id": new_id(), "role": "user", "content": "And meanwhile?"}
        began = time.perf_counter()
        answer = await client.post(f"/api/threads/{thread}/messages", json=body)
        waits.append(time.perf_counter() - began)
        assert answer.is_success, answer.text
    return sorted(waits)


async def begin(client: httpx2.AsyncClient, file: bytes) -> str:
    answer = await client.post(
        "/api/archives", content=file, params={"wait": "false"}, headers=FILE
    )
    assert answer.status_code == 202, answer.text
    id: str = answer.json()["id"]
    return id


async def make_long_archive(folder: Path, count: int) -> bytes:
    async with running(folder) as app:
        campaign_id = (await app.post("/api/campaigns", {"name": "Marsh"}))["id"]
        await add_talk(app, campaign_id, count)
        return (await app.client.get(f"/api/campaigns/{campaign_id}/archive")).content


@pytest.fixture
async def server(database_address: str, tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """The real server, in a process of its own."""
    environment = {}
    if database_address.startswith("postgresql"):
        environment = {"TTRPG_DATABASE_URL": database_address}
    made = ServerProcess(tmp_path / "data", environment=environment)
    await made.start()
    yield made
    await made.kill()


@pytest.mark.deep
async def test_others_write_while_much_talk_is_restored(
    server: ServerProcess, tmp_path: Path
) -> None:
    file = await make_long_archive(tmp_path / "source", 50_000)
    async with server.client(timeout=60) as client, server.client(timeout=60) as other:
        thread = (await other.post("/api/threads", json={"purpose": "general"})).json()["id"]
        began = time.perf_counter()
        import_id = await begin(client, file)
        waits = await talk_while(other, thread, import_id)
        ended = (await client.get(f"/api/imports/{import_id}")).json()
        assert ended["state"] == "done", ended
        print(
            f"50,000 messages restored in {time.perf_counter() - began:.1f} s; {len(waits)} sends"
            f" meanwhile, median {waits[len(waits) // 2]:.3f} s, longest {waits[-1]:.3f} s,"
            f" load {os.getloadavg()[0]:.1f}"
        )
        assert ended["restored"]["counts"]["messages"] == 50_000

        import_id = await begin(client, file)
        while (await client.get(f"/api/imports/{import_id}")).json()["messages"] < 10_000:
            continue
        began = time.perf_counter()
        cancelled = (await client.post(f"/api/imports/{import_id}/cancel")).json()
        assert cancelled["state"] == "cancelled"
        print(f"cancelled in {time.perf_counter() - began:.1f} s")
        assert len((await client.get("/api/campaigns")).json()["campaigns"]) == 1
