"""A background task that fails is logged and goes on; none is left behind at the end."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from tests.house.source_tree import list_modules
from tests.running import running
from ttrpg_assistant import background
from ttrpg_assistant.background import BackgroundTasks


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "FIRST_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(background, "LONGEST_PAUSE_SECONDS", 0.004)


async def until(holds: Callable[[], bool]) -> None:
    while True:
        if holds():
            return
        await asyncio.sleep(0.01)


async def test_a_task_that_fails_is_logged_and_started_again() -> None:
    tasks, runs, well = BackgroundTasks(), 0, asyncio.Event()

    async def work() -> None:
        nonlocal runs
        runs += 1
        if runs < 4:
            raise ZeroDivisionError("a bug")
        well.set()
        await asyncio.Event().wait()

    with structlog.testing.capture_logs() as logged:
        tasks.start("work", work)
        await asyncio.wait_for(well.wait(), 20)
        (state,) = tasks.list_states()
        await tasks.close()
    assert (state.state, state.failures, state.error) == ("running", 3, "ZeroDivisionError")
    assert [one["task"] for one in logged if one["event"] == "background.failed"] == ["work"] * 3


async def test_closing_waits_until_every_task_has_ended() -> None:
    tasks, ended = BackgroundTasks(), []
    started = asyncio.Event()

    async def work() -> None:
        try:
            started.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("work")

    tasks.start("work", work)
    await started.wait()
    await tasks.close()
    assert ended == ["work"]


async def test_work_that_is_done_is_not_started_again() -> None:
    tasks, done = BackgroundTasks(), asyncio.Event()

    async def work() -> None:
        done.set()

    tasks.start("work", work)
    await done.wait()
    await asyncio.sleep(0)
    assert tasks.list_states()[0].state == "finished"
    await tasks.close()


@pytest.mark.parametrize(
    "place",
    [
        "ttrpg_assistant.search.store.indexing.count_waiting",
        "ttrpg_assistant.search.store.meanings.is_on",
        "ttrpg_assistant.conversations.summaries.making.SummaryMaker._listen",
        "ttrpg_assistant.conversations.summaries.making.SummaryMaker._look_back",
        "ttrpg_assistant.search.meaning.meaning.Meaning._listen",
        "ttrpg_assistant.suggestions.reader.SuggestionReader.catch_up",
        "ttrpg_assistant.archives.transcripts.Transcripts.sweep",
    ],
)
async def test_a_bug_met_once_ends_no_task_of_a_real_server(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met = asyncio.Event()

    def fail_once(*args: object, **kwargs: object) -> object:
        monkeypatch.undo()
        monkeypatch.setattr(background, "FIRST_PAUSE_SECONDS", 0.001)
        met.set()
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("ttrpg_assistant.search.meaning.meaning.find_folder", lambda: tmp_path)
    monkeypatch.setattr(place, fail_once)
    async with running(tmp_path) as app:
        tasks = app.services.background
        async with asyncio.timeout(60):
            await met.wait()
            await until(lambda: any(one.failures for one in tasks.list_states()))
            await until(lambda: all(one.state != "restarting" for one in tasks.list_states()))
        assert (await app.get("/readyz"))["failing_tasks"] == []


async def test_a_server_whose_task_keeps_failing_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "FIRST_PAUSE_SECONDS", 3600.0)

    async def fail(_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("ttrpg_assistant.search.indexing.Indexing.run", fail)
    async with running(tmp_path) as app:
        async with asyncio.timeout(60):
            tasks = app.services.background
            await until(lambda: any(one.failures for one in tasks.list_states()))
        answer = await app.client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json() == {
            "status": "not_ready",
            "persistence": "available",
            "failing_tasks": ["indexing"],
        }
        assert (await app.client.get("/healthz")).status_code == 200


WATCHED = {
    "background.py": "the one that watches",
    "conversations/turns.py": "turns: every way out is stored, or logged by the runner",
    "conversations/read_ahead.py": "the turn awaits it; of what no turn takes, a bug is logged",
    "conversations/checkpoints.py": "checkpoints: a bug is logged, and the next are stored",
    "api/streams.py": "ends with its request, which sees its result",
    "daily_backups.py": "a backup: its end, a bug included, is logged and shown",
    "api/openai_door.py": "an answer: its end, a bug included, is told to its reader",
    "archives/imports.py": "an import: its end, a bug included, is its state",
    "continuity/shared_looks.py": "a look: its end, a bug included, is logged",
    "conversations/summaries/making.py": "in a group",
    "doors/mcp_server/http.py": "its end is logged; the next request starts another",
    "conversations/summaries/wording.py": "awaited where it is made",
    "conversations/titles.py": "in a group, which ends with it",
    "search/meaning/installation.py": "awaited where it is made",
    "search/meaning/meaning.py": "in a group; an installation: its end, a bug included, is shown",
    "vaults/seen_tasks.py": "its end, a bug included, is logged",
    "storage/postgresql.py": "a write is awaited; the prober is logged",
    "storage/sqlite/database.py": "the check of a large file is logged",
}


def _list_starts() -> Iterator[str]:
    for module in list_modules():
        for node in module.nodes:
            name = node.attr if isinstance(node, ast.Attribute) else None
            if name in ("create_task", "ensure_future", "run_coroutine_threadsafe"):
                yield module.place


def test_every_task_is_started_where_somebody_sees_how_it_ends() -> None:
    places = {place.removeprefix("src/ttrpg_assistant/") for place in _list_starts()}
    assert places, "for this test to mean anything"
    unwatched = {place for place in places if not any(place.endswith(one) for one in WATCHED)}
    assert not unwatched, (
        "A task nobody awaits ends unseen. Start it through BackgroundTasks, or say here who "
        f"sees its end: {sorted(unwatched)}"
    )
