"""Killed at any moment, notes are read on from where it was, and nothing is lost or doubled."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.faults.table import until
from tests.providers.minded import WINDOW
from tests.reviews.killed_reading import (
    SEED,
    choose_moments,
    read_killed,
    read_killed_twice,
    said,
)
from tests.reviews.made_notes import count_found, make_notes
from tests.reviews.reading_model import NotesMind, ReadingServer
from tests.reviews.review_table import FILE, Outside, ReviewTable

pytestmark = [pytest.mark.fault, pytest.mark.slow]


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
    begin = partial(bring_notes, content=notes.markdown)
    async with ReadingServer(None, mind=NotesMind(notes)) as model:
        environment = model.environment
        _, expected, _ = await read_killed(tmp_path / "whole", begin, environment, [])
        queue = await read_killed_twice(tmp_path / "killed", begin, environment)
        assert said(queue) == said(expected)
        assert all(count_found(notes.planted, expected))


@pytest.mark.deep
async def test_five_thousand_lines_killed_at_ten_random_moments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = make_notes(SEED, planted=240, lines=5_300)
    async with ReadingServer(None, mind=NotesMind(notes)) as model:
        begin, environment = partial(bring_notes, content=notes.markdown), model.environment
        whole, expected, seconds = await read_killed(tmp_path / "whole", begin, environment, [])
        asked, kills = model.mind.parts, choose_moments(seconds)
        killed, after, _ = await read_killed(tmp_path / "killed", begin, environment, kills)
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
