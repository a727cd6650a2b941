"""Which providers there are, and which one a model choice means.

A choice is spelled `provider:name` (`anthropic:NAME`, `openai:NAME`, `google:NAME`,
`ollama:NAME`, `openai-compatible:NAME`) or `offline`. A provider that runs here may be named alone;
the choice is spelled in full all the same (`types.spell_choice`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ttrpg_assistant.errors import InvalidInput, ModelFault, NotConfigured
from ttrpg_assistant.llm.addresses import (
    DEFAULT_ADDRESSES,
    ProviderAddresses,
    origin_of,
    tidy_base_url,
)
from ttrpg_assistant.llm.anthropic import AnthropicProvider
from ttrpg_assistant.llm.catalogue import Listings, ProviderListing
from ttrpg_assistant.llm.dialect import DialectOptions
from ttrpg_assistant.llm.gemini import GeminiProvider
from ttrpg_assistant.llm.keys import Key, KeyRing, check_key
from ttrpg_assistant.llm.memory import ShortMemory
from ttrpg_assistant.llm.network import DIRECT, Network
from ttrpg_assistant.llm.ollama import OllamaProvider
from ttrpg_assistant.llm.openai import OpenAIProvider
from ttrpg_assistant.llm.ports import ModelMemory, Provider
from ttrpg_assistant.llm.types import ModelDescription, spell_choice

LABELS = {
    "offline": "Built in",
    "anthropic": "Anthropic (Claude)",
    "openai": "OpenAI",
    "google": "Google (Gemini)",
    "ollama": "Ollama",
    "openai-compatible": "OpenAI-compatible",
}
NEEDS_KEY = frozenset({"anthropic", "openai", "google"})
NETWORKED = ("anthropic", "openai", "google", "ollama", "openai-compatible")
MAX_CHOICE = 300


@dataclass(frozen=True, slots=True)
class _Access:
    """How a provider would be called now."""

    base_url: str | None
    is_fixed: bool
    key: Key | None


class ModelRegistry:
    """All providers of this installation; `app.py` makes one.

    `addresses` are the base URLs fixed by the environment, `extra` further providers by
    name (the scripted one). `idle_seconds` is how long a provider may be silent; None gives one
    at home more of it than one far away (`network.Patience`). `network` is how servers are
    reached. `memory` keeps what models refused, and ends with the process where none is given.
    """

    def __init__(
        self,
        addresses: ProviderAddresses,
        keys: KeyRing,
        offline: Provider,
        extra: Sequence[Provider] = (),
        *,
        idle_seconds: float | None = None,
        network: Network = DIRECT,
        memory: ModelMemory | None = None,
    ) -> None:
        self._addresses = addresses
        self._keys = keys
        self._idle_seconds = idle_seconds
        self._network = network
        self._memory: ModelMemory = ShortMemory() if memory is None else memory
        self._here: dict[str, Provider] = {offline.name: offline}
        self._here.update((provider.name, provider) for provider in extra)
        self._made: dict[str, tuple[_Access, Provider]] = {}
        self._retired: list[Provider] = []
        self._listings = Listings()

    # ---------------------------------------------------------------- choosing

    def get_provider(self, choice: str) -> tuple[Provider, str]:
        """The provider and the model name of a choice.

        Raises `InvalidInput` for something that is no choice, `NotConfigured` when the
        provider has no key or no address.
        """
        provider, model = parse_choice(choice, self._here)
        if provider in self._here:
            return self._here[provider], model
        return self._get_networked(provider), model

    def check_choice(self, choice: str) -> str:
        """The choice, tidied. `InvalidInput` when it names no provider or no model."""
        provider, model = parse_choice(choice, self._here)
        return spell_choice(provider, model)

    async def forget_learned(self, choice: str) -> None:
        """Find out anew what the model of a choice takes. Raises as `get_provider`, and
        `PersistenceUnavailable`."""
        provider, model = self.get_provider(choice)
        await provider.forget_learned(model)

    # ----------------------------------------------------------------- listing

    async def list_catalogue(self) -> list[ProviderListing]:
        """Every provider with its models or its fault, in a fixed order."""
        await asyncio.to_thread(self._read_keys)
        names = [*self._here, *NETWORKED]
        return list(await asyncio.gather(*map(self._list_one, names)))

    async def test_provider(self, name: str) -> Sequence[ModelDescription]:
        """The provider's models, asked for now: the test of key and address.

        Raises the `ModelFault` that it answers with, `InvalidInput` for no provider.
        """
        self._check_name(name)
        if name in self._here:
            return await self._here[name].list_models()
        await asyncio.to_thread(self._read_keys)
        return await self._listings.ask(self._get_networked(name), fresh=True)

    def describe_access(self, name: str) -> ProviderListing:
        """The provider's key and address state, without asking it for anything."""
        self._check_name(name)
        if name in self._here:
            return ProviderListing(name, LABELS.get(name, name), False, False, None, None, True)
        access = self._access(name)
        source = None if access.key is None else access.key.source
        return ProviderListing(
            name=name,
            label=LABELS[name],
            needs_key=name in NEEDS_KEY,
            has_key=access.key is not None,
            key_source=source,
            base_url=access.base_url,
            base_url_is_fixed=access.is_fixed,
        )

    # -------------------------------------------------------------------- keys

    async def replace_key(
        self, name: str, key: str, base_url: str | None = None
    ) -> ProviderListing:
        """Keep a key, and the address it is for; the state after it.

        Without an address the key is for the one in use. An empty key keeps the address
        alone, for providers that need none. Raises `InvalidInput`, `PersistenceUnavailable`.
        """
        self._check_name(name)
        if name in self._here:
            raise InvalidInput("The built-in model needs no key.", code="invalid_provider")
        key = key.strip()
        if key:
            check_key(key)
        elif name in NEEDS_KEY:
            raise InvalidInput("The key is empty.", code="invalid_key")
        access = self._access(name)
        wanted = tidy_base_url(name, base_url) if base_url else access.base_url
        if wanted is None:
            raise InvalidInput("The address is missing.", code="invalid_base_url")
        if access.is_fixed and wanted != access.base_url:
            raise InvalidInput(
                "The address is set by the environment and cannot be changed here.",
                code="base_url_is_fixed",
            )
        await asyncio.to_thread(self._keys.store_key, name, key, wanted)
        self._retire(name)
        return self.describe_access(name)

    async def forget_key(self, name: str) -> ProviderListing:
        """Remove a stored key and its address; the state after it."""
        self._check_name(name)
        await asyncio.to_thread(self._keys.forget_key, name)
        self._retire(name)
        return self.describe_access(name)

    async def aclose(self) -> None:
        """Close every connection, also of answers that are still running."""
        made = [provider for _, provider in self._made.values()]
        for provider in (*made, *self._retired, *self._here.values()):
            await provider.aclose()
        self._retired.clear()

    # ----------------------------------------------------------------- private

    async def _list_one(self, name: str) -> ProviderListing:
        models: tuple[ModelDescription, ...] = ()
        fault: ModelFault | None = None
        try:
            entry = self.describe_access(name)
        except NotConfigured as reason:
            needs = name in NEEDS_KEY
            return ProviderListing(name, LABELS[name], needs, False, None, None, True, fault=reason)
        try:
            if name in self._here:
                models = tuple(await self._here[name].list_models())
            elif entry.base_url is not None and (entry.has_key or not entry.needs_key):
                provider = self._get_networked(name)
                if isinstance(provider, OllamaProvider) and self._is_unasked(name):
                    models = await self._listings.probe(provider)
                else:
                    models = await self._listings.ask(provider)
        except ModelFault as reason:
            fault = reason
        return replace(entry, models=models, fault=fault)

    def _is_unasked(self, name: str) -> bool:
        return self._addresses.find(name) is None and self._keys.find_base_url(name) is None

    def _access(self, name: str) -> _Access:
        problem = None
        try:
            fixed = self._addresses.find(name)
        except InvalidInput as reason:
            problem = reason.sentence
        if problem is not None:
            raise NotConfigured(
                f"The address of {LABELS[name]} in the environment cannot be used. {problem}",
                cure="Correct it and start again.",
            )
        base_url = fixed or self._keys.find_base_url(name) or DEFAULT_ADDRESSES.get(name)
        return _Access(base_url, fixed is not None, self._find_key(name, base_url))

    def _find_key(self, name: str, base_url: str | None) -> Key | None:
        if base_url is None:
            return None
        origin = origin_of(base_url)
        for key in (self._keys.find_key(name), self._keys.find_saved_key(name)):
            if key is None:
                continue
            home = key.base_url or self._addresses.find(name) or DEFAULT_ADDRESSES.get(name)
            # A key from the environment stays with the environment's address.
            if home is not None and origin_of(home) == origin:
                return key
        return None

    def _get_networked(self, name: str) -> Provider:
        access = self._access(name)
        if access.base_url is None:
            raise NotConfigured(
                f"{LABELS[name]} has no address yet.", cure="Enter its address in Settings."
            )
        if access.key is None and name in NEEDS_KEY:
            raise NotConfigured(f"There is no key for {LABELS[name]} yet.")
        made = self._made.get(name)
        if made is not None and made[0] == access:
            return made[1]
        self._retire(name)
        provider = self._make(name, access.base_url, access.key)
        self._made[name] = (access, provider)
        return provider

    def _make(self, name: str, base_url: str, key: Key | None) -> Provider:
        options: DialectOptions = {
            "idle_seconds": self._idle_seconds,
            "network": self._network,
            "memory": self._memory,
        }
        if name == "anthropic":
            return AnthropicProvider(base_url, key, **options)
        if name == "google":
            return GeminiProvider(base_url, key, **options)
        if name == "ollama":
            return OllamaProvider(base_url, key, **options)
        label = "OpenAI" if name == "openai" else "The model's server"
        return OpenAIProvider(base_url, key, name=name, label=label, **options)

    def _retire(self, name: str) -> None:
        made = self._made.pop(name, None)
        if made is not None:
            # Answers that are running keep their connection until they end.
            self._listings.forget(made[1])
            self._retired.append(made[1])

    def _read_keys(self) -> None:
        for name in NETWORKED:
            self._keys.find_saved_key(name)

    def _check_name(self, name: str) -> None:
        if name not in self._here and name not in NETWORKED:
            raise InvalidInput("There is no provider of that name.", code="invalid_provider")


def parse_choice(choice: str, here: Mapping[str, object]) -> tuple[str, str]:
    """`(provider, model)` of a choice. Raises `InvalidInput`.

    A provider that runs here (offline, scripted) may stand alone and is its own model.
    """
    choice = choice.strip()
    provider, colon, model = choice.partition(":")
    model = model.strip()
    if provider in here and not colon:
        return provider, provider
    printable = model.isprintable() and len(choice) <= MAX_CHOICE
    if not model or not printable or (provider not in here and provider not in NETWORKED):
        raise InvalidInput(
            "A model is chosen as “offline” or “provider:name”, for example"
            " “anthropic:claude-sonnet-4-5”.",
            code="invalid_model_choice",
        )
    return provider, model
