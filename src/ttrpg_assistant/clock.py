"""Time: what the clock of the machine shows, and how long something lasts whatever it shows.

A machine's clock can be set forward or back at any time: by a person, by a time server, by a
machine that wakes up. What it shows is right for saying *when* something was. It is wrong for
saying *how long ago* that was. So a duration is counted on the steady clock, which nobody sets:

- Within this process, from the moment at which it was first seen. Whoever begins something that is
  counted calls `note_moment`; then nothing done to the clock changes how long it has lasted.
- For what an earlier process stored, only the clock says how long ago it was. It is asked once, at
  first sight, and the answer is between nothing and the bound that the caller gives.

This is the only module that reads the clock, and the only one that subtracts moments;
`tests/house/test_moments.py` holds that and lists every place where moments are compared.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from typing import Final

DAY_SECONDS: Final = 86_400.0

MOST_NOTED: Final = 10_000
"""Moments that are kept in memory with their place on the steady clock; those asked for least
recently go first."""

_STEADY_ID: Final[int | None] = getattr(time, "CLOCK_BOOTTIME", None)
"""Linux's clock that also counts while the machine sleeps."""

_noted: OrderedDict[str, float] = OrderedDict()
_lock = threading.Lock()


def wall_seconds() -> float:
    """Seconds since 1970 as the clock of this machine shows them."""
    return time.time()


def wall_nanoseconds() -> int:
    """The same in nanoseconds, as file systems say when a file was changed."""
    return time.time_ns()


def wall_now() -> datetime:
    """This moment as the clock of this machine shows it, in UTC."""
    return datetime.fromtimestamp(wall_seconds(), UTC)


def steady_seconds() -> float:
    """Seconds on a clock that only goes forward, at one pace, and means nothing by itself."""
    return time.monotonic() if _STEADY_ID is None else time.clock_gettime(_STEADY_ID)


def note_moment(moment: str) -> None:
    """Remember that this stored moment is now, so that what begins here is counted steadily."""
    _note(moment, steady_seconds())


def elapsed_seconds(since: str, *, at_most: float) -> float:
    """Seconds since a stored moment, from 0 to `at_most`.

    Raises `ValueError` or `TypeError` for what is no moment.
    """
    steady = steady_seconds()
    with _lock:
        begun = _noted.get(since)
        if begun is not None:
            _noted.move_to_end(since)
    if begun is None:
        begun = steady - max(0.0, wall_seconds() - epoch_of(since))
        _note(since, begun)
    return min(max(0.0, steady - begun), at_most)


def _note(moment: str, steady: float) -> None:
    with _lock:
        _noted[moment] = steady
        _noted.move_to_end(moment)
        while len(_noted) > MOST_NOTED:
            _noted.popitem(last=False)


def has_passed(moment: str | float | None, seconds: float) -> bool:
    """Whether something of a bounded life, dated so, is over: seconds since 1970 or as stored.

    It is over when it is older than that; and when it is dated further in the future than it can
    live, or not at all, because then its date says nothing.
    """
    if isinstance(moment, float):
        return abs(wall_seconds() - moment) > seconds
    try:
        return abs(wall_seconds() - epoch_of(moment or "")) > seconds
    except ValueError:
        return True


def moment_around(seconds: float) -> str:
    """The moment so many seconds from now by the machine's clock; negative: before now.

    For limits of what is listed or looked for in the database, never for what is deleted.
    """
    return spell(wall_now() + timedelta(seconds=seconds))


def spell(moment: datetime) -> str:
    """An aware datetime as it is stored (`ids`)."""
    return f"{moment.astimezone(UTC).isoformat(timespec='microseconds')[:26]}Z"


def shift(moment: str, seconds: float) -> str:
    """The stored moment so many seconds later; negative: before it."""
    return spell(datetime.fromisoformat(moment) + timedelta(seconds=seconds))


def epoch_of(moment: str) -> float:
    """A stored moment as seconds since 1970. Raises `ValueError` or `TypeError`."""
    return datetime.fromisoformat(moment).timestamp()


def seconds_until(moment: datetime, now: datetime) -> float:
    """Seconds from one moment to another of the same clock; 0 when it is over."""
    return max(0.0, (moment - now).total_seconds())
