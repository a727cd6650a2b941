"""What the room of running replies asks of others; `services.py` hands it in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ttrpg_assistant.live.shown import Part


class Reading(Protocol):
    """Reads one reply while it is written."""

    @property
    def parts(self) -> Sequence[Part]:
        """The changes so far, in their order. Only ever grows."""
        ...

    def feed(self, text: str) -> None:
        """Read more of the reply."""
        ...
