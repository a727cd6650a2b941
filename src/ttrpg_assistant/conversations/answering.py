"""The model that answers now: its provider, its name there, and how much it can read and say."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Final

from ttrpg_assistant.conversations.answerer import SMALLEST_CONTEXT, Answerer
from ttrpg_assistant.conversations.first_reads import FirstReads, NotReadYet
from ttrpg_assistant.conversations.ports import Models
from ttrpg_assistant.errors import ContextTooLong, CutOff, ModelRefused
from ttrpg_assistant.llm.memory import ModelSettings
from ttrpg_assistant.llm.prices import Price
from ttrpg_assistant.llm.types import (
    Effort,
    Finished,
    ModelDescription,
    ModelEvent,
    ModelRequest,
    Passage,
    Persona,
    Reclassified,
    TextDelta,
    ThinkingDelta,
    Usage,
)
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import Prompt
from ttrpg_assistant.prompts.tokens import LearnedEstimates

ANSWER_RESERVE: Final = 4_096
THINKING_RESERVE: Final = 8_192
"""Tokens of the window that a prompt leaves free for an answer, at most; a model that thinks
does it in there as well."""

BRIEF_TOKENS: Final = 400
"""What may be written where a line is wanted: some models think, whatever they are told."""

_LEAST: Final[tuple[Effort, ...]] = ("off", "low")
"""From no thinking up."""

REPLY_CHARACTERS: Final = 1_000_000
"""A reply longer than this is a runaway model and is cut; so is one that thinks for longer."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a model said beside the talk. `is_cut`: the answer length ended it."""

    text: str
    is_cut: bool


class AnsweringModel:
    """Finds the model to ask, each time anew: the choice may have changed on the page.

    `find_settings` says what the game master set for a choice. `context_tokens` and
    `answer_tokens` hold for every model without settings of its own. `note_usage` hears what each
    answer beside the talk took: choice, price, counts.
    """

    def __init__(
        self,
        models: Models,
        chosen: Callable[[], str],
        *,
        find_settings: Callable[[str], ModelSettings] = lambda choice: ModelSettings(),
        context_tokens: int | None = None,
        answer_tokens: int | None = None,
        note_usage: Callable[[str, Price | None, Usage], Awaitable[None]] | None = None,
    ) -> None:
        self._models = models
        self._chosen = chosen
        self._find_settings = find_settings
        self._context_tokens = context_tokens
        self._answer_tokens = answer_tokens
        self._note_usage = note_usage
        self._first_reads = FirstReads()
        self._estimates = LearnedEstimates()

    @property
    def choice(self) -> str:
        """What is chosen now, as `provider:name`."""
        return self._chosen()

    async def get(self, *, briefly: bool = False) -> Answerer:
        """The model that answers now; raises a `ModelFault` when it cannot be had.

        `briefly`: to say a line, with as little thinking as it knows.
        """
        choice = self._chosen()
        provider, name = self._models.get_provider(choice)
        # Not kept here: a provider keeps what it knows, and asks again for what it only guessed.
        model = self.with_settings(choice, await provider.describe_model(name))
        settings = self._find_settings(choice)
        size = model.context_tokens or SMALLEST_CONTEXT
        limit = settings.answer_tokens or self._answer_tokens
        effort = settings.effort
        if briefly:
            limit = min(limit or BRIEF_TOKENS, BRIEF_TOKENS)
            effort = next((one for one in _LEAST if one in model.efforts), None)
        thinks = bool(model.efforts) and effort != "off"
        return Answerer(
            choice,
            provider,
            name,
            size,
            _reserve(size, limit, thinks=thinks),
            answer_limit=limit,
            effort=effort,
            price=model.price,
            context_source=model.context_source,
            shares_window=model.shares_window,
            estimator=self._estimates.get(choice),
        )

    def learn(self, choice: str, estimated: int, reported: int | None) -> None:
        """Correct the estimates for a model by what its provider counted for a prompt."""
        self._estimates.learn(choice, estimated, reported)

    def stream(
        self, answerer: Answerer, request: ModelRequest, tokens: int
    ) -> AsyncGenerator[ModelEvent]:
        """What the model answers to a prompt of so many estimated tokens.

        Of prompts that may turn out too long only one is under way at a time (`first_reads.py`).
        """
        return self._first_reads.stream(answerer, request, tokens)

    async def make_smaller(
        self, answerer: Answerer, fault: ContextTooLong, estimated: int | None
    ) -> Answerer | None:
        """The same model for one more attempt after it refused a prompt of so many estimated
        tokens; None if there is no room or no call left. Where the refusal counts the tokens, the
        next prompt is measured by that: it must not be refused once more.

        A window that its refusals taught is forgotten where it is too small for any prompt: one
        odd refusal must not end a model's use.
        """
        if "calls" not in fault.facts and answerer.context_source == "learned":
            await answerer.provider.forget_window(answerer.name)
            return await self.get()
        counted = fault.facts.get("prompt_tokens")
        if estimated is not None and isinstance(counted, int):
            self._estimates.learn_refused(answerer.choice, estimated, counted)
        smaller = answerer.shrink(fault)
        if smaller is None:
            return None
        return replace(smaller, estimator=self._estimates.get(answerer.choice))

    def find_effort(self, choice: str) -> Effort | None:
        """How much this model may think, None where nobody said."""
        return self._find_settings(choice).effort

    def with_settings(self, choice: str, model: ModelDescription) -> ModelDescription:
        """A model as it is used: with the sizes and the price that were set for it."""
        settings = self._find_settings(choice)
        size, source = model.context_tokens, model.context_source
        wanted = settings.context_tokens or self._context_tokens
        # A refusal that named a smaller size is a fact, whatever was set before it.
        is_refused = source == "learned" and size is not None and size < (wanted or 0)
        if wanted is not None and not is_refused:
            size, source = wanted, "set"
        return replace(
            model,
            context_tokens=size,
            context_source=source,
            answer_tokens=settings.answer_tokens or self._answer_tokens or model.answer_tokens,
            price=settings.price or model.price,
        )

    async def ask_once(
        self,
        compose: Callable[[Budget], Prompt],
        passages: Sequence[Passage] = (),
        *,
        may_be_first: bool = True,
    ) -> str:
        """The text of `ask`, for those to whom half of it is of use."""
        return (await self.ask(compose, passages, may_be_first=may_be_first)).text

    async def ask(
        self,
        compose: Callable[[Budget], Prompt],
        passages: Sequence[Passage] = (),
        *,
        may_be_first: bool = True,
        briefly: bool = False,
    ) -> Answered:
        """Ask something beside the talk; nothing of it is stored. Raises a `ModelFault`.

        `passages` are for the built-in model: the same facts as in the prompt, to quote from.
        Without `may_be_first` a prompt by which the size of the model would be found out is not
        sent: `NotReadYet` is raised. `briefly` as in `get`.
        """
        is_cut = False
        text: list[str] = []
        thinking: list[str] = []
        length = 0
        asked = self.stream_events(compose, passages, may_be_first=may_be_first, briefly=briefly)
        async with aclosing(asked) as events:
            async for event in events:
                if isinstance(event, TextDelta | ThinkingDelta):
                    length += len(event.text)
                    if length > REPLY_CHARACTERS:
                        raise CutOff("The answer was too long and was cut.", code="reply_too_long")
                if isinstance(event, TextDelta):
                    text.append(event.text)
                elif isinstance(event, ThinkingDelta):
                    thinking.append(storable(event.text))
                elif isinstance(event, Reclassified):
                    text, thinking = ([], []) if event.now == "thinking" else (thinking, [])
                elif isinstance(event, Finished):
                    if event.reason == "filtered":
                        raise ModelRefused("The model's provider stopped this answer.")
                    is_cut = event.reason == "length"
        return Answered("".join(text), is_cut)

    async def stream_events(
        self,
        compose: Callable[[Budget], Prompt],
        passages: Sequence[Passage] = (),
        *,
        may_be_first: bool = True,
        briefly: bool = False,
        persona: Persona | None = None,
        most_tokens: int | None = None,
    ) -> AsyncGenerator[ModelEvent]:
        """The same with all that the model says: that it waits, what it thinks, how it ended.

        An answer without its end raises `CutOff`.
        A prompt that turns out too long is made smaller and sent once more.
        `persona` is for the built-in model: whom it speaks as. `most_tokens` limits the answer
        further than what is set.
        """
        answerer = await self.get(briefly=briefly)
        if most_tokens is not None:
            limit = min(answerer.answer_limit or most_tokens, most_tokens)
            answerer = replace(answerer, answer_limit=limit)
        tokens = None
        try:
            prompt = compose(answerer.make_budget())
            tokens = prompt.manifest.total_tokens
            asked = self._ask(answerer, prompt, passages, may_be_first, persona)
            async with aclosing(asked) as events:
                async for event in events:
                    yield event
            return
        except ContextTooLong as fault:
            # Raised before the first word only: a model that writes has read its prompt.
            smaller = await self.make_smaller(answerer, fault, tokens)
            if smaller is None:
                raise
        prompt = compose(smaller.make_budget())
        asked = self._ask(smaller, prompt, passages, may_be_first, persona)
        async with aclosing(asked) as events:
            async for event in events:
                yield event

    async def _ask(
        self,
        answerer: Answerer,
        prompt: Prompt,
        passages: Sequence[Passage],
        may_be_first: bool,
        persona: Persona | None,
    ) -> AsyncGenerator[ModelEvent]:
        tokens = prompt.manifest.total_tokens
        if not may_be_first and self._first_reads.is_first(answerer, tokens):
            raise NotReadYet
        wrote = ended = False
        counted: int | None = None
        try:
            request = replace(answerer.make_request(prompt, passages), persona=persona)
            async with aclosing(self.stream(answerer, request, tokens)) as events:
                async for event in events:
                    if isinstance(event, TextDelta):
                        wrote = True
                        event = TextDelta(storable(event.text))
                    elif isinstance(event, Finished):
                        ended = True
                    elif isinstance(event, Usage):
                        counted = event.tokens_in
                        if self._note_usage is not None:
                            await self._note_usage(answerer.choice, answerer.price, event)
                    yield event
        except ContextTooLong as fault:
            if wrote:
                raise CutOff(fault.sentence) from fault
            raise
        if not ended:
            raise CutOff("The answer was cut off before its end.")
        self.learn(answerer.choice, tokens, counted)


def _reserve(context_tokens: int, limit: int | None, *, thinks: bool) -> int:
    """What a prompt leaves free for the answer."""
    if limit is not None:
        return min(limit, context_tokens // 2)
    if thinks:
        return min(THINKING_RESERVE, context_tokens // 3)
    return min(ANSWER_RESERVE, context_tokens // 4)


def storable(text: str) -> str:
    """The text without what no database takes: NUL and halves of surrogate pairs."""
    if text.isascii():
        return text.replace("\x00", "") if "\x00" in text else text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\x00", "")
