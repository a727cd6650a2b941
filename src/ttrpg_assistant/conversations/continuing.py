"""An answer that was cut off, continued in the same message.

The model is given the prompt of the question again and the answer so far; what it says next is
joined to that. The text only grows, and without new text the answer stays what it was.
"""

from __future__ import annotations

from dataclasses import replace

from ttrpg_assistant.conversations.answerer import Answerer
from ttrpg_assistant.conversations.built_prompt import BuiltPrompt
from ttrpg_assistant.llm.types import PromptMessage

LEAST_CONTEXT = 512
"""What is left of a model's context for the question, in tokens, however long its answer is."""


def leave_room(answerer: Answerer, earlier: str) -> tuple[Answerer, str]:
    """The model with the part of its context that is left for the question, and as much of the
    end of the answer so far as may be sent along: at most half of what a prompt may take."""
    budget = answerer.make_budget()
    most = max(1, budget.prompt_tokens // 2)
    sent = earlier
    while (tokens := budget.estimator.estimate(sent)) > most:
        sent = sent[-max(1, len(sent) * most // (tokens + 1)) :]
    left = max(min(LEAST_CONTEXT, answerer.context_tokens), answerer.context_tokens - tokens)
    return replace(answerer, context_tokens=left), sent


def continue_prompt(built: BuiltPrompt, answerer: Answerer, sent: str) -> BuiltPrompt:
    """The prompt of the question with the answer so far as its last message."""
    tokens = built.estimated_tokens + answerer.make_budget().estimator.estimate(sent)
    request = replace(
        built.request,
        messages=(*built.request.messages, PromptMessage("assistant", sent)),
        max_tokens=answerer.limit_answer(tokens),
        context_tokens=answerer.context_tokens,
        continues=True,
    )
    return replace(built, request=request, estimated_tokens=tokens)
