"""OpenAI's chat completions, and every server that speaks them.

Used for OpenAI and for OpenRouter, LM Studio, llama.cpp, vLLM and their like. Those differ
in what they leave out, so little is required: usage may be missing, and either a
`finish_reason` or `[DONE]` says how the answer ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Unpack
from urllib.parse import urlsplit

import msgspec

from ttrpg_assistant.errors import BadAnswer
from ttrpg_assistant.llm.addresses import is_at_home, origin_of
from ttrpg_assistant.llm.dialect import JSON, SIZE_KEEP_SECONDS, Dialect, DialectOptions
from ttrpg_assistant.llm.drafts import Draft
from ttrpg_assistant.llm.efforts import ALL, gpt_version, openai_efforts, thinks_by_name
from ttrpg_assistant.llm.keys import Key
from ttrpg_assistant.llm.memory import Learned
from ttrpg_assistant.llm.model_listing import ListedModel, read_listing
from ttrpg_assistant.llm.model_sizes import careful_context_tokens, known_context_tokens
from ttrpg_assistant.llm.openai_requests import Kind, draft_chat
from ttrpg_assistant.llm.prices import FREE, Price, find_price, is_recommended
from ttrpg_assistant.llm.reading import Reading
from ttrpg_assistant.llm.server_sizes import ServerSaid, ask_window, root_of
from ttrpg_assistant.llm.types import (
    Effort,
    ModelDescription,
    ModelRequest,
)
from ttrpg_assistant.outside_json import NOT_JSON

OPENAI_ORIGIN = "https://api.openai.com:443"

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


_CHUNKS = msgspec.json.Decoder(_Chunk)


class OpenAIReader(Reading):
    """What one stream of `chat.completion.chunk`s has said."""

    __slots__ = ()

    def read(self, payload: bytes) -> str:
        try:
            chunk = _CHUNKS.decode(payload)
        except NOT_JSON:
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
        if delta.reasoning_content or delta.reasoning or not text or choice.finish_reason:
            return self.read_odd(payload)
        self._spoke = True
        if chunk.usage:
            self.count(chunk.usage)
        return text


class OpenAIProvider(Dialect):
    """OpenAI (`openai`), or any compatible address (`openai-compatible`)."""

    reading = OpenAIReader

    def __init__(
        self,
        base_url: str,
        key: Key | None = None,
        *,
        name: str = "openai",
        label: str = "OpenAI",
        **options: Unpack[DialectOptions],
    ) -> None:
        super().__init__(base_url, key, name=name, label=label, **options)
        self._is_openai = origin_of(base_url) == OPENAI_ORIGIN
        self._kind = _kind_of(base_url)
        self.guesses = not self._is_openai
        self._at_home = is_at_home(base_url) or base_url.startswith("http://")
        self._models: dict[str, ListedModel] | None = None
        self._asked: dict[str, tuple[float, ServerSaid | None]] = {}
        root = root_of(self._wire.base_url)
        self._root = self._wire if root == self._wire.base_url else self._make_wire(root)

    def _draft(self, request: ModelRequest, learned: Learned) -> Draft:
        return draft_chat(request, learned, self._find_kind(request.model))

    async def list_models(self) -> Sequence[ModelDescription]:
        """The models of `/models` that hold a conversation."""
        listing = read_listing(await self._wire.get("/models", JSON))
        if listing is None:
            raise BadAnswer(
                f"{self._wire.label}'s address did not answer with a list of models.",
                cure="Check the address in Settings.",
            )
        self._models = {model.name: model for model in listing}
        return [
            self._describe(model.name)
            for model in sorted(listing, key=lambda model: model.name)
            if model.talks and self._talks(model.name)
        ]

    async def aclose(self) -> None:
        """Close connections. The provider can still be used; it opens new ones."""
        await super().aclose()
        if self._root is not self._wire:
            await self._root.aclose()

    async def _look_up(self, model: str) -> ModelDescription:
        """By OpenAI's known sizes, else what `/models` says, else what the server says."""
        said = self._describe(model)
        if said.context_tokens is None and self._models is None:
            await self._find(self._list_quietly)
            said = self._describe(model)
        if said.context_tokens is not None:
            return said
        asked = await self._ask_size(model)
        if asked is not None:
            return replace(said, context_tokens=asked.context_tokens, context_source="asked")
        return replace(said, context_tokens=careful_context_tokens(self.name))

    async def _list_quietly(self) -> None:
        try:
            await self.list_models()
        except BadAnswer:
            self._models = {}  # it has no list, and is not asked for one before every turn

    async def _ask_size(self, model: str) -> ServerSaid | None:
        if self._is_openai:
            return None
        now = asyncio.get_running_loop().time()
        kept = self._asked.get(model)
        if kept is not None and now - kept[0] < SIZE_KEEP_SECONDS:
            return kept[1]

        async def ask() -> tuple[ServerSaid | None]:
            get = partial(self._root.get, kind=JSON)
            return (await ask_window(get, model),)

        found = await self._find(ask)
        if found is None:  # it did not answer, and is asked again
            return None if kept is None else kept[1]
        self._asked[model] = (now, found[0])
        return found[0]

    def _describe(self, model: str) -> ModelDescription:
        listed = (self._models or {}).get(model) or ListedModel(model)
        known = known_context_tokens("openai", model) if self.name == "openai" else None
        size = known or listed.context_tokens
        return ModelDescription(
            self.name,
            model,
            size,
            "assumed" if size is None else "listed",
            answer_tokens=listed.answer_tokens,
            efforts=self._efforts(listed),
            price=listed.price or self._price(model),
            recommended=is_recommended(model),
            shares_window=self._at_home,
        )

    def _efforts(self, model: ListedModel) -> tuple[Effort, ...]:
        if self._is_openai or gpt_version(model.name) is not None:
            return openai_efforts(model.name)
        thinks = thinks_by_name(model.name) if model.thinks is None else model.thinks
        return ALL if thinks else ()

    def _price(self, model: str) -> Price | None:
        return FREE if self._at_home else find_price(model)

    def _find_kind(self, model: str) -> Kind:
        if self._kind != "other":
            return self._kind
        listed = (self._models or {}).get(model)
        if listed is not None and listed.owner == "vllm":
            return "vllm"
        asked = self._asked.get(model)
        return "llama.cpp" if asked and asked[1] and asked[1].prefills else "other"

    def _talks(self, model: str) -> bool:
        marks = _NOT_FOR_TALK if self._is_openai else ("embed", "rerank", "whisper")
        return not any(mark in model.lower() for mark in marks)


def _kind_of(base_url: str) -> Kind:
    if origin_of(base_url) == OPENAI_ORIGIN:
        return "openai"
    host = urlsplit(base_url).hostname or ""
    return "openrouter" if host == "openrouter.ai" or host.endswith(".openrouter.ai") else "other"
