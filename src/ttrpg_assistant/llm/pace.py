"""When the pieces of streamed answers are read: at ticks that all answers of the process share.

Waking the process for a piece costs far more than reading it. So pieces wait for the next tick:
then the process wakes once, reads what has arrived for every answer, and sends it to the pages.
"""

from __future__ import annotations

from math import floor
from typing import Final

TICK_SECONDS: Final = 0.04
"""Twenty-five times a second reads as flowing."""

TICK_FOR_EACH: Final = 0.003
LONGEST_TICK: Final = 0.12
"""The more answers are written at the same time, the longer a tick, down to eight in a second:
that still reads as flowing."""

_NEAR: Final = 0.005
"""A moment so shortly before a tick is the tick itself: timers are not exact."""


def tick_seconds(answers: int) -> float:
    """How long a tick is while so many answers are written."""
    return min(LONGEST_TICK, max(TICK_SECONDS, answers * TICK_FOR_EACH))


def next_tick(now: float, seconds: float) -> float:
    """The first tick after this moment of the event loop's clock, where ticks are so long."""
    return (floor((now + _NEAR) / seconds) + 1) * seconds


def is_due(now: float, tick: float) -> bool:
    """Whether this tick is now, or has passed."""
    return now >= tick - _NEAR
