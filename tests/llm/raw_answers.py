"""Servers that send exactly these bytes, over loopback, and answers without any server."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any

from tests.llm.dialect_cases import Heard, hear, make_provider
from tests.providers import SERVERS, Script
from tests.providers.script import End
from ttrpg_assistant.errors import ModelFault
from ttrpg_assistant.llm.answer_text import Habit
from ttrpg_assistant.llm.answers import relay
from ttrpg_assistant.llm.anthropic import AnthropicReader
from ttrpg_assistant.llm.gemini import GeminiReader
from ttrpg_assistant.llm.ollama import OllamaReader
from ttrpg_assistant.llm.openai import OpenAIReader
from ttrpg_assistant.llm.wire_decoding import LineDecoder, SseDecoder

READERS: dict[str, Any] = {
    "openai": OpenAIReader,
    "anthropic": AnthropicReader,
    "google": GeminiReader,
    "ollama": OllamaReader,
}


def event(value: object) -> str:
    """One server-sent event."""
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def chunk(text: str | None = None, finish: object = None, **more: object) -> str:
    """One usual piece of a chat completion."""
    delta = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return event({"choices": [choice], **more})


DONE = "data: [DONE]\n\n"


async def hear_raw(
    name: str, *pieces: str, end: End = "fin", kind: str | None = None, chunked: bool = True
) -> Heard:
    """What the dialect hears of a server whose answer is these pieces, byte for byte."""

    class Raw(SERVERS[name]):  # type: ignore[misc, name-defined]
        def opening(self, script: Script) -> list[bytes]:
            return []

        def event(self, text: str) -> bytes:
            return text.encode()

    script = Script(chunks=pieces, end=end, content_type=kind, chunked=chunked)
    async with Raw(script) as server:
        provider = make_provider(name, server.base_url)
        try:
            return await hear(provider)
        finally:
            await provider.aclose()


class _Bytes:
    """In the place of a `Wire`: a body that comes in these pieces, then ends or breaks."""

    label = "The server"
    secret: str | None = None

    def __init__(self, pieces: Sequence[bytes], fault: Exception | None) -> None:
        self._pieces = pieces
        self._fault = fault

    async def read(self, response: object) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece
        if self._fault is not None:
            raise self._fault


class _Response:
    def __init__(self, delimited: bool) -> None:
        self.headers = {"transfer-encoding": "chunked"} if delimited else {}

    async def aclose(self) -> None:
        """Nothing is open."""


async def hear_bytes(
    name: str,
    pieces: Sequence[bytes],
    *,
    fault: Exception | None = None,
    delimited: bool = True,
    habit: Habit | None = None,
) -> Heard:
    """The same without a socket: thousands of answers a second."""

    async def open_answer() -> Any:
        return _Response(delimited)

    wire: Any = _Bytes(pieces, fault)
    decoder = LineDecoder() if name == "ollama" else SseDecoder()
    heard = Heard([], None)
    try:
        async with aclosing(
            relay(wire, open_answer, decoder, READERS[name]("The server"), habit)
        ) as events:
            async for said in events:
                heard.events.append(said)
    except ModelFault as reason:
        heard.fault = reason
    return heard
