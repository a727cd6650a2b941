"""What an answer costs, and whose price it is."""

from __future__ import annotations

import pytest

from ttrpg_assistant.llm.prices import (
    FREE,
    MICROCENTS_PER_DOLLAR,
    MOST_DOLLARS,
    Price,
    cost_in_microcents,
    find_price,
    is_recommended,
)


def test_what_came_from_the_cache_costs_less() -> None:
    price = Price(3.0, 0.3, 15.0)
    cost = cost_in_microcents(price, 1_000_000, 400_000, 100_000)
    assert cost == round((0.6 * 3.0 + 0.4 * 0.3 + 0.1 * 15.0) * MICROCENTS_PER_DOLLAR)


def test_odd_counts_never_make_a_cost_negative() -> None:
    price = Price(3.0, 0.3, 15.0)
    assert cost_in_microcents(price, None, None, None) is None
    assert cost_in_microcents(price, 10, 50, None) == round(10 * 0.3 * 100)
    assert cost_in_microcents(price, -5, -5, -5) == 0
    assert cost_in_microcents(FREE, 1_000, 0, 1_000) == 0


def test_no_answer_costs_more_than_a_sum_can_hold() -> None:
    huge = Price(MOST_DOLLARS, MOST_DOLLARS, MOST_DOLLARS)
    cost = cost_in_microcents(huge, 10**15, 0, 10**15)
    assert cost == MOST_DOLLARS * MICROCENTS_PER_DOLLAR
    assert cost < 2**63 // 10_000, "ten thousand such answers can be summed"


@pytest.mark.parametrize(
    ("model", "dollars_in"),
    [
        ("claude-opus-5-5", 4.0),
        ("claude-opus-5-20260724", 5.0),
        ("anthropic/claude-opus-4.5", 5.0),
        ("claude-opus-4-20250514", 15.0),
        ("gpt-5-mini-2025-08-07", 0.25),
        ("gpt-5", 1.25),
        ("gpt-5.9", None),
        ("gpt-5.2-pro", None),
        ("gpt-50", None),
        ("gemini-2.5-flash-lite", 0.1),
        ("somebodys-finetune", None),
    ],
)
def test_a_price_is_only_known_for_the_model_it_was_published_for(
    model: str, dollars_in: float | None
) -> None:
    price = find_price(model)
    assert (price.tokens_in if price else None) == dollars_in


def test_what_is_recommended_is_a_model_to_talk_with() -> None:
    assert is_recommended("anthropic/claude-sonnet-5")
    assert is_recommended("gemini-3-flash-preview")
    for name in ("gpt-5.1-codex", "gpt-5.4-pro", "gemini-2.5-flash-lite", "llama-2-7b", ""):
        assert not is_recommended(name)
