"""The body of Google's generateContent."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from ttrpg_assistant.llm.drafts import Draft, read_talk
from ttrpg_assistant.llm.efforts import gemini_version
from ttrpg_assistant.llm.memory import Learned
from ttrpg_assistant.llm.types import Effort, ModelRequest

_BUDGETS: Final[dict[Effort, int]] = {"off": 0, "low": 1_024, "high": 16_384}
_SMALLEST_PRO_BUDGET: Final = 128
_MARKS: Final = (
    "thinking_config", "thinkingconfig", "thinking budget", "thinking_budget", "thinkingbudget",
    "thinking level", "thinking_level", "thinkinglevel", "include_thoughts", "includethoughts",
    "thinking",
)  # fmt: skip


def draft_content(request: ModelRequest, learned: Learned) -> Draft:
    """The body for one request, without what the model refused before."""
    system, messages, prefilled = read_talk(request, learned)
    streams = not learned.no_streaming
    settings: dict[str, Any] = {}
    body: dict[str, Any] = {
        "contents": [
            {
                "role": "model" if message.role == "assistant" else "user",
                "parts": [{"text": message.content}],
            }
            for message in messages
        ]
    }
    if system:
        body["system_instruction"] = {"parts": [{"text": system}]}
    verb = "streamGenerateContent?alt=sse" if streams else "generateContent"
    path = f"/models/{quote(short_name(request.model), safe='')}:{verb}"
    draft = Draft(path, body, learned, streams, bool(system), prefilled)
    draft.offer_limit(
        ("maxOutputTokens",),
        request.max_tokens,
        within=settings,
        marks=("max_output_tokens", "output tokens"),
    )
    draft.offer("temperature", request.temperature, within=settings, extra=False)
    thinking = _thinking(short_name(request.model), request.effort)
    draft.offer("thinkingConfig", thinking, within=settings, marks=_MARKS)
    if settings:
        body["generationConfig"] = settings
    return draft


def short_name(name: str) -> str:
    """The model's name without the `models/` it is listed under."""
    return name.removeprefix("models/")


def _thinking(model: str, effort: Effort | None) -> dict[str, Any] | None:
    """How to think, and that it is to be shown; None for a model that does not."""
    version = gemini_version(model)
    if version is None or "-image" in model or "-tts" in model:
        return None
    told: dict[str, Any] = {"includeThoughts": effort != "off"}
    if effort is None:
        return told
    if version >= (3, 0):
        lowest = "low" if "-pro" in model else "minimal"
        return {**told, "thinkingLevel": lowest if effort == "off" else effort}
    budget = _BUDGETS[effort]
    return {**told, "thinkingBudget": max(budget, _SMALLEST_PRO_BUDGET * ("-pro" in model))}
