"""Ollama's own chat: one JSON object a line, `done: true` is the terminal marker.

Its OpenAI-compatible address cannot be told the window (`num_ctx`), and Ollama cuts a
prompt that does not fit without a word: so its own dialect is spoken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Unpack

import msgspec

from ttrpg_assistant.errors import BadAnswer, ModelFault
from ttrpg_assistant.llm.dialect import JSON, Dialect, DialectOptions
from ttrpg_assistant.llm.drafts import Draft
from ttrpg_assistant.llm.efforts import NEVER_OFF, ON_OR_OFF
from ttrpg_assistant.llm.keys import Key
from ttrpg_assistant.llm.memory import Learned
from ttrpg_assistant.llm.model_listing import MOST_MODELS, read_name, read_size
from ttrpg_assistant.llm.model_sizes import CAREFUL
from ttrpg_assistant.llm.ollama_requests import draft_chat
from ttrpg_assistant.llm.prices import FREE
from ttrpg_assistant.llm.reading import Reading
from ttrpg_assistant.llm.types import (
    Effort,
    ModelDescription,
    ModelRequest,
)
from ttrpg_assistant.llm.wire_decoding import LineDecoder
from ttrpg_assistant.outside_json import NOT_JSON

UNASKED_WINDOW = 16_384
"""The most that is used of a model whose Modelfile sets no window.

Every token of the window costs memory from the start, used or not: 128 kB for a model of
8 billion parameters, 16 GB for its full 131,072. A larger window is asked for by
`num_ctx` in the Modelfile, in Settings or by `TTRPG_CONTEXT_TOKENS`.
"""

_NOT_FOR_TALK = ("bert", "nomic-bert")


class _Message(msgspec.Struct):
    content: str
    thinking: str | None = None


class _Line(msgspec.Struct):
    """The usual payload; every other form goes to `Reading.read_odd`."""

    message: _Message
    done: bool = False
    error: Any = None


_LINES = msgspec.json.Decoder(_Line)


class OllamaReader(Reading):
    """What one chat stream has said."""

    __slots__ = ()

    def read(self, payload: bytes) -> str:
        try:
            line = _LINES.decode(payload)
        except NOT_JSON:
            return self.read_odd(payload)
        message = line.message
        if line.done or line.error is not None or message.thinking or not message.content:
            return self.read_odd(payload)
        return message.content


@dataclass(frozen=True, slots=True)
class _Known:
    """What Ollama said of one model. `is_set` is a window that its Modelfile asks for."""

    context_tokens: int | None
    is_set: bool
    thinks: bool


class OllamaProvider(Dialect):
    """Models on an Ollama of one's own."""

    reading = OllamaReader
    decoder = LineDecoder

    def __init__(
        self, base_url: str, key: Key | None = None, **options: Unpack[DialectOptions]
    ) -> None:
        super().__init__(base_url, key, name="ollama", label="Ollama", **options)
        self._known: dict[str, _Known] = {}
        self._loaded: dict[str, int] = {}

    def _draft(self, request: ModelRequest, learned: Learned) -> Draft:
        return draft_chat(request, learned)

    async def list_models(self) -> Sequence[ModelDescription]:
        """The models that have been pulled; those that are loaded now are recommended."""
        talking = _read_tags(await self._wire.get("/api/tags", JSON))
        if talking is None:
            raise BadAnswer(
                "Ollama's address did not answer with a list of models.",
                cure="Check the address in Settings.",
            )
        loaded = await self._find(partial(self._wire.get, "/api/ps", JSON))
        self._loaded = _read_loaded(loaded)
        await asyncio.gather(*map(self._find_known, talking[:32]))
        return [self._describe(name) for name in talking]

    async def _look_up(self, model: str) -> ModelDescription:
        """The window the Modelfile sets, else what the model was made for up to a bound.

        8,192 when Ollama does not say.
        """
        await self._find_known(model)
        said = self._describe(model)
        return said if said.context_tokens is not None else replace(said, context_tokens=CAREFUL)

    async def answers(self) -> bool:
        """Whether an Ollama is there at all."""
        try:
            await self._wire.get("/api/version", dict)
        except ModelFault:
            return False
        return True

    def _describe(self, model: str) -> ModelDescription:
        known = self._known.get(model)
        size = None if known is None else known.context_tokens
        if known is not None and size is not None and not known.is_set:
            size = min(size, UNASKED_WINDOW)
        return ModelDescription(
            self.name,
            model,
            size,
            "assumed" if size is None else "asked",
            efforts=_efforts(model) if known is not None and known.thinks else (),
            price=FREE,
            recommended=model in self._loaded,
            shares_window=True,
        )

    async def _find_known(self, model: str) -> None:
        if model in self._known:
            return
        about = await self._find(partial(self._wire.post, "/api/show", {"model": model}, dict))
        if about is not None:
            size, is_set = read_window(about.get("model_info"), about.get("parameters"))
            able = about.get("capabilities")
            # Also that Ollama does not say it is kept.
            self._known[model] = _Known(size, is_set, isinstance(able, list) and "thinking" in able)


def _efforts(model: str) -> tuple[Effort, ...]:
    return NEVER_OFF if "gpt-oss" in model else ON_OR_OFF


def _read_tags(value: Any) -> list[str] | None:
    """The names of the models that hold a conversation, None when it is no list of models."""
    entries = value.get("models") if isinstance(value, dict) else None
    if entries is None and isinstance(value, dict):
        entries = []
    if not isinstance(entries, list):
        return None
    found: dict[str, None] = {}
    for entry in entries[:MOST_MODELS]:
        name = read_name(entry.get("name")) if isinstance(entry, dict) else None
        details = entry.get("details") if isinstance(entry, dict) else None
        family = details.get("family") if isinstance(details, dict) else None
        if name is not None and family not in _NOT_FOR_TALK:
            found[name] = None
    return list(found)


def _read_loaded(value: Any) -> dict[str, int]:
    entries = value.get("models") if isinstance(value, dict) else None
    found: dict[str, int] = {}
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            found[entry["name"]] = read_size(entry.get("context_length")) or 0
    return found


def read_window(model_info: Any, parameters: Any) -> tuple[int | None, bool]:
    """The context size in `/api/show`, and whether the Modelfile asks for it by `num_ctx`.

    A Modelfile may ask for more than the model was made for; it does not get it.
    """
    named = model_info.items() if isinstance(model_info, Mapping) else ()
    made_for = next(
        (
            size
            for name, value in named
            if name.endswith(".context_length") and (size := read_size(value)) is not None
        ),
        None,
    )
    for line in parameters.splitlines() if isinstance(parameters, str) else ():
        words = line.split()
        if len(words) == 2 and words[0] == "num_ctx" and (asked := read_size(words[1])):
            return (min(asked, made_for) if made_for else asked), True
    return made_for, False
