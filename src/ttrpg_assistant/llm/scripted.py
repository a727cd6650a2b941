"""A model that says what it was told to say: for tests and demonstrations.

It speaks the same protocol as every other provider and nothing about it is simulated by
waiting: a pause lasts until somebody opens it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence

from ttrpg_assistant.errors import BadAnswer, ModelFault
from ttrpg_assistant.llm.types import (
    Finished,
    ModelDescription,
    ModelEvent,
    ModelRequest,
    Prefilled,
    Reclassified,
    TextDelta,
    ThinkingDelta,
    Usage,
    Waiting,
)


class Gate:
    """A pause in a script: `reached` is set when the answer waits there, `open` lets it on."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._opened = asyncio.Event()

    def open(self) -> None:
        self._opened.set()

    async def wait(self) -> None:
        self.reached.set()
        await self._opened.wait()


Step = (
    str
    | asyncio.Event
    | Gate
    | ThinkingDelta
    | Reclassified
    | Prefilled
    | Waiting
    | Usage
    | Finished
    | ModelFault
)
"""Text to say, something to wait for, any other event, an end of its own, or a fault."""


class ScriptedProvider:
    """Answers each request with the next script; `history` keeps what it was asked.

    A script that ends without `Finished` or a fault is complete. With no script left it
    says `default`, or raises `BadAnswer` when there is none.
    """

    name = "scripted"

    def __init__(
        self,
        *,
        default: Sequence[Step] | None = None,
        context_tokens: int = 8_192,
        models: Sequence[str] = ("scripted",),
    ) -> None:
        self.history: list[ModelRequest] = []
        self.stopped = 0
        """How many answers were closed before their end."""
        self._scripts: deque[tuple[Step, ...]] = deque()
        self._default = None if default is None else tuple(default)
        self._context_tokens = context_tokens
        self._models = tuple(models)

    def enqueue(self, script: Sequence[Step]) -> None:
        """Put a script at the end of the queue; each answer takes one."""
        self._scripts.append(tuple(script))

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """Say the next script."""
        self.history.append(request)
        script = self._scripts.popleft() if self._scripts else self._default
        if script is None:
            raise BadAnswer("The scripted model has nothing left to say.")
        ended = False
        try:
            for step in script:
                if isinstance(step, ModelFault):
                    ended = True
                    raise step
                if isinstance(step, str):
                    if step:
                        yield TextDelta(step)
                elif isinstance(step, asyncio.Event | Gate):
                    await step.wait()
                else:
                    ended = isinstance(step, Finished)
                    yield step
            if not ended:
                ended = True
                yield Finished("stop")
        finally:
            if not ended:
                self.stopped += 1

    async def list_models(self) -> Sequence[ModelDescription]:
        """The names it was made with."""
        return [await self.describe_model(name) for name in self._models]

    async def describe_model(self, model: str) -> ModelDescription:
        """The size it was made with."""
        return ModelDescription(self.name, model, self._context_tokens, "listed")

    async def forget_learned(self, model: str) -> None:
        """It refuses nothing."""

    async def forget_window(self, model: str) -> None:
        """Its size is known."""

    async def aclose(self) -> None:
        """Nothing to close."""
