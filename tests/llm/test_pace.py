"""Ticks at which what models write is taken up and told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.llm.pace import LONGEST_TICK, TICK_SECONDS, is_due, next_tick, tick_seconds

moments = st.floats(min_value=0, max_value=10_000_000)
answers = st.integers(min_value=0, max_value=5_000)


@given(now=moments, count=answers)
def test_the_next_tick_comes_soon_and_is_the_same_for_every_answer(now: float, count: int) -> None:
    seconds = tick_seconds(count)
    tick = next_tick(now, seconds)
    assert now < tick < now + seconds + 0.006
    assert abs(tick / seconds - round(tick / seconds)) < 0.001
    assert not is_due(now, tick) or tick - now < 0.0051


@given(now=moments, count=answers)
def test_a_timer_that_is_a_little_early_is_on_time_and_the_tick_after_it_is_another(
    now: float, count: int
) -> None:
    seconds = tick_seconds(count)
    tick = next_tick(now, seconds)
    early = tick - 0.001
    assert is_due(early, tick)
    assert next_tick(early, seconds) > tick + seconds / 2


@given(count=answers)
def test_ticks_become_longer_with_more_answers_and_still_flow(count: int) -> None:
    assert TICK_SECONDS <= tick_seconds(count) <= tick_seconds(count + 1) <= LONGEST_TICK
    assert tick_seconds(1) == TICK_SECONDS
