"""Takes up which model was chosen, what was set and what was learned on other servers."""

from __future__ import annotations

import structlog

from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.model_choice import ModelChoice
from ttrpg_assistant.model_memory import LEARNED, SetModels, StoredMemory

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 5.0


class SharedModels:
    """Runs beside a server that shares its database."""

    def __init__(
        self, changes: Changes, choice: ModelChoice, memory: StoredMemory, settings: SetModels
    ) -> None:
        self._changes = changes
        self._choice = choice
        self._memory = memory
        self._settings = settings

    async def run(self) -> None:
        """For ever: read anew what another server says it has changed."""
        was_chosen = was_learned = False
        async for hint in self._changes.follow(AGAIN_SECONDS, "elsewhere", _is_of_models):
            name = None if hint is None else hint[0]
            was_chosen = was_chosen or name == "models"
            was_learned = was_learned or name == LEARNED[0]
            if not (was_chosen or was_learned):
                continue
            try:
                await self._memory.load()
                if was_chosen:
                    await self._settings.load()
                    await self._choice.reload()
            except PersistenceUnavailable as fault:
                log.warning("models.not_shared", code=fault.code)
                continue  # Tried again at the next hint, or when there is none for a while.
            if was_chosen:
                # A page that heard of it at once may have asked before it was in force here.
                self._changes.announce_here("models", {})
            was_chosen = was_learned = False


def _is_of_models(hint: Hint) -> bool:
    return hint[0] in ("models", LEARNED[0])
