"""How a cost grows with the length of a text, from repeated least times of real runs."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

_ENOUGH = 0.0005
"""Seconds of work in one reading: below this the clock's own noise shows."""


def cost(run: Callable[[], object], readings: int = 3) -> float:
    """The least of several readings of the processor time of one run, in seconds."""
    least = float("inf")
    for _ in range(readings):
        times, begun = 0, time.thread_time()
        while True:
            run()
            times += 1
            spent = time.thread_time() - begun
            if spent >= _ENOUGH:
                break
        least = min(least, spent / times)
    return least


STEP = 8
WORST = 26.0
"""How many times more eight times the text may cost: linear is 8, quadratic is 64."""


def is_too_steep(
    run: Callable[[str], object], text: Callable[[int], str], small: int
) -> str | None:
    """None where the cost grows about linearly from `small` to eight times it; else how.

    A first look with one reading; only what looks steep is measured again, patiently. What is
    twice as steep as it may be needs no third look.
    """
    few, many = text(small), text(small * STEP)
    gc.disable()
    try:
        for readings in (1, 3, 7):
            ratio = cost(lambda: run(many), readings) / cost(lambda: run(few), readings)
            if ratio <= WORST:
                return None
            if readings > 1 and ratio > 2 * WORST:
                break
    finally:
        gc.enable()
    return f"{ratio:.0f} times the cost for {STEP} times the text"
