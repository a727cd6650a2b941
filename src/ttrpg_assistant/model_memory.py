"""Keeps what was learned about models and what a game master set for them, across restarts.

Both are small and read once at the start; after that the database is only written.
"""

from __future__ import annotations

import msgspec
import structlog

from ttrpg_assistant.errors import InvalidInput, PersistenceUnavailable
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.llm.memory import Learned, ModelSettings, ShortMemory
from ttrpg_assistant.llm.prices import MOST_DOLLARS
from ttrpg_assistant.setting_values import SMALLEST_ANSWER_TOKENS, SMALLEST_CONTEXT_TOKENS
from ttrpg_assistant.storage import model_rows
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

LEARNED: Hint = ("learned", {})
"""What is sent to other servers when a model was learned about. Pages do not listen for it."""

MOST_TOKENS = 20_000_000
LONGEST_ADDRESS = 500
LONGEST_NAME = 300


class StoredMemory(ShortMemory):
    """What models refused, in memory and in the database (`llm.memory.ModelMemory`)."""

    def __init__(self, database: Database, changes: Changes | None = None) -> None:
        super().__init__()
        self._database = database
        self._changes = changes or Changes()

    async def load(self) -> None:
        """Read what was learned before, here or by another server. A row that cannot be read is
        learned again."""
        rows = await self._database.read(model_rows.list_learned)
        there = {(address, model) for address, model, _ in rows}
        self._learned = {
            key: value
            for key, value in self._learned.items()
            if key in there or not _is_storable(*key)
        }
        for address, model, value in rows:
            try:
                learned = msgspec.convert(value, Learned)
            except msgspec.ValidationError:
                log.warning("models.memory_unreadable", model=model)
                continue
            await super().remember(address, model, learned)

    async def remember(self, address: str, model: str, learned: Learned) -> None:
        """Keep it. What cannot be stored is kept until the process ends."""
        await super().remember(address, model, learned)
        if not _is_storable(address, model):
            return
        value = msgspec.to_builtins(learned)
        try:
            await self._changes.write(
                self._database,
                lambda tx: model_rows.put_learned(tx, address, model, value),
                lambda _: [LEARNED],
            )
        except PersistenceUnavailable as fault:
            log.warning("models.memory_not_stored", code=fault.code)

    async def forget(self, address: str, model: str) -> None:
        """Find everything out anew. Raises `PersistenceUnavailable`, and forgets nothing then."""
        await self._changes.write(
            self._database,
            lambda tx: model_rows.delete_learned(tx, address, model),
            lambda _: [LEARNED],
        )
        await super().forget(address, model)

    async def forget_window(self, model: str) -> None:
        """Find a model's window out again: what refusals taught about its size is dropped."""
        for (address, name), learned in list(self._learned.items()):
            if name == model and learned.context_tokens is not None:
                forgotten = msgspec.structs.replace(
                    learned, context_tokens=None, listed_tokens=None
                )
                await self.remember(address, name, forgotten)


def _is_storable(address: str, model: str) -> bool:
    return len(address) <= LONGEST_ADDRESS and len(model) <= LONGEST_NAME


class SetModels:
    """What a game master set for models: sizes, effort and price."""

    def __init__(self, database: Database, changes: Changes | None = None) -> None:
        self._database = database
        self._changes = changes or Changes()
        self._settings: dict[str, ModelSettings] = {}

    async def load(self) -> None:
        """Read what was set before, here or on another server."""
        found: dict[str, ModelSettings] = {}
        for choice, value in await self._database.read(model_rows.list_model_settings):
            try:
                found[choice] = msgspec.convert(value, ModelSettings)
            except msgspec.ValidationError:
                log.warning("models.settings_unreadable", choice=choice)
        self._settings = found

    def find(self, choice: str) -> ModelSettings:
        """What is set for a choice; everything None where nothing is."""
        return self._settings.get(choice, ModelSettings())

    async def replace(self, choice: str, settings: ModelSettings) -> None:
        """Keep these settings for a choice. Raises `InvalidInput`, and changes nothing then."""
        check_settings(settings)
        value = {
            name: part for name, part in msgspec.to_builtins(settings).items() if part is not None
        }
        await self._changes.write(
            self._database,
            lambda tx: model_rows.put_model_settings(tx, choice, value),
            lambda _: [("models", {})],
            tell_here=False,  # It is in force a line below.
        )
        self._settings[choice] = settings


def check_settings(settings: ModelSettings) -> None:
    """Raises `InvalidInput` for a size or a price that cannot be meant."""
    size, answer, price = settings.context_tokens, settings.answer_tokens, settings.price
    if size is not None and not SMALLEST_CONTEXT_TOKENS <= size <= MOST_TOKENS:
        raise InvalidInput(
            f"A context size is {SMALLEST_CONTEXT_TOKENS} to {MOST_TOKENS} tokens.",
            code="invalid_context_tokens",
        )
    if answer is not None and not SMALLEST_ANSWER_TOKENS <= answer <= MOST_TOKENS:
        raise InvalidInput(
            f"An answer limit is {SMALLEST_ANSWER_TOKENS} to {MOST_TOKENS} tokens.",
            code="invalid_answer_tokens",
        )
    if price is not None and not all(
        0 <= amount <= MOST_DOLLARS
        for amount in (price.tokens_in, price.tokens_cached, price.tokens_out)
    ):
        raise InvalidInput(
            "A price is a number of US dollars per million tokens, 0 or more.",
            code="invalid_price",
        )
