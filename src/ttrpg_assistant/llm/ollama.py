"""Ollama's own chat: one JSON object a line, `done: true` is the terminal marker.

Its OpenAI-compatible address cannot be told the window (`num_ctx`), and Ollama cuts a
prompt that does not fit without a word: so its own dialect is spoken.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from functools import partial
from typing import Any

import httpx2
import msgspec

from ttrpg_assistant.errors import ModelFault
from ttrpg_assistant.llm.answers import relay
from ttrpg_assistant.llm.dialect import Dialect, role_messages
from ttrpg_assistant.llm.keys import Key
from ttrpg_assistant.llm.model_sizes import CAREFUL
from ttrpg_assistant.llm.network import DIRECT, Network
from ttrpg_assistant.llm.reading import Reading
from ttrpg_assistant.llm.types import ModelDescription, ModelEvent, ModelRequest
from ttrpg_assistant.llm.wire import CONNECT_SECONDS
from ttrpg_assistant.llm.wire_decoding import LineDecoder

UNASKED_WINDOW = 16_384
"""The most that is used of a model whose Modelfile sets no window.

Every token of the window costs memory from the start, used or not: 128 kB for a model of
8 billion parameters, 16 GB for its full 131,072. A larger window is asked for by
`num_ctx` in the Modelfile or `TTRPG_CONTEXT_TOKENS`.
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


class _Details(msgspec.Struct):
    family: str | None = None


class _Model(msgspec.Struct):
    name: str
    details: _Details | None = None


class _Listing(msgspec.Struct):
    models: list[_Model] | None = None


class _Version(msgspec.Struct):
    version: str = ""


class _About(msgspec.Struct):
    model_info: dict[str, Any] | None = None
    parameters: str | None = None


_LINES = msgspec.json.Decoder(_Line)


class OllamaReader(Reading):
    """What one chat stream has said."""

    __slots__ = ()

    def read(self, payload: bytes) -> str:
        try:
            line = _LINES.decode(payload)
        except msgspec.MsgspecError:
            return self.read_odd(payload)
        if line.done or line.error is not None or line.message.thinking:
            return self.read_odd(payload)
        return line.message.content


class OllamaProvider(Dialect):
    """Models on an Ollama of one's own.

    `window` is the most that is used of a model whose Modelfile sets none: the context size
    a game master asked for, where they did.
    """

    def __init__(
        self,
        base_url: str,
        key: Key | None = None,
        *,
        idle_seconds: float | None = None,
        connect_seconds: float = CONNECT_SECONDS,
        network: Network = DIRECT,
        window: int = UNASKED_WINDOW,
    ) -> None:
        super().__init__(
            base_url,
            key,
            name="ollama",
            label="Ollama",
            idle_seconds=idle_seconds,
            connect_seconds=connect_seconds,
            network=network,
        )
        self._window = window
        self._sizes: dict[str, int | None] = {}
        self._asked: set[str] = set()

    def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """Answer the request, piece by piece (see `Provider.stream`)."""
        reader = OllamaReader(self._wire.label)
        habit = self._habits.of(request)
        return relay(self._wire, partial(self._ask, request), LineDecoder(), reader, habit)

    async def list_models(self) -> Sequence[ModelDescription]:
        """The models that have been pulled."""
        models = (await self._wire.get("/api/tags", _Listing)).models or []
        talking = [
            model.name
            for model in models
            if model.details is None or model.details.family not in _NOT_FOR_TALK
        ]
        sizes = await asyncio.gather(*map(self._find_size, talking[:32]))
        known: Mapping[str, int | None] = dict(zip(talking, sizes, strict=False))
        return [ModelDescription(self.name, name, known.get(name)) for name in talking]

    async def _find_context_tokens(self, model: str) -> int:
        """The window the Modelfile sets, else what the model was made for up to `window`.

        8,192 when Ollama does not say.
        """
        size = await self._find_size(model)
        if size is None:
            return CAREFUL
        return size if model in self._asked else min(size, self._window)

    async def answers(self) -> bool:
        """Whether an Ollama is there at all."""
        try:
            await self._wire.get("/api/version", _Version)
        except ModelFault:
            return False
        return True

    async def _find_size(self, model: str) -> int | None:
        if model not in self._sizes:
            about = await self._find(
                partial(self._wire.post, "/api/show", {"model": model}, _About)
            )
            if about is None:
                return None
            size, asked = read_window(about.model_info or {}, about.parameters or "")
            self._sizes[model] = size  # also that Ollama does not say
            if asked:
                self._asked.add(model)
        return self._sizes[model]

    async def _ask(self, request: ModelRequest) -> httpx2.Response:
        options: dict[str, Any] = {}
        if request.context_tokens is not None:
            options["num_ctx"] = request.context_tokens
        if request.max_tokens is not None:
            options["num_predict"] = request.max_tokens
        if request.temperature is not None:
            options["temperature"] = request.temperature
        body: dict[str, Any] = {
            "model": request.model,
            "messages": role_messages(request, system_first=True),
            "stream": True,
        }
        if options:
            body["options"] = options
        return await self._open("/api/chat", body, {}, request.model)


def read_window(model_info: Mapping[str, Any], parameters: str) -> tuple[int | None, bool]:
    """The context size in `/api/show`, and whether the Modelfile asks for it by `num_ctx`.

    A Modelfile may ask for more than the model was made for; it does not get it.
    """
    made_for = next(
        (
            size
            for name, size in model_info.items()
            if name.endswith(".context_length") and isinstance(size, int) and size > 0
        ),
        None,
    )
    for line in parameters.splitlines():
        words = line.split()
        if len(words) == 2 and words[0] == "num_ctx" and words[1].isdigit() and int(words[1]) > 0:
            asked = int(words[1])
            return (min(asked, made_for) if made_for else asked), True
    return made_for, False
