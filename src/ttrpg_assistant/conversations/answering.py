"""The model that answers now: its provider, its name there, and how much it can read."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol, cast

from ttrpg_assistant.errors import CutOff
from ttrpg_assistant.llm.provider import Provider
from ttrpg_assistant.llm.types import Finished, ModelEvent, ModelRequest, Passage, TextDelta
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import Prompt


class Models(Protocol):
    """Where providers come from."""

    def get_provider(self, choice: str) -> tuple[Provider, str]:
        """The provider and model name of a choice; raises a `ModelFault`."""
        ...


@dataclass(frozen=True, slots=True)
class Answerer:
    """A model ready to be asked. `context_tokens` is what it can read."""

    choice: str
    provider: Provider
    name: str
    context_tokens: int


class AnsweringModel:
    """Finds the model to ask, each time anew: the choice may have changed on the page."""

    def __init__(
        self,
        models: Models,
        chosen: Callable[[], str],
        *,
        context_limit: int | None = None,
    ) -> None:
        self._models = models
        self._chosen = chosen
        self._context_limit = context_limit

    @property
    def choice(self) -> str:
        """What is chosen now, as `provider:name`."""
        return self._chosen()

    async def get(self) -> Answerer:
        """The model that answers now; raises a `ModelFault` when it cannot be had."""
        choice = self._chosen()
        provider, name = self._models.get_provider(choice)
        # Not kept here: a provider keeps what it knows, and asks again for what it only guessed.
        size = await provider.get_context_tokens(name)
        limit = self._context_limit
        return Answerer(choice, provider, name, size if limit is None else min(size, limit))

    async def ask_once(
        self, compose: Callable[[Budget], Prompt], passages: Sequence[Passage] = ()
    ) -> str:
        """Ask something beside the talk; nothing of it is stored. Raises a `ModelFault`.

        `passages` are for the built-in model: the same facts as in the prompt, to quote from.
        """
        return "".join([text async for text in self.stream_once(compose, passages)])

    async def stream_once(
        self, compose: Callable[[Budget], Prompt], passages: Sequence[Passage] = ()
    ) -> AsyncGenerator[str]:
        """The same, piece by piece. An answer without its end raises `CutOff`."""
        answerer = await self.get()
        budget = Budget.for_context(answerer.context_tokens, model=answerer.choice)
        prompt = compose(budget)
        request = ModelRequest(
            model=answerer.name,
            system=prompt.system,
            messages=prompt.messages,
            max_tokens=budget.answer_tokens,
            context_tokens=answerer.context_tokens,
            passages=tuple(passages),
        )
        ended = False
        async with aclosing(open_stream(answerer.provider, request)) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    yield storable(event.text)
                elif isinstance(event, Finished):
                    ended = True
        if not ended:
            raise CutOff("The answer was cut off before its end.")


def open_stream(provider: Provider, request: ModelRequest) -> AsyncGenerator[ModelEvent]:
    """The provider's stream as what it is: a generator that can be closed."""
    return cast("AsyncGenerator[ModelEvent]", provider.stream(request))


def storable(text: str) -> str:
    """The text without what no database takes: NUL and halves of surrogate pairs."""
    if text.isascii():
        return text.replace("\x00", "") if "\x00" in text else text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\x00", "")
