"""Which model answers: fixed by the settings, or chosen on the page and remembered."""

from __future__ import annotations

from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.llm.registry import ModelRegistry
from ttrpg_assistant.llm.types import BUILT_IN
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.preferences import find_preference, put_preference

PREFERENCE = "model"


class ModelChoice:
    """The model that answers now, as `provider:name`."""

    def __init__(
        self,
        database: Database,
        models: ModelRegistry,
        fixed: str | None,
        changes: Changes | None = None,
    ) -> None:
        self._database = database
        self._changes = changes or Changes()
        self._models = models
        self._chosen = BUILT_IN if fixed is None else self._tidy(fixed)
        self.is_fixed = fixed is not None
        """Whether flag, environment or config file decided; a choice on the page still wins
        until the next start."""

    @property
    def current(self) -> str:
        """The choice in force."""
        return self._chosen

    async def load(self) -> None:
        """Take up what was chosen before, unless the settings say otherwise."""
        if not self.is_fixed:
            await self.reload()

    async def reload(self) -> None:
        """Take up what was chosen on a page of another server."""
        kept = await self._database.read(lambda tx: find_preference(tx, PREFERENCE))
        if isinstance(kept, str):
            self._chosen = self._tidy(kept)

    def _tidy(self, choice: str) -> str:
        """The one spelling of a choice. One that means no model here is kept: whoever asks it says
        what is wrong."""
        try:
            return self._models.check_choice(choice)
        except InvalidInput:
            return choice

    async def choose(self, choice: str) -> None:
        """Let this model answer from now on, and remember it. `InvalidInput` for no model."""
        choice = self._models.check_choice(choice)
        await self._changes.write(
            self._database,
            lambda tx: put_preference(tx, PREFERENCE, choice),
            lambda _: [("models", {})],
            tell_here=False,  # It is in force a line below.
        )
        self._chosen = choice
