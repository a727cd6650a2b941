"""Sixty kills while four writers keep questions waiting, with and without power loss."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.power_loss import NO_STRACE, can_trace
from tests.faults.queue_run import queue_run
from tests.faults.schedule import pick_seed

KILLS = 60


@pytest.mark.deep
@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.parametrize("power_loss", [False, True], ids=["killed", "power_lost"])
async def test_every_question_that_waited_is_answered_and_none_is_lost_doubled_or_moved(
    tmp_path: Path, power_loss: bool
) -> None:
    if power_loss and not can_trace():
        pytest.skip(NO_STRACE)
    seed = pick_seed()
    violations, figures = await queue_run(tmp_path, KILLS, seed, power_loss=power_loss)
    print(f"\npower loss {power_loss}, seed {seed}: {len(violations)} violations; {figures}")
    words = "\n".join(map(str, violations))
    assert not violations, f"FAULTS_SEED={seed}\n{words}"
    assert figures["kills"] >= KILLS and figures["waited at a kill"] > 0
    assert figures["acknowledged"] == figures["questions"]
