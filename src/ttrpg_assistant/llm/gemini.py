"""Google's streamGenerateContent: a `finishReason` is the terminal marker.

The key goes in a header; the form with the key in the URL would put it in every log on
the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Unpack
from urllib.parse import quote

import msgspec

from ttrpg_assistant.errors import BadAnswer
from ttrpg_assistant.llm.dialect import JSON, Dialect, DialectOptions
from ttrpg_assistant.llm.drafts import Draft
from ttrpg_assistant.llm.efforts import gemini_efforts
from ttrpg_assistant.llm.gemini_requests import draft_content, short_name
from ttrpg_assistant.llm.keys import Key
from ttrpg_assistant.llm.memory import Learned
from ttrpg_assistant.llm.model_listing import MOST_MODELS, read_name, read_size
from ttrpg_assistant.llm.model_sizes import careful_context_tokens, known_context_tokens
from ttrpg_assistant.llm.prices import find_price, is_recommended
from ttrpg_assistant.llm.reading import Reading
from ttrpg_assistant.llm.types import ModelDescription, ModelRequest
from ttrpg_assistant.outside_json import NOT_JSON, find_json

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
    usageMetadata: msgspec.Raw = msgspec.Raw()
    error: Any = None


@dataclass(frozen=True, slots=True)
class _Model:
    name: str
    context_tokens: int | None
    answer_tokens: int | None
    talks: bool


_CHUNKS = msgspec.json.Decoder(_Chunk)


class GeminiReader(Reading):
    """What one stream of `GenerateContentResponse`s has said.

    There is no last word here: the stream simply ends after the finish reason.
    """

    __slots__ = ("_latest_counts",)

    def __init__(self, label: str, secret: str | None = None) -> None:
        super().__init__(label, secret)
        self._latest_counts = msgspec.Raw()

    def read(self, payload: bytes) -> str:
        try:
            chunk = _CHUNKS.decode(payload)
        except NOT_JSON:
            return self.read_odd(payload)
        if not chunk.candidates or chunk.error is not None:
            return self.read_odd(payload)
        candidate = chunk.candidates[0]
        parts = candidate.content.parts
        if candidate.finishReason or len(parts) != 1 or parts[0].thought:
            return self.read_odd(payload)
        # Each piece has counts so far: only the last ones need reading.
        self._latest_counts = chunk.usageMetadata
        return parts[0].text

    def settle(self) -> None:
        if not self.counts and bytes(self._latest_counts):
            self.count(find_json(bytes(self._latest_counts)))


class GeminiProvider(Dialect):
    """Gemini, by Google's generative language API. Its name in a choice is `google`."""

    reading = GeminiReader
    key_header = "x-goog-api-key"
    key_prefix = ""

    def __init__(
        self, base_url: str, key: Key | None = None, **options: Unpack[DialectOptions]
    ) -> None:
        base_url = base_url.rstrip("/")
        if not base_url.endswith(("/v1beta", "/v1")):
            base_url = f"{base_url}/v1beta"
        super().__init__(base_url, key, name="google", label="Google", **options)
        self._models: dict[str, _Model] = {}

    def _draft(self, request: ModelRequest, learned: Learned) -> Draft:
        return draft_content(request, learned)

    async def list_models(self) -> Sequence[ModelDescription]:
        """The models that generate text."""
        listing = await self._wire.get("/models?pageSize=1000", JSON)
        entries = listing.get("models", []) if isinstance(listing, dict) else None
        if not isinstance(entries, list):
            raise BadAnswer(
                "Google's address did not answer with a list of models.",
                cure="Check the address in Settings.",
            )
        read = map(_read_model, entries[:MOST_MODELS])
        models = [model for model in read if model is not None]
        self._models = {model.name: model for model in models}
        return [
            self._describe(model.name)
            for model in models
            if model.talks and not any(mark in model.name for mark in _NOT_FOR_TALK)
        ]

    async def _look_up(self, model: str) -> ModelDescription:
        """The known size, else what the provider says about the model."""
        said = self._describe(model)
        if said.context_tokens is None and short_name(model) not in self._models:
            path = f"/models/{quote(short_name(model), safe='')}"
            about = _read_model(await self._find(partial(self._wire.get, path, JSON)))
            if about is not None:
                self._models[short_name(model)] = about
                said = self._describe(model)
        if said.context_tokens is not None:
            return said
        return replace(said, context_tokens=careful_context_tokens("google"))

    def _describe(self, model: str) -> ModelDescription:
        name = short_name(model)
        listed = self._models.get(name)
        size = (listed and listed.context_tokens) or known_context_tokens("google", name)
        return ModelDescription(
            self.name,
            model,
            size,
            "assumed" if size is None else "listed",
            answer_tokens=None if listed is None else listed.answer_tokens,
            efforts=gemini_efforts(name),
            price=find_price(name),
            recommended=is_recommended(name),
        )


def _read_model(entry: Any) -> _Model | None:
    name = read_name(entry.get("name")) if isinstance(entry, dict) else None
    if name is None:
        return None
    methods = entry.get("supportedGenerationMethods")
    return _Model(
        short_name(name),
        read_size(entry.get("inputTokenLimit")),
        read_size(entry.get("outputTokenLimit")),
        not isinstance(methods, list) or "generateContent" in methods,
    )
