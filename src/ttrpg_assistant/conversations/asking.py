"""The moment from which a model is asked for a question that waited."""

from __future__ import annotations

import asyncio

from ttrpg_assistant.conversations.model import Turn
from ttrpg_assistant.conversations.store import turns
from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.storage.database import Database

CLAIM_RETRY_SECONDS = 5.0
"""The wait between attempts to start what is next, while nothing can be stored."""


class Asking:
    """The moment from which the model is asked for a turn that waited.

    It is stored first. A server that dies earlier leaves a question that was never sent, which the
    next server asks; one that dies later leaves a reply that was cut (`recovery`).
    """

    def __init__(self, database: Database, turn: Turn) -> None:
        self._database = database
        self._turn = turn
        self.began = False

    async def begin(self) -> bool:
        """Note it, once that can be stored. False: another server has the turn now."""
        while not self.began:
            self.began = True  # Also when this is cancelled while it is being stored.
            try:
                return await self._database.write(lambda tx: turns.note_asked(tx, self._turn))
            except PersistenceUnavailable:
                self.began = False
                await asyncio.sleep(CLAIM_RETRY_SECONDS)
        return True
