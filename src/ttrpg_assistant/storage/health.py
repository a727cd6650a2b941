"""Whether things can be stored right now, told by real writes and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

PersistenceState = Literal["available", "degraded", "unavailable"]

AVAILABLE = "Everything is being saved."
DEGRADED = "Some messages are still waiting to be saved."


class PersistenceHealth:
    """The state of the database, and who wants to hear when it changes.

    `state` and `sentence` may be read from any thread. Callbacks get this object, are
    called on the event loop, once per change, in the order of the changes.
    """

    def __init__(self) -> None:
        self.state: PersistenceState = "available"
        self.sentence: str = AVAILABLE
        self._callbacks: list[Callable[[PersistenceHealth], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def subscribe(self, callback: Callable[[PersistenceHealth], None]) -> Callable[[], None]:
        """Hear of every change from now on. Returns what ends it."""
        self._callbacks.append(callback)

        def unsubscribe() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return unsubscribe

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """The loop that callbacks are called on; said by the database when it opens."""
        self._loop = loop

    def become(self, state: PersistenceState, sentence: str | None = None) -> bool:
        """Record what the last write showed. Any thread may say it; repeats are silent.

        True when it is something new.
        """
        sentence = sentence or (AVAILABLE if state == "available" else DEGRADED)
        if (state, sentence) == (self.state, self.sentence):
            return False
        self.state, self.sentence = state, sentence
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell)
        return True

    def _tell(self) -> None:
        for callback in list(self._callbacks):
            callback(self)
