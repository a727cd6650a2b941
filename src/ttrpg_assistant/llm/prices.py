"""What a model costs: US dollars per million tokens, and what one answer came to.

The table holds well-known models by the start of their name, as their providers priced them in
November 2026; the longest start wins. What a provider lists itself is newer than any table, and
what the game master sets is truer than both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

import msgspec

PriceSource = Literal["table", "listed", "set"]

MICROCENTS_PER_DOLLAR: Final = 100_000_000

MOST_DOLLARS: Final = 100_000.0
"""The highest price of a million tokens that is believed, and the most that one answer is said
to cost: what is above it is a mistake, and sums must fit into a database."""


class Price(msgspec.Struct, frozen=True, gc=False):
    """US dollars per million tokens: read, read from the provider's cache, and written."""

    tokens_in: float
    tokens_cached: float
    tokens_out: float
    source: PriceSource = "table"


_TABLE: Final[dict[str, Price | None]] = {
    "claude-fable-5": Price(10.0, 1.0, 50.0),
    "claude-fable-5-1": Price(10.0, 0.25, 50.0),
    "claude-mythos-5": Price(10.0, 1.0, 50.0),
    "claude-opus-5-5": Price(4.0, 0.2, 20.0),
    "claude-opus-5": Price(5.0, 0.5, 25.0),
    "claude-opus-4": Price(15.0, 1.5, 75.0),
    "claude-opus-4-5": Price(5.0, 0.5, 25.0),
    "claude-opus-4-6": Price(5.0, 0.5, 25.0),
    "claude-opus-4-7": Price(5.0, 0.5, 25.0),
    "claude-opus-4-8": Price(5.0, 0.5, 25.0),
    "claude-3-opus": Price(15.0, 1.5, 75.0),
    "claude-sonnet-5-5": Price(2.0, 0.1, 10.0),
    "claude-sonnet-5": Price(2.0, 0.2, 10.0),
    "claude-sonnet-4": Price(3.0, 0.3, 15.0),
    "claude-3-7-sonnet": Price(3.0, 0.3, 15.0),
    "claude-3-5-sonnet": Price(3.0, 0.3, 15.0),
    "claude-haiku-4-5": Price(1.0, 0.1, 5.0),
    "claude-3-5-haiku": Price(0.8, 0.08, 4.0),
    "claude-3-haiku": Price(0.25, 0.03, 1.25),
    "gpt-5": Price(1.25, 0.125, 10.0),
    "gpt-5-mini": Price(0.25, 0.025, 2.0),
    "gpt-5-nano": Price(0.05, 0.005, 0.4),
    "gpt-5-pro": Price(15.0, 15.0, 120.0),
    "gpt-5.1": Price(1.25, 0.125, 10.0),
    "gpt-5.2": Price(1.75, 0.175, 14.0),
    "gpt-5.2-pro": None,
    "gpt-5.4": Price(2.5, 0.25, 15.0),
    "gpt-5.4-mini": Price(0.75, 0.075, 4.5),
    "gpt-5.4-nano": None,
    "gpt-5.4-pro": None,
    "gpt-4.1": Price(2.0, 0.5, 8.0),
    "gpt-4.1-mini": Price(0.4, 0.1, 1.6),
    "gpt-4.1-nano": Price(0.1, 0.025, 0.4),
    "gpt-4o": Price(2.5, 1.25, 10.0),
    "gpt-4o-mini": Price(0.15, 0.075, 0.6),
    "o1": Price(15.0, 7.5, 60.0),
    "o1-mini": Price(1.1, 0.55, 4.4),
    "o1-pro": None,
    "o3": Price(2.0, 0.5, 8.0),
    "o3-mini": Price(1.1, 0.55, 4.4),
    "o3-pro": None,
    "o3-deep-research": None,
    "o4-mini": Price(1.1, 0.275, 4.4),
    "o4-mini-deep-research": None,
    "gemini-3.1-pro": Price(2.0, 0.2, 12.0),
    "gemini-3-pro": Price(2.0, 0.2, 12.0),
    "gemini-3-flash": Price(0.5, 0.05, 3.0),
    "gemini-2.5-pro": Price(1.25, 0.125, 10.0),
    "gemini-2.5-flash": Price(0.3, 0.03, 2.5),
    "gemini-2.5-flash-lite": Price(0.1, 0.01, 0.4),
    "gemini-2.0-flash": Price(0.1, 0.025, 0.4),
}
"""By the start of a name that is followed by nothing or a hyphen; None for one whose price is
not known here though the start of its name has one."""

_RECOMMENDED: Final = (
    "claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", "claude-sonnet-5",
    "claude-haiku-4-5", "gpt-5.5", "gpt-5.4", "gpt-5.4-mini", "gpt-5.1", "gemini-3.1-pro",
    "gemini-3-flash", "gemini-2.5-flash", "deepseek-v3.2", "deepseek-chat", "glm-4.6",
    "mistral-large", "qwen3-235b-a22b", "kimi-k2",
)  # fmt: skip
"""Models that write well at a table and are neither a curiosity nor about to be withdrawn."""

_NOT_RECOMMENDED: Final = (
    "-pro", "-nano", "-codex", "-chat-latest", "-search", "-audio", "-lite", "-image", "-tts",
    "-vl", ":free", "-deep-research", "-live", "-coder",
)  # fmt: skip

FREE: Final = Price(0.0, 0.0, 0.0)


def cost_in_microcents(
    price: Price, tokens_in: int | None, tokens_cached: int | None, tokens_out: int | None
) -> int | None:
    """What one answer cost, in hundred-millionths of a dollar; None when nothing was counted.

    `tokens_in` is the whole prompt, of which `tokens_cached` were read from the cache.
    """
    if tokens_in is None and tokens_out is None:
        return None
    whole = max(0, tokens_in or 0)
    cached = min(whole, max(0, tokens_cached or 0))
    dollars_per_million = (
        (whole - cached) * price.tokens_in
        + cached * price.tokens_cached
        + max(0, tokens_out or 0) * price.tokens_out
    )
    dollars = min(dollars_per_million / 1_000_000, MOST_DOLLARS)
    return round(dollars * MICROCENTS_PER_DOLLAR)


def find_price(model: str) -> Price | None:
    """The price of a well-known model, None where it is not known.

    Routers put the maker before the name (`anthropic/claude-…`) and write versions with dots.
    """
    prefix = _find_prefix(model, _TABLE)
    return None if prefix is None else _TABLE[prefix]


def is_recommended(model: str) -> bool:
    """Whether a model is one to begin with, for somebody who knows none of them."""
    prefix = _find_prefix(model, _RECOMMENDED)
    if prefix is None:
        return False
    rest = _plain_name(model)[len(prefix) :]
    return not any(mark in rest for mark in _NOT_RECOMMENDED)


def _find_prefix(model: str, prefixes: Iterable[str]) -> str | None:
    name = _plain_name(model)
    matching = [p for p in prefixes if name == p or name.startswith((f"{p}-", f"{p}:"))]
    return max(matching, key=len, default=None)


def _plain_name(model: str) -> str:
    name = model.rpartition("/")[2].lower()
    return name.replace(".", "-") if name.startswith("claude-") else name
