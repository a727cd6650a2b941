"""How much a model reads where nobody knows it: found out by one long prompt at a time.

While a context size is only assumed, or said by a list that may speak of another server, a prompt
longer than any before may be refused. Two of them under way together would both be refused before
either has taught anything. So the second one waits until the first is being answered or has
failed, and is not sent at all where that taught a size that it does not fit.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

from ttrpg_assistant.conversations.answerer import Answerer
from ttrpg_assistant.errors import ContextTooLong
from ttrpg_assistant.llm.types import ModelEvent, ModelRequest, Waiting

_SURE: Final = ("asked", "learned")
_OWN_SERVERS: Final = "openai-compatible:"
"""Here lists and settings are often wrong: they name what a model was made for, not how its
server was started."""


class NotReadYet(Exception):
    """The prompt is longer than any that the model has read, and must not be the first."""


class FirstReads:
    """The longest prompt, in estimated tokens, that each model of unsure size has read."""

    def __init__(self) -> None:
        self._longest: dict[str, int] = {}
        self._reading: dict[str, asyncio.Lock] = {}
        self._taught: dict[str, int] = {}
        """What a refusal said last. A prompt may have been made before that."""

    def is_first(self, answerer: Answerer, tokens: int) -> bool:
        """Whether a prompt is the first of its length for a model whose size is not sure."""
        if answerer.context_source in _SURE:
            return False
        if answerer.context_source != "assumed" and not answerer.choice.startswith(_OWN_SERVERS):
            return False
        return tokens > self._longest.get(answerer.choice, 0)

    def stream(
        self, answerer: Answerer, request: ModelRequest, tokens: int
    ) -> AsyncGenerator[ModelEvent]:
        """What the model answers to a prompt of so many tokens (see `Provider.stream`).

        Raises `ContextTooLong` without a call where another prompt has just taught a smaller size.
        """
        if self.is_first(answerer, tokens):
            return self._stream_alone(answerer, request, tokens)
        return answerer.provider.stream(request)

    async def _stream_alone(
        self, answerer: Answerer, request: ModelRequest, tokens: int
    ) -> AsyncGenerator[ModelEvent]:
        reading = self._reading.setdefault(answerer.choice, asyncio.Lock())
        await reading.acquire()
        alone = True
        try:
            if self._taught.get(answerer.choice, answerer.context_tokens) < answerer.context_tokens:
                await _check_size(answerer, request)
            async with aclosing(answerer.provider.stream(request)) as events:
                async for event in events:
                    if alone and not isinstance(event, Waiting):
                        longest = self._longest.get(answerer.choice, 0)
                        self._longest[answerer.choice] = max(longest, tokens)
                        reading.release()
                        alone = False
                    yield event
        except ContextTooLong as fault:
            size = fault.facts.get("context_tokens")
            if isinstance(size, int):
                self._taught[answerer.choice] = size
            raise
        finally:
            if alone:
                reading.release()


async def _check_size(answerer: Answerer, request: ModelRequest) -> None:
    """Raise where the model's size has become known, and is smaller than was counted on."""
    model = await answerer.provider.describe_model(answerer.name)
    size = model.context_tokens
    if model.context_source == "learned" and size is not None and size < answerer.context_tokens:
        raise ContextTooLong(
            ContextTooLong.default_sentence,
            facts={"context_tokens": size, "calls": request.calls_made},
        )
