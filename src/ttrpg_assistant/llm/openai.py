"""OpenAI's chat completions, and every server that speaks them.

Used for OpenAI and for OpenRouter, LM Studio, llama.cpp, vLLM and their like. Those differ
in what they leave out, so little is required: usage may be missing, and either a
`finish_reason` or `[DONE]` says how the answer ended.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from functools import partial
from typing import Any

import httpx2
import msgspec

from ttrpg_assistant.errors import BadAnswer
from ttrpg_assistant.llm.addresses import origin_of
from ttrpg_assistant.llm.answers import relay
from ttrpg_assistant.llm.dialect import Dialect, role_messages
from ttrpg_assistant.llm.keys import Key
from ttrpg_assistant.llm.model_sizes import careful_context_tokens, known_context_tokens
from ttrpg_assistant.llm.network import DIRECT, Network
from ttrpg_assistant.llm.reading import Reading
from ttrpg_assistant.llm.types import ModelDescription, ModelEvent, ModelRequest
from ttrpg_assistant.llm.wire import CONNECT_SECONDS
from ttrpg_assistant.llm.wire_decoding import SseDecoder

OPENAI_ORIGIN = "https://api.openai.com:443"

OPTIONAL: Mapping[str, str | None] = {
    "stream_options": None,
    "temperature": None,
    "max_tokens": "max_completion_tokens",
    "max_completion_tokens": "max_tokens",
}
"""What may be left out, or called otherwise, when a model does not take it."""

_NEW_STYLE = ("o1", "o3", "o4", "gpt-5", "gpt-6")
_NOT_FOR_TALK = (
    "embed", "whisper", "tts", "audio", "realtime", "transcribe", "image", "dall-e",
    "moderation", "instruct", "codex", "rerank", "sora", "babbage", "davinci",
)  # fmt: skip


class _Delta(msgspec.Struct):
    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None


class _Choice(msgspec.Struct):
    delta: _Delta
    finish_reason: str | None = None


class _Chunk(msgspec.Struct):
    """The usual payload; every other form goes to `Reading.read_odd`."""

    choices: list[_Choice]
    usage: dict[str, Any] | None = None
    error: Any = None


class _Meta(msgspec.Struct):
    n_ctx: int | None = None
    n_ctx_train: int | None = None


class _Model(msgspec.Struct):
    id: str
    context_length: int | None = None
    max_model_len: int | None = None
    context_window: int | None = None
    max_context_length: int | None = None
    meta: _Meta | None = None

    @property
    def context_tokens(self) -> int | None:
        meta = self.meta or _Meta()
        return (
            self.context_length
            or self.max_model_len
            or self.context_window
            or self.max_context_length
            or meta.n_ctx
            or meta.n_ctx_train
        )


class _Listing(msgspec.Struct):
    data: list[_Model]


_CHUNKS = msgspec.json.Decoder(_Chunk)


class OpenAIReader(Reading):
    """What one stream of `chat.completion.chunk`s has said."""

    __slots__ = ()

    def read(self, payload: bytes) -> str:
        try:
            chunk = _CHUNKS.decode(payload)
        except msgspec.MsgspecError:
            if payload.startswith(b"[DONE]"):
                self.close()
                return ""
            return self.read_odd(payload)
        choices = chunk.choices
        if not choices or chunk.error is not None:
            return self.read_odd(payload)
        choice = choices[0]
        delta = choice.delta
        text = delta.content
        if delta.reasoning_content or delta.reasoning or not text:
            return self.read_odd(payload)
        self._spoke = True
        if chunk.usage:
            self.count(chunk.usage)
        if choice.finish_reason:
            self.end(choice.finish_reason)
        return text


class OpenAIProvider(Dialect):
    """OpenAI (`openai`), or any compatible address (`openai-compatible`)."""

    def __init__(
        self,
        base_url: str,
        key: Key | None = None,
        *,
        name: str = "openai",
        label: str = "OpenAI",
        idle_seconds: float | None = None,
        connect_seconds: float = CONNECT_SECONDS,
        network: Network = DIRECT,
    ) -> None:
        super().__init__(
            base_url,
            key,
            name=name,
            label=label,
            idle_seconds=idle_seconds,
            connect_seconds=connect_seconds,
            network=network,
        )
        self._is_openai = origin_of(base_url) == OPENAI_ORIGIN
        self._sizes: dict[str, int | None] | None = None

    def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """Answer the request, piece by piece (see `Provider.stream`)."""
        reader = OpenAIReader(self._wire.label, self._wire.secret)
        habit = self._habits.of(request)
        return relay(self._wire, partial(self._ask, request), SseDecoder(), reader, habit)

    async def list_models(self) -> Sequence[ModelDescription]:
        """The models of `/models` that hold a conversation."""
        models = (await self._wire.get("/models", _Listing)).data
        self._sizes = {model.id: model.context_tokens for model in models}
        return [
            ModelDescription(self.name, model.id, self._size(model.id, model.context_tokens))
            for model in sorted(models, key=lambda model: model.id)
            if self._talks(model.id)
        ]

    async def _find_context_tokens(self, model: str) -> int:
        """By OpenAI's known sizes, else what `/models` says, else 8,192."""
        if self.name == "openai" and (known := known_context_tokens("openai", model)):
            return known
        if self._sizes is None:
            await self._find(self.list_models)
        found = (self._sizes or {}).get(model)
        return found or careful_context_tokens(self.name)

    async def _ask(self, request: ModelRequest) -> httpx2.Response:
        body: dict[str, Any] = {
            "model": request.model,
            "messages": role_messages(request, system_first=True),
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if request.max_tokens is not None:
            new_style = self._is_openai or request.model.startswith(_NEW_STYLE)
            body["max_completion_tokens" if new_style else "max_tokens"] = request.max_tokens
        if request.temperature is not None:
            body["temperature"] = request.temperature
        return await self._open("/chat/completions", body, OPTIONAL, request.model)

    def _find_blamed(
        self, fault: BadAnswer, body: Mapping[str, Any], optional: Mapping[str, str | None]
    ) -> str | None:
        blamed = super()._find_blamed(fault, body, optional)
        refused = fault.facts.get("status") in (400, 422)
        if blamed is None and refused and not self._is_openai and "stream_options" in body:
            # Some servers refuse what they do not know without naming it.
            return "stream_options"
        return blamed

    def _size(self, model: str, said: int | None) -> int | None:
        return said or (known_context_tokens("openai", model) if self.name == "openai" else None)

    def _talks(self, model: str) -> bool:
        marks = _NOT_FOR_TALK if self._is_openai else ("embed", "rerank", "whisper")
        return not any(mark in model.lower() for mark in marks)
