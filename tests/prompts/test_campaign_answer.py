"""The answer to a question about a campaign is asked for from numbered quotes alone."""

from __future__ import annotations

from hypothesis import given

from tests.prompts.samples import NONCE, hostile_texts
from tests.prompts.test_compose import BUDGET, check_baseline
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.campaign_answer import Quoted, compose_campaign_answer

COUNTED = ["Mira: named 3 times, in 1 evenings; first mentioned in [1]."]
QUOTES = [
    Quoted(1, "2026-05-02, the game master", "Let us have a ferrywoman called Mira."),
    Quoted(2, "evening 4, 2026-05-09, note", "Mira took them over at night.", -1),
]


def test_a_campaigns_answer_renders_as_its_baseline() -> None:
    prompt = compose_campaign_answer("Who is Mira?", COUNTED, QUOTES, BUDGET, NONCE)
    check_baseline("campaign_answer", prompt)


def test_the_quotes_wanted_most_stay_where_not_all_fit_and_keep_their_order() -> None:
    quotes = [Quoted(n, "2026-05-02", f"Quote {n}. " + "word " * 60, -(n % 7)) for n in range(400)]
    budget = Budget.for_context(4_000)
    prompt = compose_campaign_answer("Who is Mira?", COUNTED, quotes, budget, NONCE)
    assert prompt.manifest.total_tokens <= prompt.manifest.prompt_tokens
    kept = [n for n in range(400) if f"[{n}] " in prompt.system]
    # What is left of the room at the end may hold a shorter one.
    assert len(kept) > 20 and len([n for n in kept if n % 7 != 6]) <= 2
    at = [prompt.system.index(f"[{n}] ") for n in kept]
    assert at == sorted(at)


@given(hostile_texts, hostile_texts)
def test_no_quote_ends_the_record_or_speaks_outside_of_it(origin: str, text: str) -> None:
    prompt = compose_campaign_answer("Who?", [], [Quoted(1, origin, text)], BUDGET, NONCE)
    assert prompt.system.count(f"DATA END {NONCE}") == 1
