"""A model that is ready to be asked: what it reads, what it may say, what is sent to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ttrpg_assistant.errors import ContextTooLong
from ttrpg_assistant.llm.calls import MOST_CALLS
from ttrpg_assistant.llm.ports import Provider
from ttrpg_assistant.llm.prices import Price
from ttrpg_assistant.llm.types import ContextSource, Effort, ModelRequest, Passage
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import Prompt
from ttrpg_assistant.prompts.tokens import TokenEstimator

SMALLEST_ANSWER: Final = 256
"""A limit below this is not sent: the window is full, and the server says so itself."""

SMALLEST_CONTEXT: Final = 512
"""Below this a prompt is not made smaller any more."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """A model ready to be asked. All sizes are in tokens.

    `context_tokens` is what it can read, answer included; `reserve_tokens` is what a prompt
    leaves free of that. `answer_limit` is the length that the game master allows an answer,
    None where only the model's own limit counts. `price` is None where it is not known.
    """

    choice: str
    provider: Provider
    name: str
    context_tokens: int
    reserve_tokens: int
    answer_limit: int | None = None
    effort: Effort | None = None
    price: Price | None = None
    context_source: ContextSource = "assumed"
    shares_window: bool = False
    calls_made: int = 0
    """Calls made for the same answer before, with a prompt that turned out too long."""
    estimator: TokenEstimator | None = None
    """What experience with the model has taught of its tokens, None before there is any."""

    def make_budget(self) -> Budget:
        """What a prompt for this model may cost."""
        return Budget(
            self.context_tokens,
            self.reserve_tokens,
            self.choice,
            self.estimator or TokenEstimator.for_provider(self.choice.partition(":")[0]),
        )

    def make_request(self, prompt: Prompt, passages: Sequence[Passage] = ()) -> ModelRequest:
        """The prompt as a call of this model; `passages` are for the built-in one."""
        return ModelRequest(
            model=self.name,
            system=prompt.system,
            messages=prompt.messages,
            max_tokens=self.limit_answer(prompt.manifest.total_tokens),
            context_tokens=self.context_tokens,
            effort=self.effort,
            calls_made=self.calls_made,
            passages=tuple(passages),
            question=prompt.question,
        )

    def limit_answer(self, prompt_tokens: int) -> int | None:
        """The length limit to send with a prompt of this size; None for the model's own.

        A server whose window holds prompt and answer together is sent what is left of it:
        some write only a few hundred tokens when nothing is said.
        """
        if not self.shares_window:
            return self.answer_limit
        left = self.context_tokens - prompt_tokens
        if self.answer_limit is not None:
            left = min(left, self.answer_limit)
        return left if left >= SMALLEST_ANSWER else None

    def shrink(self, fault: ContextTooLong) -> Answerer | None:
        """The same model for one more attempt with a smaller prompt, None if there is no room
        or no call left.

        The refusal's own size is believed where it is smaller, else half of the size is used.
        """
        said, calls = fault.facts.get("context_tokens"), fault.facts.get("calls")
        size = self.context_tokens // 2
        if isinstance(said, int) and said < self.context_tokens:
            size = said
        made = calls if isinstance(calls, int) else 1
        if size < SMALLEST_CONTEXT or made >= MOST_CALLS:
            return None
        reserve = min(self.reserve_tokens, size // 4)
        return replace(self, context_tokens=size, reserve_tokens=reserve, calls_made=made)
