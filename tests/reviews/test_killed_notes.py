"""Killed at any moment, notes are read on from where it was, and nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path
from typing import Any

import pytest

from tests.faults.server import ServerProcess
from tests.faults.table import until
from tests.reviews.made_notes import MadeNotes, count_found, make_notes
from tests.reviews.reading_model import WINDOW, NotesMind, ReadingServer
from tests.reviews.review_table import FILE, Outside, ReviewTable
from tests.reviews.test_killed_reviews import said

pytestmark = [pytest.mark.fault, pytest.mark.slow]

SEED = 20_261_130


async def bring_notes(app: Outside, content: bytes) -> ReviewTable:
    """A campaign, and the review of notes in it, which is not read yet."""
    campaign = await app.post("/api/campaigns", {"name": "Marsh"})
    where = {"filename": "marsh.md", "campaign_id": campaign["id"]}
    sent = await app.client.post("/api/imports", params=where, content=content, headers=FILE)
    assert sent.status_code == 201, sent.text
    path = f"/api/imports/{sent.json()['import_id']}"
    await app.post(f"{path}/accept", {"choices": {"read_notes": True}})

    async def ended() -> Any:
        state = await app.get(path)
        return None if state["state"] == "running" else state

    done = await until(ended, 120)
    assert done["state"] == "done", done
    (conversation_id,) = done["report"]["notes"]
    body = {"conversation_id": conversation_id}
    review = await app.post("/api/transcript-reviews", body, status=201)
    return ReviewTable(app, campaign["id"], "", conversation_id, review)


async def test_killed_twice_notes_are_read_on_and_nothing_is_doubled(tmp_path: Path) -> None:
    notes = make_notes(SEED, planted=24, lines=240)
    async with ReadingServer(None, mind=NotesMind(notes)) as model:
        _, expected, _ = await read_killed(tmp_path / "whole", notes, model, [])
        server = ServerProcess(tmp_path / "killed", environment=model.environment)
        await server.start(TTRPG_FAILPOINT="amid_part:1")
        try:
            async with server.client(timeout=60) as client:
                table = await bring_notes(Outside(client), notes.markdown)
                await client.post(f"{table.path}/start", json={})
                await server.wait_killed()
                await server.start(TTRPG_FAILPOINT="after_part:2")
                await server.wait_killed()
                await server.start()
                done = await table.wait()
                assert (done["status"], done["progress"]["failed"]) == ("done", 0)
                assert done["progress"]["parts"] == done["progress"]["done"] > 2
                assert said(await table.queue()) == said(expected)
                assert all(count_found(notes.planted, expected))
        finally:
            await server.kill()


@pytest.mark.deep
async def test_five_thousand_lines_killed_at_ten_random_moments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = make_notes(SEED, planted=240, lines=5_300)
    async with ReadingServer(None, mind=NotesMind(notes)) as model:
        whole, expected, seconds = await read_killed(tmp_path / "whole", notes, model, [])
        asked = model.mind.parts
        dice = random.Random(SEED)
        kills = [dice.uniform(0.05, seconds / 8) for _ in range(10)]
        killed, after, _ = await read_killed(tmp_path / "killed", notes, model, kills)
        shares = count_found(notes.planted, expected)
        lines = [line for one in expected for line in one["lines"]]
        holding = sum(line["quote"] in line["text"] for line in lines)
        size = len(notes.markdown.splitlines())
        with capsys.disabled():
            print(
                f"\n{size} lines ({len(notes.markdown)} bytes) in {whole['parts']} parts,"
                f" {seconds:.1f} s, window {WINDOW};"
                f" planted {sum(shares)}/{len(shares)} proposed; {holding}/{len(lines)} lines hold"
                f" the words of {len(expected)} proposals; left out {whole['left_out']} of"
                f" {asked} made up; longest prompt {model.longest} characters; killed"
                f" {len(kills)} times: {len(after)} proposals, the same:"
                f" {said(after) == said(expected)}; {model.mind.parts - 2 * asked} asked twice"
            )
        assert size >= 5_000
        assert holding == len(lines)
        assert said(after) == said(expected)
        assert all(shares)
        assert whole["left_out"] == asked
        assert killed["parts"] == killed["done"]


async def read_killed(
    folder: Path, notes: MadeNotes, model: ReadingServer, kills: list[float]
) -> tuple[dict[str, Any], list[dict[str, Any]], float]:
    """Its progress at the end, what it proposes, and how long it took. Killed so many seconds
    after each start."""
    server = ServerProcess(folder, environment=model.environment)
    await server.start()
    try:
        async with server.client(timeout=60) as client:
            table = await bring_notes(Outside(client), notes.markdown)
            began = time.monotonic()
            await client.post(f"{table.path}/start", json={})
            for seconds in kills:
                await asyncio.sleep(seconds)
                await server.restart()
            done = await table.wait()
            assert done["status"] == "done", done
            return done["progress"], await table.queue(), time.monotonic() - began
    finally:
        await server.kill()
