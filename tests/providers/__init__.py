"""Loopback servers that speak each provider's real wire format, byte for byte.

    async with AnthropicServer(Script(chunks=("Hi",))) as server:
        provider = AnthropicProvider(server.base_url, key)

    with OllamaServer(Script(stalls=(2,))).run_in_thread() as server:
        ...  # an application in another process, told server.base_url
        server.release()

`python -m tests.providers openai --chunks 1000 --pace 200` serves from a process of its own.
"""

from tests.providers.dialects import AnthropicServer, GeminiServer, OllamaServer, OpenAIServer
from tests.providers.http import ReceivedRequest
from tests.providers.script import ModelCard, Script, words
from tests.providers.server import ProviderServer

SERVERS: dict[str, type[ProviderServer]] = {
    "openai": OpenAIServer,
    "anthropic": AnthropicServer,
    "google": GeminiServer,
    "ollama": OllamaServer,
}

__all__ = [
    "SERVERS",
    "AnthropicServer",
    "GeminiServer",
    "ModelCard",
    "OllamaServer",
    "OpenAIServer",
    "ProviderServer",
    "ReceivedRequest",
    "Script",
    "words",
]
