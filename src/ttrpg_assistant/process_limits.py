"""What a process may use that reads or prints what others wrote: it is started for that alone, and
sets its own limits before it looks at anything. Windows has none of them: there the time is limited
from outside, and each reader knows how much it takes in."""

from __future__ import annotations

import signal


def limit_memory(bytes_at_most: int) -> None:
    """From now on, no more memory than this, and no core file with what was read."""
    try:
        import resource
    except ImportError:
        return
    try:
        resource.setrlimit(resource.RLIMIT_AS, (bytes_at_most, bytes_at_most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        pass  # A stricter limit holds already.


def limit_time(seconds: int) -> None:
    """Time of a processor after which the system ends this process; 0 for none."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)
