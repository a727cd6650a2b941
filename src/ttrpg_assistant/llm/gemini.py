"""Google's streamGenerateContent: a `finishReason` is the terminal marker.

The key goes in a header; the form with the key in the URL would put it in every log on
the way.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx2
import msgspec

from ttrpg_assistant.llm.answers import relay
from ttrpg_assistant.llm.dialect import Dialect, clean_text, tidy_messages
from ttrpg_assistant.llm.keys import Key
from ttrpg_assistant.llm.model_sizes import careful_context_tokens, known_context_tokens
from ttrpg_assistant.llm.network import DIRECT, Network
from ttrpg_assistant.llm.reading import Reading
from ttrpg_assistant.llm.types import ModelDescription, ModelEvent, ModelRequest
from ttrpg_assistant.llm.wire import CONNECT_SECONDS
from ttrpg_assistant.llm.wire_decoding import SseDecoder

_NOT_FOR_TALK = ("embedding", "aqa", "imagen", "-tts", "-image", "-live", "veo", "lyria")


class _Part(msgspec.Struct):
    text: str
    thought: bool | None = None


class _Content(msgspec.Struct):
    parts: list[_Part]


class _Candidate(msgspec.Struct):
    content: _Content
    finishReason: str | None = None


class _Chunk(msgspec.Struct):
    """The usual payload; every other form goes to `Reading.read_odd`."""

    candidates: list[_Candidate]
    usageMetadata: dict[str, Any] | None = None
    error: Any = None


class _Model(msgspec.Struct):
    name: str
    inputTokenLimit: int | None = None
    supportedGenerationMethods: list[str] | None = None


class _Listing(msgspec.Struct):
    models: list[_Model] = []


_CHUNKS = msgspec.json.Decoder(_Chunk)


class GeminiReader(Reading):
    """What one stream of `GenerateContentResponse`s has said.

    There is no last word here: the stream simply ends after the finish reason.
    """

    __slots__ = ()

    def read(self, payload: bytes) -> str:
        try:
            chunk = _CHUNKS.decode(payload)
        except msgspec.MsgspecError:
            return self.read_odd(payload)
        if not chunk.candidates or chunk.error is not None:
            return self.read_odd(payload)
        candidate = chunk.candidates[0]
        parts = candidate.content.parts
        if candidate.finishReason or len(parts) != 1 or parts[0].thought:
            return self.read_odd(payload)
        if chunk.usageMetadata:
            self.count(chunk.usageMetadata)
        return parts[0].text


class GeminiProvider(Dialect):
    """Gemini, by Google's generative language API. Its name in a choice is `google`."""

    key_header = "x-goog-api-key"
    key_prefix = ""

    def __init__(
        self,
        base_url: str,
        key: Key | None = None,
        *,
        idle_seconds: float | None = None,
        connect_seconds: float = CONNECT_SECONDS,
        network: Network = DIRECT,
    ) -> None:
        base_url = base_url.rstrip("/")
        super().__init__(
            base_url if base_url.endswith(("/v1beta", "/v1")) else f"{base_url}/v1beta",
            key,
            name="google",
            label="Google",
            idle_seconds=idle_seconds,
            connect_seconds=connect_seconds,
            network=network,
        )
        self._sizes: dict[str, int | None] = {}

    def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """Answer the request, piece by piece (see `Provider.stream`)."""
        reader = GeminiReader(self._wire.label, self._wire.secret)
        habit = self._habits.of(request)
        return relay(self._wire, partial(self._ask, request), SseDecoder(), reader, habit)

    async def list_models(self) -> Sequence[ModelDescription]:
        """The models that generate text."""
        models = (await self._wire.get("/models?pageSize=1000", _Listing)).models
        self._sizes = {_short(m.name): m.inputTokenLimit for m in models}
        return [
            ModelDescription(self.name, _short(m.name), m.inputTokenLimit)
            for m in models
            if "generateContent" in (m.supportedGenerationMethods or ("generateContent",))
            and not any(mark in m.name for mark in _NOT_FOR_TALK)
        ]

    async def _find_context_tokens(self, model: str) -> int:
        """The known size, else what the provider says about the model."""
        model = _short(model)
        found = self._sizes.get(model) or known_context_tokens("google", model)
        if found is None and model not in self._sizes:
            path = f"/models/{quote(model, safe='')}"
            about = await self._find(partial(self._wire.get, path, _Model))
            if about is not None:
                found = self._sizes[model] = about.inputTokenLimit
        return found or careful_context_tokens("google")

    async def _ask(self, request: ModelRequest) -> httpx2.Response:
        settings: dict[str, Any] = {}
        if request.max_tokens is not None:
            settings["maxOutputTokens"] = request.max_tokens
        if request.temperature is not None:
            settings["temperature"] = request.temperature
        body: dict[str, Any] = {
            "contents": [
                {
                    "role": "model" if message.role == "assistant" else "user",
                    "parts": [{"text": message.content}],
                }
                for message in tidy_messages(request)
            ]
        }
        if request.system.strip():
            body["system_instruction"] = {"parts": [{"text": clean_text(request.system)}]}
        if settings:
            body["generationConfig"] = settings
        path = f"/models/{quote(_short(request.model), safe='')}:streamGenerateContent?alt=sse"
        return await self._open(path, body, {}, request.model)


def _short(name: str) -> str:
    return name.removeprefix("models/")
