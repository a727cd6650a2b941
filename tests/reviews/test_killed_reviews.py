"""Killed at any moment, a review goes on where it was, and nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import json
import random
import time
from pathlib import Path
from typing import Any

import pytest

from tests.faults.server import ServerProcess
from tests.reviews.made_evening import Evening, count_proposed, make_evening
from tests.reviews.reading_model import ReadingServer
from tests.reviews.review_table import Outside, ReviewTable, make_review
from tests.running import running

pytestmark = [pytest.mark.fault, pytest.mark.slow]

SEED = 20_261_130


def said(queue: list[dict[str, Any]]) -> list[str]:
    """What a queue proposes, with its lines, whatever the ids."""
    return [
        json.dumps(
            [
                one["kind"],
                one["title"],
                {name: value for name, value in one["fields"].items() if not name.endswith("_id")},
                [[line["seq"], line["quote"]] for line in one["lines"]],
            ]
        )
        for one in queue
    ]


async def test_killed_twice_a_review_goes_on_and_doubles_nothing(tmp_path: Path) -> None:
    evening = make_evening(SEED, lines=520, planted=12)
    async with running(tmp_path / "whole") as app:
        table = await make_review(app, evening.text)
        await table.read()
        expected = said(await table.queue())
    server = ServerProcess(tmp_path / "killed")
    await server.start(TTRPG_FAILPOINT="amid_part:1")
    try:
        async with server.client() as client:
            table = await make_review(Outside(client), evening.text)
            await client.post(f"{table.path}/start", json={})
            await server.wait_killed()
            await server.start(TTRPG_FAILPOINT="after_part:2")
            await server.wait_killed()
            await server.start()
            done = await table.wait()
            assert (done["status"], done["progress"]["failed"]) == ("done", 0)
            assert done["progress"]["parts"] == done["progress"]["done"] > 2
            assert said(await table.queue()) == expected
    finally:
        await server.kill()


@pytest.mark.deep
@pytest.mark.parametrize("by", ["built-in", "model"])
async def test_four_thousand_lines_killed_at_ten_random_moments(
    tmp_path: Path, by: str, capsys: pytest.CaptureFixture[str]
) -> None:
    evening = make_evening(SEED)
    async with ReadingServer(evening) as model:
        environment = model.environment if by == "model" else {}
        whole, expected, seconds = await _read(tmp_path / "whole", evening, environment, [])
        dice = random.Random(SEED)
        kills = [dice.uniform(0.05, seconds / 8) for _ in range(10)]
        killed, after, _ = await _read(tmp_path / "killed", evening, environment, kills)
        shares = count_proposed(evening.planted, expected)
        lines = [line for one in expected for line in one["lines"]]
        holding = sum(line["quote"] in line["text"] for line in lines)
        with capsys.disabled():
            print(
                f"\n{by}: {len(evening.lines)} lines in {whole['parts']} parts, {seconds:.1f} s;"
                f" planted {sum(shares)}/{len(shares)} proposed; {holding}/{len(lines)} lines hold"
                f" the words of {len(expected)} proposals; left out {whole['left_out']};"
                f" longest prompt {model.longest} characters; killed {len(kills)} times:"
                f" {len(after)} proposals, the same: {said(after) == said(expected)}"
            )
        assert holding == len(lines)
        assert said(after) == said(expected)
        assert sum(shares) >= 0.85 * len(shares)
        assert killed["parts"] == killed["done"]


async def _read(
    folder: Path, evening: Evening, environment: dict[str, str], kills: list[float]
) -> tuple[dict[str, Any], list[dict[str, Any]], float]:
    """Its progress at the end, what it proposes, and how long it took. Killed so many seconds
    after each start."""
    server = ServerProcess(folder, environment=environment)
    await server.start()
    try:
        async with server.client(timeout=60) as client:
            table: ReviewTable = await make_review(Outside(client), evening.text)
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
