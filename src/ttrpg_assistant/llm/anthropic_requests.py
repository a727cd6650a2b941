"""The body of Anthropic's messages."""

from __future__ import annotations

from typing import Any, Final

from ttrpg_assistant.llm.drafts import Draft, as_roles, read_talk
from ttrpg_assistant.llm.efforts import claude_thinking
from ttrpg_assistant.llm.memory import Learned
from ttrpg_assistant.llm.types import Effort, ModelRequest

MESSAGES_PATH: Final = "/v1/messages"
CACHE: Final = {"type": "ephemeral"}

_BUDGETS: Final[dict[Effort, int]] = {"off": 0, "low": 4_096, "high": 16_384}
_SMALLEST_BUDGET: Final = 1_024
_MARKS: Final = ("thinking.type", "budget_tokens", "adaptive", "thinking.budget_tokens")


def draft_messages(request: ModelRequest, learned: Learned, most_answer_tokens: int) -> Draft:
    """The body for one request, without what the model refused before.

    The provider demands a limit: without one in the request it is the model's own.
    """
    style = claude_thinking(request.model)
    thinks = request.effort not in (None, "off") or style in ("by_default", "always")
    prefills = style in ("none", "budget") and not thinks
    system, messages, prefilled = read_talk(request, learned, prefills=prefills)
    streams = not learned.no_streaming
    told = as_roles("", messages)
    body: dict[str, Any] = {"model": request.model, "messages": told, "stream": streams}
    draft = Draft(MESSAGES_PATH, body, learned, streams, bool(system), prefilled)
    limit = request.max_tokens or most_answer_tokens
    draft.offer_limit(("max_tokens",), limit, required=True)
    if system:
        body["system"] = system
    if "cache_control" not in learned.left_out:
        # The instructions, and the talk up to the question: the next request repeats both.
        if system:
            body["system"] = [_cached(system)]
        if len(told) > 1:
            told[-2]["content"] = [_cached(told[-2]["content"])]
        if system or len(told) > 1:
            draft.mark_optional("cache_control")
    thinking = _offer_thinking(draft, request.effort)
    if request.temperature is not None and not thinking:
        draft.offer("temperature", min(request.temperature, 1.0), extra=False)
    return draft


def _cached(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text, "cache_control": dict(CACHE)}


def _offer_thinking(draft: Draft, effort: Effort | None) -> bool:
    """Say how much to think; whether the model thinks then."""
    style = claude_thinking(draft.body["model"])
    if style == "none" or (effort is None and style in ("budget", "adaptive")):
        return False
    if style == "budget":
        limit = draft.limit or 0
        budget = min(_BUDGETS[effort or "off"], limit // 2)
        if budget < _SMALLEST_BUDGET:
            return False
        thinking: dict[str, Any] = {"type": "enabled", "budget_tokens": budget}
        return draft.offer("thinking", thinking, marks=_MARKS)
    if effort == "off" and style != "always":
        if style == "by_default":
            draft.offer("thinking", {"type": "disabled"}, marks=("thinking.type", "disabled"))
        return False
    if effort is not None:
        told = {"effort": "low" if effort == "off" else effort}
        draft.offer("output_config", told, marks=("output_config.effort", "effort"))
    # Newer models show what they think only where it is asked for.
    shown = {"type": "adaptive", "display": "summarized"}
    return draft.offer("thinking", shown, marks=("thinking.type", "adaptive", "display"))
