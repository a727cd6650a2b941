"""The four dialects, each with its loopback server, for tests that hold for all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.providers import SERVERS, ProviderServer, Script
from ttrpg_assistant.errors import ModelFault
from ttrpg_assistant.llm.anthropic import AnthropicProvider
from ttrpg_assistant.llm.gemini import GeminiProvider
from ttrpg_assistant.llm.keys import Key
from ttrpg_assistant.llm.ollama import OllamaProvider
from ttrpg_assistant.llm.openai import OpenAIProvider
from ttrpg_assistant.llm.types import ModelEvent, ModelRequest, PromptMessage, TextDelta

PROVIDERS: dict[str, Any] = {
    "openai": OpenAIProvider,
    "anthropic": AnthropicProvider,
    "google": GeminiProvider,
    "ollama": OllamaProvider,
}
NAMES = tuple(PROVIDERS)
CANARY = "sk-canary-5f3a9d0c77e14b62a1"

REQUEST = ModelRequest("test-model", "Be brief.", (PromptMessage("user", "Who goes there?"),))


@dataclass
class Heard:
    """All that one answer said."""

    events: list[ModelEvent]
    fault: ModelFault | None

    @property
    def text(self) -> str:
        return "".join(e.text for e in self.events if isinstance(e, TextDelta))


def make_provider(name: str, base_url: str, secret: str | None = None, **more: Any) -> Any:
    key = None if secret is None else Key(name, secret, "environment")
    return PROVIDERS[name](base_url, key, **more)


@asynccontextmanager
async def talking(
    name: str, *scripts: Script, secret: str | None = None, **more: Any
) -> AsyncIterator[tuple[Any, ProviderServer]]:
    """A provider and the server it talks to."""
    async with SERVERS[name](*scripts) as server:
        provider = make_provider(name, server.base_url, secret, **more)
        try:
            yield provider, server
        finally:
            await provider.aclose()


async def hear(provider: Any, request: ModelRequest = REQUEST) -> Heard:
    """Listen to one answer to its end or its fault."""
    events: list[ModelEvent] = []
    try:
        async with aclosing(provider.stream(request)) as stream:
            async for event in stream:
                events.append(event)
    except ModelFault as fault:
        return Heard(events, fault)
    return Heard(events, None)
