"""Tests keep their files in memory where the system offers it and there is room.

Loaded as a plugin by tests/conftest.py. Everything the server acknowledges is flushed to the disk
first, some milliseconds each time, and a run acknowledges tens of thousands of times: its workers
would wait for the one disk longer than they compute. What is flushed, and when, is seen by the
calls (tests/faults/power_loss.py), which are the same in memory.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 6 * 1024**3
"""Bytes that must be free there. Containers often offer 64 MB, and a run keeps a gigabyte or two
where tests fail."""
VARIABLE = "PYTEST_DEBUG_TEMPROOT"
"""Where pytest makes its folders, if not where all programs do."""


@cache
def has_room() -> bool:
    """Whether files may be kept in memory here."""
    try:
        return shutil.disk_usage(MEMORY).free >= ROOM and os.access(MEMORY, os.W_OK)
    except OSError:
        return False


def find_folder() -> Path:
    """Below which a test run makes its folders."""
    named = os.environ.get(VARIABLE)
    return Path(named or (MEMORY if has_room() else tempfile.gettempdir()))


def pytest_configure() -> None:
    os.environ[VARIABLE] = str(find_folder())
