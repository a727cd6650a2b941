"""Two files change places in one step, where the system has a call for that."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

_HERE = -100
"""`AT_FDCWD`: names are meant from the current folder."""
_EXCHANGE = 2
"""`RENAME_EXCHANGE` of Linux, and `RENAME_SWAP` of macOS."""


def can_change_places() -> bool:
    """Whether this system has such a call."""
    return _find_call() is not None


def change_places(one: Path, other: Path) -> None:
    """Let two files of one folder change places. Raises `OSError`."""
    call = _find_call()
    assert call is not None
    if call(os.fsencode(one), os.fsencode(other)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(one))


@lru_cache(maxsize=1)
def _find_call() -> Callable[[bytes, bytes], int] | None:
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            rename = library.renameat2
            return lambda one, other: int(rename(_HERE, one, _HERE, other, _EXCHANGE))
        if sys.platform == "darwin":
            swap = library.renamex_np
            return lambda one, other: int(swap(one, other, _EXCHANGE))
    except (OSError, AttributeError, TypeError):
        return None
    return None
