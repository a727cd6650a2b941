"""Random edits on both sides with the process killed in between: nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

MUST_BE_EMPTY = (
    *("lost", "overwritten unseen", "of things lost", "bytes changed"),
    *("not synced and not asked", "left behind", "faults"),
)
"""What a run says is wrong."""


def _run(place: Path, seed: int, edits: int, each: int, notes: int) -> dict[str, Any]:
    """A run in a process that has no threads: its lives are forked from it."""
    arguments = [str(place), *map(str, (seed, edits, each, notes))]
    done = subprocess.run(
        [sys.executable, "-m", "tests.vaults.edit_run", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4_000:]
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


@pytest.mark.fault
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a life is forked")
def test_killed_between_edits_on_both_sides_nothing_is_lost(tmp_path: Path) -> None:
    found = _run(tmp_path, 7, 60, 10, 6)
    assert {one: found[one] for one in MUST_BE_EMPTY} == {one: [] for one in MUST_BE_EMPTY}
    assert found["conflicts after an answer"] == 0 and found["edits"]["of things"] >= 20


@pytest.mark.deep
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a life is forked")
def test_of_ten_thousand_edits_with_kills_between_none_is_lost(tmp_path: Path) -> None:
    found = _run(tmp_path, 11, 10_000, 16, 60)
    print({name: one for name, one in found.items() if name not in MUST_BE_EMPTY})
    assert {one: found[one] for one in MUST_BE_EMPTY} == {one: [] for one in MUST_BE_EMPTY}
    assert found["conflicts after an answer"] == 0 and found["kills"] > 100
