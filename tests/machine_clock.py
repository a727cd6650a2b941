"""The clock of the machine as a test sets it: forward, back, and while nothing runs."""

from __future__ import annotations

import time

import pytest

from ttrpg_assistant import clock


class MachineClock:
    """Shows always the same until time passes, or until it is set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._wall = time.time()
        self._steady = time.monotonic()
        monkeypatch.setattr(clock, "time", self)

    def pass_time(self, seconds: float) -> None:
        """What a person waits through."""
        self._wall += seconds
        self._steady += seconds

    def set_forward(self, seconds: float) -> None:
        """Somebody sets the machine's clock; negative: back."""
        self._wall += seconds

    def restart(self) -> None:
        """The process ends, and another begins: it knows only what is stored."""
        clock._noted.clear()
        self._steady = 0.5

    def time(self) -> float:
        return self._wall

    def monotonic(self) -> float:
        return self._steady

    def clock_gettime(self, which: int) -> float:
        del which
        return self._steady
