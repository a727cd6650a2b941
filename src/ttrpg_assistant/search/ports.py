"""What the room of search asks of others; `services.py` hands it in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection

from ttrpg_assistant.search.model import Filters
from ttrpg_assistant.search.store import hits


class NearMeaning(Protocol):
    """Finds talk by its meaning; the meaning package's is handed in where it is wanted."""

    def list_near(
        self, tx: Connection, text: str, filters: Filters, most: int
    ) -> Sequence[tuple[hits.Recollection, str, float]]:
        """Messages nearest first, each with its nearest passage and its likeness."""
        ...
