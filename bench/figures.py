"""What a row shows: a figure, the same thing done without us in the same run, and the target."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `ratio` is measured over beside, spelled as the row means it."""

    what: str
    measured: str
    beside: str
    ratio: str
    target: str
    reached: bool


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile; `share` is between 0 and 1."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def ms(seconds: float) -> str:
    """Seconds spelled as milliseconds."""
    value = seconds * 1000
    return f"{value:.2f} ms" if abs(value) < 10 else f"{value:,.0f} ms"


def times(measured: float, beside: float) -> str:
    """How many times the other one."""
    ratio = measured / beside
    return f"{ratio:.3f} ×" if 0.9 < ratio < 1.1 else f"{ratio:.2f} ×"
