"""Tries one model with one small question: does it answer, how soon, and does it think?"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from ttrpg_assistant.errors import CutOff, ModelFault, Stalled
from ttrpg_assistant.llm.ports import Provider
from ttrpg_assistant.llm.types import (
    Effort,
    Finished,
    ModelRequest,
    PromptMessage,
    TextDelta,
    ThinkingDelta,
)

TRIAL_SECONDS: Final = 90.0
"""How long a model may take to its first word; one at home may have to be loaded first."""

_QUESTION: Final = "Answer with one word: what do dragons guard?"
_CONTEXT_TOKENS: Final = 4_096


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it. `seconds` are those to the first word; `fault` is why there was none."""

    seconds: float | None
    thinks: bool
    fault: ModelFault | None = None


async def try_model(provider: Provider, model: str, effort: Effort | None) -> Trial:
    """Ask the model one tiny question, and hang up after its first word."""
    request = ModelRequest(
        model,
        "",
        (PromptMessage("user", _QUESTION),),
        context_tokens=_CONTEXT_TOKENS,
        effort=effort,
    )
    clock = asyncio.get_running_loop().time
    begin = clock()
    thinks = False
    try:
        async with asyncio.timeout(TRIAL_SECONDS):
            async with aclosing(provider.stream(request)) as events:
                async for event in events:
                    thinks = thinks or isinstance(event, ThinkingDelta)
                    if isinstance(event, TextDelta | Finished):
                        return Trial(round(clock() - begin, 2), thinks)
        fault: ModelFault = CutOff("The answer was cut off before its first word.")
    except TimeoutError:
        fault = Stalled(f"The model said nothing within {TRIAL_SECONDS:.0f} seconds.")
    except ModelFault as reason:
        fault = reason
    return Trial(None, thinks, fault)
