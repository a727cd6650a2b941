"""What aimock is set to answer, and what has to come of it.

Every question carries a key of its own, because aimock counts how often each was asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

TEXT = (
    "The mill stands by the river, and its wheel has not turned since the flood. "
    "Nobody has asked the miller why he still sets the table for two."
)
THOUGHT = "The players want a mystery. An empty mill is a good place for one."
CALLS = 5
"""The most calls that one answer may cost."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """A wire format: how the application is set up for it, and what aimock cannot do in it."""

    name: str
    model: str
    path: str
    address_variable: str
    key_variable: str | None
    filter_reason: str = "content_filter"
    cannot: tuple[str, ...] = ()


DIALECTS = (
    Dialect("openai", "gpt-5", "/v1", "OPENAI_BASE_URL", "OPENAI_API_KEY"),
    Dialect(
        "anthropic",
        "claude-sonnet-4-5",
        "",
        "ANTHROPIC_BASE_URL",
        "ANTHROPIC_API_KEY",
        filter_reason="refusal",
    ),
    Dialect("google", "gemini-2.5-pro", "", "GOOGLE_GEMINI_BASE_URL", "GEMINI_API_KEY"),
    # aimock ends every Ollama answer with "stop".
    Dialect("ollama", "qwen3", "", "OLLAMA_HOST", None, cannot=("length", "filtered")),
)


@dataclass(frozen=True, slots=True)
class WireCase:
    """One kind of answer. `finish` is how it ends, `code` the fault, `text` what must be kept."""

    name: str
    response: dict[str, Any]
    options: dict[str, Any] = field(default_factory=dict)
    first: dict[str, Any] | None = None
    """What the first call of it is answered instead."""
    finish: str | None = "stop"
    codes: tuple[str | None, ...] = ()
    is_whole: bool = True
    thought: str = ""
    calls: tuple[int, int] = (1, 1)

    def list_fixtures(self, dialect: Dialect, key: str) -> list[dict[str, Any]]:
        """In aimock's own form."""
        response = dict(self.response)
        if response.get("finishReason") == "content_filter":
            response["finishReason"] = dialect.filter_reason
        always = {"match": {"userMessage": key}, "response": response, **self.options}
        if self.first is None:
            return [always]
        return [
            {"match": {"userMessage": key, "sequenceIndex": 0}, "response": self.first},
            always,
        ]


def _error(status: int, message: str, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, "type": "test"}, "status": status, **more}


LIMITED = _error(429, "Rate limit reached for requests", retryAfter=1)
OVERLOADED = ("model_overloaded", "model_unavailable")

CASES = (
    WireCase("streamed", {"content": TEXT}),
    WireCase("thinking", {"content": TEXT, "reasoning": THOUGHT}, thought=THOUGHT),
    WireCase("length", {"content": TEXT, "finishReason": "length"}, finish="length"),
    WireCase(
        "filtered", {"content": TEXT, "finishReason": "content_filter"}, finish="filtered",
        codes=(None, "model_refused"),
    ),
    WireCase("limited-once", {"content": TEXT}, first=LIMITED, calls=(2, 2)),
    WireCase(
        "limited", LIMITED, finish=None, codes=("model_rate_limited",), is_whole=False,
        calls=(1, CALLS),
    ),
    WireCase(
        "overloaded-529", _error(529, "Overloaded"), finish=None, codes=OVERLOADED,
        is_whole=False, calls=(1, CALLS),
    ),
    WireCase(
        "failed-500", _error(500, "Internal server error"), finish=None, codes=OVERLOADED,
        is_whole=False, calls=(1, CALLS),
    ),
    WireCase(
        "slow", {"content": TEXT}, {"streamingProfile": {"ttft": 3000, "tps": 10}},
    ),
    WireCase(
        "hangs-up", {"content": TEXT},
        {"streamingProfile": {"ttft": 50, "tps": 5}, "disconnectAfterMs": 900}, finish=None,
        codes=("model_cut_off",), is_whole=False,
    ),
)  # fmt: skip
