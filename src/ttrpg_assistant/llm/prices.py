"""What a model costs: US dollars per million tokens, and what one answer came to.

The table holds well-known models by the start of their name; the longest start wins. What a
provider lists itself is newer than any table, and what the game master sets is truer than both.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

PriceSource = Literal["table", "listed", "set"]

PRICES_AS_OF: Final = "2026-11"
"""When the table was last compared with the providers' own pages."""

MICROCENTS_PER_DOLLAR: Final = 100_000_000


class Price(msgspec.Struct, frozen=True, gc=False):
    """US dollars per million tokens: read, read from the provider's cache, and written."""

    tokens_in: float
    tokens_cached: float
    tokens_out: float
    source: PriceSource = "table"


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
    return round(dollars_per_million * (MICROCENTS_PER_DOLLAR / 1_000_000))
