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
from ttrpg_assistant.llm.types import (
    Finished,
    ModelEvent,
    ModelRequest,
    PromptMessage,
    Reclassified,
    TextDelta,
    ThinkingDelta,
    Usage,
)

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
        """The text of the answer, without what turned out to be thinking."""
        return self._collect()[0]

    @property
    def thinking(self) -> str:
        return self._collect()[1]

    @property
    def usage(self) -> Usage | None:
        return next((e for e in reversed(self.events) if isinstance(e, Usage)), None)

    @property
    def ended(self) -> str | None:
        """How it ended, None where it was not said to be whole."""
        last = self.events[-1] if self.events else None
        return last.reason if isinstance(last, Finished) else None

    def _collect(self) -> tuple[str, str]:
        text = thinking = ""
        for event in self.events:
            if isinstance(event, TextDelta):
                text += event.text
            elif isinstance(event, ThinkingDelta):
                thinking += event.text
            elif isinstance(event, Reclassified) and event.now == "thinking":
                text, thinking = "", thinking + text
            elif isinstance(event, Reclassified):
                text, thinking = thinking + text, ""
        return text, thinking


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
