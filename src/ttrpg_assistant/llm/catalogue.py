"""What the settings page and `models` list: providers, their state, their models.

Providers without a key are not called. All others are asked at the same time, each with a
limit, so one that does not answer delays nobody by more than that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from ttrpg_assistant.errors import ModelFault, Stalled
from ttrpg_assistant.llm.dialect import Dialect
from ttrpg_assistant.llm.keys import KeySource
from ttrpg_assistant.llm.ollama import OllamaProvider
from ttrpg_assistant.llm.ports import Provider
from ttrpg_assistant.llm.types import ModelDescription

PROBE_SECONDS = 0.3
"""How long an Ollama that nobody mentioned may take to say that it is there."""

LISTING_SECONDS = 6.0
KEEP_SECONDS = 60.0
"""How long a list of models is good for."""


@dataclass(frozen=True, slots=True)
class ProviderListing:
    """One provider as `list_models` shows it. It never contains a key."""

    name: str
    label: str
    needs_key: bool
    has_key: bool
    key_source: KeySource | None
    base_url: str | None
    base_url_is_fixed: bool
    models: tuple[ModelDescription, ...] = ()
    fault: ModelFault | None = None


class Listings:
    """Asks providers for their models, and remembers the answers for a minute."""

    def __init__(self) -> None:
        self._kept: dict[Provider, tuple[float, tuple[ModelDescription, ...]]] = {}

    def forget(self, provider: Provider) -> None:
        self._kept.pop(provider, None)

    async def ask(self, provider: Provider, *, fresh: bool = False) -> tuple[ModelDescription, ...]:
        """The provider's models, with what was learned meanwhile. Raises its `ModelFault`."""
        found = await self._ask(provider, fresh=fresh)
        if isinstance(provider, Dialect):
            return tuple(map(provider.with_learned, found))
        return found

    async def _ask(self, provider: Provider, *, fresh: bool) -> tuple[ModelDescription, ...]:
        now = asyncio.get_running_loop().time()
        kept = self._kept.get(provider)
        if kept is not None and not fresh and now - kept[0] < KEEP_SECONDS:
            return kept[1]
        models: Sequence[ModelDescription] | None = None
        try:
            async with asyncio.timeout(LISTING_SECONDS):
                models = await provider.list_models()
        except TimeoutError:
            pass
        if models is None:
            raise Stalled("The provider takes too long to list its models.")
        self._kept[provider] = (now, tuple(models))
        return tuple(models)

    async def probe(self, provider: OllamaProvider) -> tuple[ModelDescription, ...]:
        """The models of an Ollama that may or may not be there; empty when it is not."""
        if provider not in self._kept:
            try:
                async with asyncio.timeout(PROBE_SECONDS):
                    if not await provider.answers():
                        return ()
            except TimeoutError:
                return ()
        try:
            return await self.ask(provider)
        except ModelFault:
            return ()
