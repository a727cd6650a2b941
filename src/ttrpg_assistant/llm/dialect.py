"""What the dialects have in common: an address, a key, what was learned, and how to call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, TypedDict, TypeVar, Unpack

import httpx2
import msgspec

from ttrpg_assistant.errors import BadAnswer, ModelFault, ModelNotFound
from ttrpg_assistant.llm.addresses import origin_of
from ttrpg_assistant.llm.answer_text import Habits
from ttrpg_assistant.llm.answers import relay
from ttrpg_assistant.llm.calls import Caller, answer
from ttrpg_assistant.llm.drafts import Draft
from ttrpg_assistant.llm.keys import Key
from ttrpg_assistant.llm.learned_words import describe_learned
from ttrpg_assistant.llm.memory import NOTHING_LEARNED, Learned, ShortMemory
from ttrpg_assistant.llm.network import Network
from ttrpg_assistant.llm.ports import ModelMemory
from ttrpg_assistant.llm.reading import Reading
from ttrpg_assistant.llm.types import ModelDescription, ModelEvent, ModelRequest
from ttrpg_assistant.llm.wire import KeyHeader, Wire
from ttrpg_assistant.llm.wire_decoding import SseDecoder

SIZE_SECONDS = 3.0
"""How long a turn waits to learn a model's size; it can do with a careful one."""

SIZE_PAUSE_SECONDS = 5.0
"""How long nobody is asked for a size again after a question went unanswered. An answer ends the
pause: a server that has loaded its model knows the size."""

SIZE_KEEP_SECONDS = 120.0
"""How long what a server said of its window is used: it may be started anew with another."""

ACCEPT = "text/event-stream, application/json;q=0.9, */*;q=0.5"

JSON: Any = Any
"""What `Wire.get` reads where the shape of a server's answer cannot be relied on."""

T = TypeVar("T")


class WireOptions(TypedDict, total=False):
    """How a `Wire` is made, where it is not made as usual."""

    idle_seconds: float | None
    connect_seconds: float
    network: Network


class DialectOptions(WireOptions, total=False):
    """The same for a dialect. Without `memory` what is learned ends with the process."""

    memory: ModelMemory | None


class Dialect:
    """One provider at one address. Subclasses say how requests are drafted and answers read,
    and add the listing and the sizes."""

    reading: ClassVar[type[Reading]]
    decoder: ClassVar[type[SseDecoder]] = SseDecoder

    guesses = False
    """Whether a refusal that names nothing may be due to a parameter the server does not know."""

    key_header = "authorization"
    key_prefix = "Bearer "
    fixed_headers: Mapping[str, str] = {}

    def __init__(
        self,
        base_url: str,
        key: Key | None = None,
        *,
        name: str,
        label: str,
        memory: ModelMemory | None = None,
        **options: Unpack[WireOptions],
    ) -> None:
        self.name = name
        self._memory: ModelMemory = ShortMemory() if memory is None else memory
        self._listed: dict[str, int | None] = {}
        header = None
        if key is not None:
            home = key.origin or origin_of(base_url)
            header = KeyHeader(self.key_header, key.secret, home, self.key_prefix)
        self._make_wire = partial(
            Wire,
            label=label,
            key=header,
            headers=dict(self.fixed_headers),
            **options,
        )
        self._wire = self._make_wire(base_url)
        self._habits = Habits()
        self._ask_again_at = 0.0

    async def aclose(self) -> None:
        """Close connections. The provider can still be used; it opens new ones."""
        await self._wire.aclose()

    async def describe_model(self, model: str) -> ModelDescription:
        """A model with its sizes (see `Provider.describe_model`)."""
        return self.with_learned(await self._look_up(model))

    def with_learned(self, said: ModelDescription) -> ModelDescription:
        """The model with the window that a refusal named, while its provider says the same."""
        model = said.name
        listed = None if said.context_source == "assumed" else said.context_tokens
        self._listed[model] = listed
        learned = self._memory.find(self._wire.base_url, model)
        if learned != NOTHING_LEARNED:
            said = replace(said, learned=describe_learned(learned, listed))
        if learned.context_tokens is not None and learned.listed_tokens == listed:
            return replace(said, context_tokens=learned.context_tokens, context_source="learned")
        return said

    async def forget_learned(self, model: str) -> None:
        """Find out anew what the model takes (see `Provider.forget_learned`)."""
        await self._memory.forget(self._wire.base_url, model)
        self._habits.forget(model)

    async def forget_window(self, model: str) -> None:
        """Find out anew how much the model reads: what refusals taught of it is of no use."""
        learned = self._memory.find(self._wire.base_url, model)
        if learned.context_tokens is not None:
            anew = msgspec.structs.replace(learned, context_tokens=None, listed_tokens=None)
            await self._memory.remember(self._wire.base_url, model, anew)

    async def _look_up(self, model: str) -> ModelDescription:
        """A model with its sizes as far as the provider or its own pages say them."""
        raise NotImplementedError

    def _draft(self, request: ModelRequest, learned: Learned) -> Draft:
        """The body for a request, without what the model refused before."""
        raise NotImplementedError

    def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent]:
        """Answer the request with as many calls as it takes and may take (`calls.py`)."""
        address, model = self._wire.base_url, request.model

        def call(draft: Draft) -> AsyncGenerator[ModelEvent]:
            reading = self.reading(self._wire.label, self._wire.secret)
            open_answer, habit = partial(self._post, draft), self._habits.of(request)
            return relay(self._wire, open_answer, self.decoder(), reading, habit)

        async def remember(learned: Learned) -> None:
            await self._memory.remember(address, model, learned)

        def note_answering() -> None:
            # Whoever answers has loaded the model, and can say its size.
            self._ask_again_at = 0.0

        caller = Caller(
            self._draft, call, remember, note_answering, self._listed.get(model), self.guesses
        )
        return answer(request, self._memory.find(address, model), caller)

    async def _post(self, draft: Draft) -> httpx2.Response:
        return await self._wire.open(
            draft.path, draft.body, accept=ACCEPT, reuse=draft.reuses_connection
        )

    async def _find(self, ask: Callable[[], Awaitable[T]]) -> T | None:
        """What the provider says about a size, None when it does not say it soon.

        A turn must not fail or wait for this: it will itself say what is wrong.
        """
        now = asyncio.get_running_loop().time()
        if now < self._ask_again_at:
            return None
        try:
            async with asyncio.timeout(SIZE_SECONDS):
                return await ask()
        except (ModelNotFound, BadAnswer):
            return None  # it answered, and does not say it
        except (ModelFault, TimeoutError):
            self._ask_again_at = now + SIZE_PAUSE_SECONDS
            return None
