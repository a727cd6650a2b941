"""The random crash run, short here and as long as wished by hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults.crash_run import crash_run
from tests.faults.schedule import make_schedule, pick_seed

FULL = os.environ.get("FAULTS") == "full"
KILLS = 300 if FULL else 3


@pytest.mark.fault
@pytest.mark.browser
@pytest.mark.slow
async def test_row_29_whatever_is_killed_and_when_no_word_is_lost_doubled_or_moved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = pick_seed()
    with capsys.disabled():
        print()
        outcome = await crash_run(tmp_path, KILLS, seed, longest=0.8)
        print(outcome)
    words = "\n".join(map(str, outcome.violations))
    assert not outcome.violations, f"FAULTS_SEED={seed}\n{words}"
    assert outcome.figures["acknowledged"] and outcome.figures["accepted"]


def test_a_seed_gives_its_schedule_back() -> None:
    assert make_schedule(7, 50) == make_schedule(7, 50) != make_schedule(8, 50)


def test_the_seed_can_be_given_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAULTS_SEED", "42")
    assert pick_seed() == 42
    assert pick_seed(7) == 7
