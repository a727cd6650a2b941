"""Context sizes of models whose providers do not say them when asked.

Longest matching prefix wins. Too small only shortens the history that is sent; too large
makes the provider refuse the turn: so an unknown model is given a careful size.
"""

from __future__ import annotations

CAREFUL = 8_192

KNOWN: dict[str, dict[str, int]] = {
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
        "gemini-": 1_048_576,
        "gemma-": 32_768,
        "learnlm-": 32_767,
    },
}
_UNKNOWN = {"anthropic": 200_000, "openai": 32_768, "google": 32_768}


def known_context_tokens(provider: str, model: str) -> int | None:
    """The context size of a model by the start of its name, None when it is not known."""
    sizes = KNOWN.get(provider, {})
    matching = [prefix for prefix in sizes if model.startswith(prefix)]
    return sizes[max(matching, key=len)] if matching else None


def careful_context_tokens(provider: str) -> int:
    """The size to count on when nothing is known about a model."""
    return _UNKNOWN.get(provider, CAREFUL)
