"""A model server on loopback, like llama.cpp, whose answers depend on the prompt."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from tests.providers.dialects import OpenAIServer
from tests.providers.http import ReceivedRequest
from tests.providers.script import Script

WINDOW = 4_096
"""Tokens that a small model reads."""


class MindedServer(OpenAIServer):
    """Answers each request by what `mind` makes of the whole prompt and of its last message."""

    def __init__(self, mind: Callable[[str, str], str | Script]) -> None:
        super().__init__()
        self._mind = mind
        self.longest = self.characters = 0
        """Characters of the longest prompt, and of all."""

    @property
    def environment(self) -> dict[str, str]:
        """What makes a server in a process of its own use this model."""
        return {
            "TTRPG_MODEL": "openai-compatible:test-model",
            "TTRPG_COMPATIBLE_BASE_URL": self.base_url,
            "TTRPG_CONTEXT_TOKENS": str(WINDOW),
        }

    async def _answer(
        self,
        request: ReceivedRequest,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        messages = request.body["messages"]
        prompt = "\n".join(str(one["content"]) for one in messages)
        self.longest = max(self.longest, len(prompt))
        self.characters += len(prompt)
        answer = self._mind(prompt, str(messages[-1]["content"]))
        self.scripts = deque([answer if isinstance(answer, Script) else Script(chunks=(answer,))])
        return await super()._answer(request, reader, writer)
