"""Killed at any moment, a review goes on where it was, and nothing is lost or doubled."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.reviews.killed_reading import (
    SEED,
    choose_moments,
    read_killed,
    read_killed_twice,
    said,
)
from tests.reviews.made_evening import count_proposed, make_evening
from tests.reviews.reading_model import ReadingServer
from tests.reviews.review_table import make_review
from tests.running import running

pytestmark = [pytest.mark.fault, pytest.mark.slow]


async def test_killed_twice_a_review_goes_on_and_doubles_nothing(tmp_path: Path) -> None:
    evening = make_evening(SEED, lines=520, planted=12)
    async with running(tmp_path / "whole") as app:
        table = await make_review(app, evening.text)
        await table.read()
        expected = said(await table.queue())
    begin = partial(make_review, text=evening.text)
    assert said(await read_killed_twice(tmp_path / "killed", begin)) == expected


@pytest.mark.deep
@pytest.mark.parametrize("by", ["built-in", "model"])
async def test_four_thousand_lines_killed_at_ten_random_moments(
    tmp_path: Path, by: str, capsys: pytest.CaptureFixture[str]
) -> None:
    evening = make_evening(SEED)
    async with ReadingServer(evening) as model:
        environment = model.environment if by == "model" else {}
        begin = partial(make_review, text=evening.text)
        whole, expected, seconds = await read_killed(tmp_path / "whole", begin, environment, [])
        kills = choose_moments(seconds)
        killed, after, _ = await read_killed(tmp_path / "killed", begin, environment, kills)
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
