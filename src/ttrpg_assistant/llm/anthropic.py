"""Anthropic's messages stream: `message_stop` is the terminal marker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Unpack

import msgspec

from ttrpg_assistant.errors import BadAnswer
from ttrpg_assistant.llm.anthropic_requests import draft_messages
from ttrpg_assistant.llm.dialect import JSON, Dialect, DialectOptions
from ttrpg_assistant.llm.drafts import Draft
from ttrpg_assistant.llm.efforts import claude_efforts
from ttrpg_assistant.llm.keys import Key
from ttrpg_assistant.llm.memory import Learned
from ttrpg_assistant.llm.model_listing import ListedModel, read_listing
from ttrpg_assistant.llm.model_sizes import (
    careful_context_tokens,
    claude_answer_tokens,
    known_context_tokens,
)
from ttrpg_assistant.llm.prices import find_price, is_recommended
from ttrpg_assistant.llm.reading import Reading
from ttrpg_assistant.llm.types import ModelDescription, ModelRequest
from ttrpg_assistant.outside_json import NOT_JSON

VERSION = "2023-06-01"


class _Delta(msgspec.Struct):
    text: str | None = None


class _Event(msgspec.Struct):
    """The usual payload; every other form goes to `Reading.read_odd`."""

    type: str
    delta: _Delta


_EVENTS = msgspec.json.Decoder(_Event)


class AnthropicReader(Reading):
    """What one messages stream has said."""

    __slots__ = ()

    def read(self, payload: bytes) -> str:
        try:
            event = _EVENTS.decode(payload)
        except NOT_JSON:
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

    reading = AnthropicReader
    key_header = "x-api-key"
    key_prefix = ""
    fixed_headers: Mapping[str, str] = {"anthropic-version": VERSION}

    def __init__(
        self, base_url: str, key: Key | None = None, **options: Unpack[DialectOptions]
    ) -> None:
        base_url = base_url.rstrip("/").removesuffix("/v1")
        super().__init__(base_url, key, name="anthropic", label="Anthropic", **options)
        self._models: dict[str, ListedModel] = {}

    def _draft(self, request: ModelRequest, learned: Learned) -> Draft:
        return draft_messages(request, learned, self._most_answer_tokens(request.model))

    async def list_models(self) -> Sequence[ModelDescription]:
        """The models of `/v1/models`, newest first, as the provider lists them."""
        found = read_listing(await self._wire.get("/v1/models?limit=1000", JSON))
        if found is None:
            raise BadAnswer(
                "Anthropic's address did not answer with a list of models.",
                cure="Check the address in Settings.",
            )
        self._models = {model.name: model for model in found}
        return [self._describe(model.name) for model in found]

    async def _look_up(self, model: str) -> ModelDescription:
        """What the listing said if it was read, else the known size."""
        said = self._describe(model)
        if said.context_tokens is not None:
            return said
        return replace(said, context_tokens=careful_context_tokens("anthropic"))

    def _describe(self, model: str) -> ModelDescription:
        listed = self._models.get(model) or ListedModel(model)
        size = listed.context_tokens or known_context_tokens("anthropic", model)
        return ModelDescription(
            self.name,
            model,
            size,
            "assumed" if size is None else "listed",
            answer_tokens=self._most_answer_tokens(model),
            efforts=claude_efforts(model),
            price=find_price(model),
            recommended=is_recommended(model),
        )

    def _most_answer_tokens(self, model: str) -> int:
        listed = self._models.get(model)
        known = claude_answer_tokens(model)
        return known if listed is None else listed.answer_tokens or known
