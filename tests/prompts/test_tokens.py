"""Estimates: never far too low, additive, and taught by what providers report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.prompts.samples import hostile_texts
from ttrpg_assistant.prompts.tokens import LearnedEstimates, TokenEstimator

ESTIMATOR = TokenEstimator()


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        # Ranges: from what the leanest common vocabulary makes of it to twice the dearest.
        ("The quick brown fox jumps over the lazy dog. " * 20, 190, 420),
        ("Der alte Soldat bewacht die Brücke über den Fluss. " * 20, 220, 600),
        ("Старый солдат охраняет мост через реку. " * 20, 180, 900),
        ("老兵守着河上的桥。" * 20, 130, 500),
        ("오래된 병사가 다리를 지킨다. " * 20, 180, 700),
        ("المحارب القديم يحرس الجسر فوق النهر. " * 20, 200, 900),
        ("🐉" * 20, 20, 120),
        ("4815162342 " * 20, 80, 320),
        ('{"name": "Mira", "role": "innkeeper"}\n' * 20, 220, 640),
    ],
)
def test_an_estimate_is_near_what_vocabularies_make_of_it(text: str, least: int, most: int) -> None:
    assert least <= ESTIMATOR.estimate(text) <= most


def test_no_text_costs_nothing() -> None:
    assert ESTIMATOR.estimate("") == 0


@given(hostile_texts, hostile_texts, st.floats(0.4, 4.0))
def test_a_whole_never_costs_more_than_its_parts(one: str, two: str, correction: float) -> None:
    estimator = TokenEstimator(correction)
    assert estimator.estimate(one + two) <= estimator.estimate(one) + estimator.estimate(two)


@given(hostile_texts, st.integers(0, 300))
def test_a_cut_text_fits(text: str, tokens: int) -> None:
    kept = ESTIMATOR.cut(text, tokens)
    assert text.startswith(kept)
    assert ESTIMATOR.estimate(kept) <= tokens


@given(hostile_texts, st.integers(0, 300))
def test_surely_over_is_never_wrong(text: str, tokens: int) -> None:
    if ESTIMATOR.is_surely_over(text, tokens):
        assert ESTIMATOR.estimate(text) > tokens


def test_a_model_that_counts_more_is_followed_within_a_few_turns() -> None:
    correction = 1.0
    for _ in range(4):
        estimator = TokenEstimator(correction)
        correction = estimator.corrected(round(1000 * correction), 1400)
    assert 1.3 < correction < 1.5


def test_a_model_that_counts_less_is_followed_slowly() -> None:
    once = TokenEstimator(1.0).corrected(1000, 600)
    assert 0.9 < once < 1.0


@pytest.mark.parametrize("reported", [None, 0, -1])
def test_a_missing_count_teaches_nothing(reported: int | None) -> None:
    assert TokenEstimator(1.2).corrected(1000, reported) == 1.2


@given(st.lists(st.integers(1, 10**9), max_size=60))
def test_absurd_counts_never_lead_far_away(reported: list[int]) -> None:
    correction = 1.0
    for count in reported:
        correction = TokenEstimator(correction).corrected(1000, count)
    assert 0.4 <= correction <= 4.0


def test_a_provider_that_reports_too_little_never_makes_prompts_larger() -> None:
    correction = 1.0
    for _ in range(60):
        correction = TokenEstimator(correction).corrected(round(24_000 * correction), 9)
    assert correction == 1.0


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**9), st.just(9)), max_size=60))
def test_no_count_leads_prompts_past_what_the_model_reads(reported: list[int | None]) -> None:
    estimates = LearnedEstimates()
    text = "The ferry leaves when the ferrywoman says so. " * 300
    at_first = estimates.get("openai:m").estimate(text)
    for count in reported:
        estimates.learn("openai:m", 1000, count)
        assert estimates.get("openai:m").estimate(text) >= at_first


def test_counts_that_waver_do_not_change_what_fits_from_turn_to_turn() -> None:
    estimates = LearnedEstimates()
    used = []
    for turn in range(40):
        estimator = estimates.get("openai:m")
        used.append(estimator.correction)
        real = (1300, 1340, 1280)[turn % 3]
        estimates.learn("openai:m", round(1000 * estimator.correction), real)
    assert len(set(used[8:])) == 1 and 1.2 < used[-1] < 1.45


def test_a_model_that_counted_more_for_a_while_is_believed_again() -> None:
    estimates = LearnedEstimates()
    for count in (1900, 1900, *[1000] * 40):
        correction = estimates.get("openai:m").correction
        estimates.learn("openai:m", round(1000 * correction), count)
    assert estimates.get("openai:m").correction < 1.1


def test_a_family_with_a_finer_vocabulary_begins_dearer() -> None:
    text = "A word or two about the ford. " * 50
    anthropic = TokenEstimator.for_provider("anthropic")
    assert anthropic.estimate(text) > TokenEstimator.for_provider("openai").estimate(text)
