"""What providers publish about their models and do not say when asked: sizes in tokens.

The longest matching start of a name wins. A window that is too small only shortens the history
that is sent; one that is too large makes the provider refuse the turn: so an unknown model is
given a careful size, and what a refusal names is remembered.
"""

from __future__ import annotations

from typing import Final

from ttrpg_assistant.llm.efforts import claude_version

CAREFUL: Final = 8_192

KNOWN: Final[dict[str, dict[str, int]]] = {
    "anthropic": {"claude-": 200_000, "claude-2.0": 100_000, "claude-instant": 100_000},
    "openai": {
        "gpt-3.5-turbo": 16_385,
        "gpt-4": 8_192,
        "gpt-4-turbo": 128_000,
        "gpt-4-1106": 128_000,
        "gpt-4-0125": 128_000,
        "gpt-4o": 128_000,
        "gpt-4.1": 1_047_576,
        "gpt-4.5": 128_000,
        "gpt-5": 272_000,
        "gpt-5-chat": 128_000,
        "gpt-": 128_000,
        "chatgpt-": 128_000,
        "o1": 200_000,
        "o1-mini": 128_000,
        "o1-preview": 128_000,
        "o3": 200_000,
        "o4": 200_000,
    },
    "google": {
        "gemini-1.5-pro": 2_097_152,
        "gemini-1.0": 30_720,
        "gemini-pro": 30_720,
        "gemini-pro-latest": 1_048_576,
        "gemini-": 1_048_576,
        "gemma-": 32_768,
        "learnlm-": 32_767,
    },
}
_UNKNOWN: Final = {"anthropic": 200_000, "openai": 32_768, "google": 32_768}

_CLAUDE_LARGE: Final = 1_000_000
"""The window of Claude from 4.6 on."""


def known_context_tokens(provider: str, model: str) -> int | None:
    """The context size of a model by the start of its name, None when it is not known."""
    if provider == "anthropic" and claude_version(model)[1:] >= (4, 6):
        return _CLAUDE_LARGE
    sizes = KNOWN.get(provider, {})
    matching = [prefix for prefix in sizes if model.startswith(prefix)]
    return sizes[max(matching, key=len)] if matching else None


def claude_answer_tokens(model: str) -> int:
    """The longest answer of a Claude model, thinking included. The provider demands a limit."""
    family, major, minor = claude_version(model)
    version = (major, minor)
    if version < (3, 5):
        return 4_096
    if version < (3, 7):
        return 8_192
    if version < (4, 5) and family == "opus":
        return 32_000
    return 64_000 if version < (4, 6) or (family == "sonnet" and major < 5) else 128_000


def careful_context_tokens(provider: str) -> int:
    """The size to count on when nothing is known about a model."""
    return _UNKNOWN.get(provider, CAREFUL)
