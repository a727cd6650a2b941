"""Codes that let one browser in, once, for a short time after they were made."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

VALID_SECONDS = 120.0

MOST = 100


class StartCodes:
    """The codes that have not been used yet. They are kept in memory only."""

    def __init__(self) -> None:
        self._codes: dict[str, tuple[float, Callable[[], None]]] = {}

    def issue(self, on_used: Callable[[], None] = lambda: None) -> str:
        """A new code. `on_used` is called when it is used up, not when its time is over."""
        self._forget_old()
        while len(self._codes) >= MOST:
            del self._codes[next(iter(self._codes))]
        code = secrets.token_urlsafe(32)
        self._codes[code] = (time.monotonic() + VALID_SECONDS, on_used)
        return code

    def use(self, code: str) -> bool:
        """Whether this code was valid; it is not any more."""
        self._forget_old()
        # Looked up by value: a code is random and gone after its use, so time tells nothing.
        found = self._codes.pop(code, None)
        if found is None:
            return False
        found[1]()
        return True

    def _forget_old(self) -> None:
        now = time.monotonic()
        self._codes = {code: kept for code, kept in self._codes.items() if kept[0] > now}
