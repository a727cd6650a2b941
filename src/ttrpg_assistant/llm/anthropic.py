"""Anthropic's messages stream: `message_stop` is the terminal marker."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from functools import partial
from typing import Any

import httpx2
import msgspec

from ttrpg_assistant.llm.answers import relay
from ttrpg_assistant.llm.dialect import Dialect, clean_text, role_messages
from ttrpg_assistant.llm.keys import Key
from ttrpg_assistant.llm.model_sizes import careful_context_tokens, known_context_tokens
from ttrpg_assistant.llm.network import DIRECT, Network
from ttrpg_assistant.llm.types import FinishReason, ModelDescription, ModelEvent, ModelRequest
from ttrpg_assistant.llm.wire import CONNECT_SECONDS
from ttrpg_assistant.llm.wire_decoding import SseDecoder, decode_payload
from ttrpg_assistant.llm.wire_faults import spoken_fault

VERSION = "2023-06-01"

DEFAULT_MAX_TOKENS = 8_192
"""The provider demands a limit; the oldest models take half of this one."""

_OLDEST = ("claude-3-opus", "claude-3-sonnet", "claude-3-haiku", "claude-2", "claude-instant")
_OPTIONAL: Mapping[str, str | None] = {"temperature": None}
_ENDS: Mapping[str, FinishReason] = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "filtered",
}


class _Usage(msgspec.Struct):
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None


class _Message(msgspec.Struct):
    usage: _Usage | None = None


class _Delta(msgspec.Struct):
    text: str | None = None
    stop_reason: str | None = None


class _Block(msgspec.Struct):
    text: str | None = None


class _Event(msgspec.Struct):
    type: str
    delta: _Delta | None = None
    content_block: _Block | None = None
    message: _Message | None = None
    usage: _Usage | None = None
    error: Any = None


class _Model(msgspec.Struct):
    id: str
    max_input_tokens: int | None = None


class _Listing(msgspec.Struct):
    data: list[_Model]


_EVENTS = msgspec.json.Decoder(_Event)


class AnthropicReader:
    """What one messages stream has said. Thinking blocks are not part of the answer."""

    __slots__ = ("_label", "_secret", "_stop", "closed", "reason", "tokens_in", "tokens_out")

    def __init__(self, label: str, secret: str | None) -> None:
        self._label = label
        self._secret = secret
        self._stop: str | None = None
        self.reason: FinishReason | None = None
        self.closed = False
        self.tokens_in: int | None = None
        self.tokens_out: int | None = None

    def read(self, payload: bytes) -> str:
        event = decode_payload(_EVENTS, payload)
        kind = event.type
        if kind == "content_block_delta":
            return (event.delta.text or "") if event.delta is not None else ""
        if kind == "content_block_start":
            return (event.content_block.text or "") if event.content_block is not None else ""
        if kind == "message_start":
            if event.message is not None:
                self._count(event.message.usage)
        elif kind == "message_delta":
            self._count(event.usage)
            if event.delta is not None:
                self._stop = event.delta.stop_reason
        elif kind == "message_stop":
            self.reason = _ENDS.get(self._stop or "", "stop")
            self.closed = True
        elif kind == "error":
            raise spoken_fault({"error": event.error}, self._label, self._secret)
        return ""

    def _count(self, usage: _Usage | None) -> None:
        if usage is None:
            return
        if usage.input_tokens is not None:
            # Text read from or written to the provider's cache was sent all the same.
            self.tokens_in = (
                usage.input_tokens
                + (usage.cache_creation_input_tokens or 0)
                + (usage.cache_read_input_tokens or 0)
            )
        if usage.output_tokens is not None:
            self.tokens_out = usage.output_tokens


class AnthropicProvider(Dialect):
    """Claude, by the messages API."""

    key_header = "x-api-key"
    key_prefix = ""
    fixed_headers: Mapping[str, str] = {"anthropic-version": VERSION}

    def __init__(
        self,
        base_url: str,
        key: Key | None = None,
        *,
        idle_seconds: float | None = None,
        connect_seconds: float = CONNECT_SECONDS,
        network: Network = DIRECT,
    ) -> None:
        super().__init__(
            base_url.rstrip("/").removesuffix("/v1"),
            key,
            name="anthropic",
            label="Anthropic",
            idle_seconds=idle_seconds,
            connect_seconds=connect_seconds,
            network=network,
        )
        self._sizes: dict[str, int] = {}

    def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """Answer the request, piece by piece (see `Provider.stream`)."""
        reader = AnthropicReader(self._wire.label, self._wire.secret)
        return relay(self._wire, partial(self._ask, request), SseDecoder(), reader)

    async def list_models(self) -> Sequence[ModelDescription]:
        """The models of `/v1/models`, newest first, as the provider lists them."""
        models = (await self._wire.get("/v1/models?limit=1000", _Listing)).data
        self._sizes = {m.id: m.max_input_tokens for m in models if m.max_input_tokens}
        return [
            ModelDescription(
                self.name, m.id, m.max_input_tokens or known_context_tokens("anthropic", m.id)
            )
            for m in models
        ]

    async def _find_context_tokens(self, model: str) -> int:
        """What the listing said if it was read, else the known size."""
        return (
            self._sizes.get(model)
            or known_context_tokens("anthropic", model)
            or careful_context_tokens("anthropic")
        )

    async def _ask(self, request: ModelRequest) -> httpx2.Response:
        most = 4_096 if request.model.startswith(_OLDEST) else DEFAULT_MAX_TOKENS
        body: dict[str, Any] = {
            "model": request.model,
            "max_tokens": request.max_tokens or most,
            "messages": role_messages(request, system_first=False),
            "stream": True,
        }
        if request.system.strip():
            body["system"] = clean_text(request.system)
        if request.temperature is not None:
            body["temperature"] = min(request.temperature, 1.0)
        return await self._open("/v1/messages", body, _OPTIONAL, request.model)
