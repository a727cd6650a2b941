"""Places where a test may kill the process, to prove what a crash leaves behind.

`TTRPG_FAILPOINT=name:n` makes the nth `hit(name)` send SIGKILL to this process: no
cleanup, no flush, just like a power cut to the program. It exists for tests only, is read
once when this module is imported, and costs one comparison when it is not set.

    before_commit, after_commit       around COMMIT in the SQLite writer
    migration_statement               before each statement of a migration
    migration_before_commit           a migration is done but not committed
    picture_before_rename             a picture is written but has no name yet
    picture_before_row                a picture has its name but no row yet
"""

from __future__ import annotations

import os
import signal


def _read() -> tuple[str | None, int]:
    name, _, count = os.environ.get("TTRPG_FAILPOINT", "").partition(":")
    return name or None, int(count or 1)


_armed, _remaining = _read()


def hit(name: str) -> None:
    """Die here if the environment says so."""
    global _remaining
    if name != _armed:
        return
    _remaining -= 1
    if _remaining == 0:
        # Windows has no SIGKILL; SIGTERM ends a process there just as abruptly.
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
