"""The body of a chat completion, as OpenAI, routers and servers of one's own take it."""

from __future__ import annotations

from typing import Any, Final, Literal

from ttrpg_assistant.llm.drafts import Draft, as_roles, read_talk
from ttrpg_assistant.llm.efforts import gpt_version, openai_effort
from ttrpg_assistant.llm.memory import Learned
from ttrpg_assistant.llm.types import Effort, ModelRequest

Kind = Literal["openai", "openrouter", "vllm", "llama.cpp", "other"]
"""Who answers: their bodies differ in how thinking and continuing are requested."""

CHAT_PATH: Final = "/chat/completions"
CACHE: Final = {"type": "ephemeral"}
_OLD_LIMIT, _NEW_LIMIT = "max_tokens", "max_completion_tokens"


def draft_chat(request: ModelRequest, learned: Learned, kind: Kind) -> Draft:
    """The body for one request, without what the model refused before."""
    prefills = kind in ("vllm", "llama.cpp")
    system, messages, prefilled = read_talk(request, learned, prefills=prefills)
    streams = not learned.no_streaming
    told = as_roles(system, messages)
    body: dict[str, Any] = {"model": request.model, "messages": told, "stream": streams}
    draft = Draft(CHAT_PATH, body, learned, streams, bool(system), prefilled)
    if streams:
        draft.offer("stream_options", {"include_usage": True}, marks=("include_usage",))
    is_new = kind == "openai" or request.model.startswith(("o1", "o3", "o4"))
    is_new = is_new or gpt_version(request.model) is not None
    names = (_NEW_LIMIT, _OLD_LIMIT) if is_new else (_OLD_LIMIT, _NEW_LIMIT)
    draft.offer_limit(names, request.max_tokens)
    draft.offer("temperature", request.temperature, extra=False)
    if prefilled and kind == "vllm":
        draft.offer("continue_final_message", True)
        draft.offer("add_generation_prompt", False)
    if request.effort is not None:
        _offer_effort(draft, request.model, request.effort, kind)
    if kind == "openrouter" and request.model.startswith("anthropic/"):
        _mark_for_cache(draft, told)
    return draft


def _offer_effort(draft: Draft, model: str, effort: Effort, kind: Kind) -> None:
    if kind == "openrouter":
        value = {"enabled": False} if effort == "off" else {"effort": effort}
        draft.offer("reasoning", value, marks=("reasoning.effort", "reasoning.enabled"))
    elif kind == "openai" or gpt_version(model) is not None:
        draft.offer("reasoning_effort", openai_effort(model, effort))
    else:
        # Templates of models that think read the one, servers that tell them how much the other.
        draft.offer(
            "chat_template_kwargs",
            {"enable_thinking": effort != "off"},
            marks=("enable_thinking",),
        )
        if effort != "off":
            draft.offer("reasoning_effort", effort)


def _mark_for_cache(draft: Draft, told: list[dict[str, Any]]) -> None:
    """Say up to where the prompt stays the same: the instructions, and the talk so far."""
    if "cache_control" in draft.learned.left_out:
        return
    for at in cached_places(told):
        text = told[at]["content"]
        told[at]["content"] = [{"type": "text", "text": text, "cache_control": dict(CACHE)}]
        draft.mark_optional("cache_control")


def cached_places(told: list[dict[str, Any]]) -> list[int]:
    """Which messages end a part that the next request repeats."""
    places = [0] if told and told[0]["role"] == "system" else []
    before_question = len(told) - 2
    return [*places, before_question] if before_question > len(places) - 1 else places
