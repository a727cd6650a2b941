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
from ttrpg_assistant.llm.reading import Reading
from ttrpg_assistant.llm.types import ModelDescription, ModelEvent, ModelRequest
from ttrpg_assistant.llm.wire import CONNECT_SECONDS
from ttrpg_assistant.llm.wire_decoding import SseDecoder

VERSION = "2023-06-01"

DEFAULT_MAX_TOKENS = 8_192
"""The provider demands a limit; the oldest models take half of this one."""

_OLDEST = ("claude-3-opus", "claude-3-sonnet", "claude-3-haiku", "claude-2", "claude-instant")
_OPTIONAL: Mapping[str, str | None] = {"temperature": None}


class _Delta(msgspec.Struct):
    text: str | None = None


class _Event(msgspec.Struct):
    """The usual payload; every other form goes to `Reading.read_odd`."""

    type: str
    delta: _Delta


class _Model(msgspec.Struct):
    id: str
    max_input_tokens: int | None = None


class _Listing(msgspec.Struct):
    data: list[_Model]


_EVENTS = msgspec.json.Decoder(_Event)


class AnthropicReader(Reading):
    """What one messages stream has said."""

    __slots__ = ()

    def read(self, payload: bytes) -> str:
        try:
            event = _EVENTS.decode(payload)
        except msgspec.MsgspecError:
            if payload.startswith(b"[DONE]"):
                self.close()
                return ""
            return self.read_odd(payload)
        text = event.delta.text
        if text and event.type == "content_block_delta":
            self._spoke = True
            return text
        return self.read_odd(payload)


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
        habit = self._habits.of(request)
        return relay(self._wire, partial(self._ask, request), SseDecoder(), reader, habit)

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
