"""Which model answers: fixed by the settings, or chosen on the page and remembered."""

from __future__ import annotations

from ttrpg_assistant.llm.registry import ModelRegistry
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.preferences import find_preference, put_preference

PREFERENCE = "model"
BUILT_IN = "offline"


class ModelChoice:
    """The model that answers now, as `provider:name`."""

    def __init__(self, database: Database, models: ModelRegistry, fixed: str | None) -> None:
        self._database = database
        self._models = models
        self._chosen = fixed or BUILT_IN
        self.is_fixed = fixed is not None
        """Whether flag, environment or config file decided; a choice on the page still wins
        until the next start."""

    @property
    def current(self) -> str:
        """The choice in force."""
        return self._chosen

    async def load(self) -> None:
        """Take up what was chosen before, unless the settings say otherwise."""
        if self.is_fixed:
            return
        kept = await self._database.read(lambda tx: find_preference(tx, PREFERENCE))
        if isinstance(kept, str):
            self._chosen = kept

    async def choose(self, choice: str) -> None:
        """Let this model answer from now on, and remember it. `InvalidInput` for no model."""
        choice = self._models.check_choice(choice)
        await self._database.write(lambda tx: put_preference(tx, PREFERENCE, choice))
        self._chosen = choice
