"""What goes in when not everything does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.errors import ContextTooLong
from ttrpg_assistant.llm.types import PromptMessage, Role
from ttrpg_assistant.prompts.budget import (
    CUT_NOTE,
    MESSAGE_TOKENS,
    Budget,
    Fitted,
    Item,
    Request,
    Section,
    fit,
)
from ttrpg_assistant.prompts.tokens import TokenEstimator

ESTIMATOR = TokenEstimator()
WORDS = "some words about the ford and the inn "


def section(name: str, count: int, size: int = 3) -> Section:
    items = (Item(f"- {name} {at} {WORDS * size}".rstrip()) for at in range(count))
    return Section(name, f"{name.capitalize()}:", items, count)


def newest_first(count: int, size: int = 3) -> Iterator[tuple[int, PromptMessage]]:
    for seq in range(count, 0, -1):
        role: Role = "user" if seq % 2 else "assistant"
        yield seq, PromptMessage(role, f"{seq}: {WORDS * size}")


def cost(fitted: Fitted) -> int:
    sections = [fitted.subject, fitted.mentioned, fitted.summary, *fitted.campaign]
    rendered = "\n\n".join(one.render() for one in sections if one is not None)
    return (
        ESTIMATOR.estimate(rendered)
        + ESTIMATOR.estimate(fitted.new_message)
        + MESSAGE_TOKENS
        + sum(ESTIMATOR.estimate(one.content) + MESSAGE_TOKENS for one in fitted.history)
    )


def names(fitted: Fitted) -> set[str]:
    sections = [fitted.subject, fitted.mentioned, fitted.summary, *fitted.campaign]
    return {one.section.name for one in sections if one is not None and one.items}


def full_request(**changed: object) -> Request:
    values: dict[str, object] = {
        "fixed": "Instructions. " * 10,
        "new_message": "What now?",
        "subject": section("subject", 4),
        "mentioned": section("mentioned", 5),
        "summary": section("summary", 4),
        "campaign": [section("npcs", 20), section("locations", 10)],
        "history": newest_first(200),
    }
    return Request(**(values | changed))  # type: ignore[arg-type]


def test_everything_goes_in_when_there_is_room() -> None:
    fitted = fit(full_request(), Budget(200_000, 4_000))
    assert names(fitted) == {"subject", "mentioned", "summary", "npcs", "locations"}
    assert len(fitted.history) == 200
    assert [one.content[:2] for one in fitted.history[:2]] == ["1:", "2:"]
    assert fitted.first_kept_seq == 1


def test_the_newest_messages_are_kept_whole_and_in_order() -> None:
    fitted = fit(full_request(), Budget(4_000, 1_000))
    kept = [int(one.content.partition(":")[0]) for one in fitted.history]
    assert 3 < len(kept) < 200
    assert kept == list(range(kept[0], 201))
    assert fitted.first_kept_seq == kept[0]
    assert all(one.content.endswith(WORDS) for one in fitted.history)


def test_a_long_history_does_not_push_out_the_campaign_or_what_is_mentioned() -> None:
    fitted = fit(full_request(history=newest_first(10_000)), Budget(4_000, 1_000))
    assert names(fitted) == {"subject", "mentioned", "summary", "npcs", "locations"}


def test_ten_thousand_mentioned_things_do_not_push_out_the_talk() -> None:
    fitted = fit(full_request(mentioned=section("mentioned", 10_000)), Budget(4_000, 1_000))
    assert len(fitted.history) >= 3
    assert fitted.mentioned is not None
    assert fitted.mentioned.left_out()[1] == 10_000 - len(fitted.mentioned.items)


def test_unused_shares_go_to_others() -> None:
    fitted = fit(full_request(history=iter(())), Budget(4_000, 1_000))
    assert fitted.mentioned is not None
    assert len(fitted.mentioned.items) == 5
    assert [len(one.items) for one in fitted.campaign] == [20, 10]


def test_only_what_may_fit_is_rendered() -> None:
    rendered = 0

    def items() -> Iterator[Item]:
        nonlocal rendered
        for at in range(10_000):
            rendered += 1
            yield Item(f"- {at} {WORDS}")

    read = 0

    def messages() -> Iterator[tuple[int, PromptMessage]]:
        nonlocal read
        for message in newest_first(10_000):
            read += 1
            yield message

    request = full_request(
        mentioned=Section("mentioned", "Mentioned:", items(), 10_000), history=messages()
    )
    fitted = fit(request, Budget(4_000, 1_000))
    assert fitted.mentioned is not None
    assert rendered <= len(fitted.mentioned.items) + 6
    assert read == len(fitted.history) + 1


def test_a_giant_new_message_is_cut_with_a_note() -> None:
    fitted = fit(full_request(new_message=WORDS * 100_000), Budget(4_000, 1_000))
    assert fitted.is_new_message_cut
    assert fitted.new_message.startswith(WORDS)
    assert fitted.new_message.endswith(CUT_NOTE)
    assert "subject" in names(fitted)
    assert cost(fitted) <= 3_000


def test_a_giant_newest_reply_is_shortened_instead_of_leaving_no_history() -> None:
    giant = (7, PromptMessage("assistant", WORDS * 10_000))
    fitted = fit(full_request(history=iter([giant])), Budget(4_000, 1_000))
    assert fitted.is_history_cut
    assert fitted.first_kept_seq == 7
    assert fitted.history[0].content.endswith(CUT_NOTE)


def test_a_cut_splits_no_character() -> None:
    fitted = fit(full_request(new_message="👩‍👩‍👧" * 5_000), Budget(2_000, 500))
    kept = fitted.new_message.removesuffix(CUT_NOTE)
    assert kept == "👩‍👩‍👧" * (len(kept) // len("👩‍👩‍👧"))


def test_a_thing_too_large_does_not_keep_smaller_ones_out() -> None:
    items = [Item("- giant " + WORDS * 5_000), Item("- small")]
    fitted = fit(
        full_request(mentioned=Section("mentioned", "Mentioned:", items, 2)), Budget(4_000, 1_000)
    )
    assert fitted.mentioned is not None
    assert [item.text for item in fitted.mentioned.items] == ["- small"]


@pytest.mark.parametrize("context", [0, 1, 20, 40])
def test_a_context_too_small_to_talk_in_is_said_so(context: int) -> None:
    with pytest.raises(ContextTooLong) as said:
        fit(full_request(), Budget(context, 0))
    assert said.value.facts["context_tokens"] == context


def test_a_quarter_of_a_small_context_is_kept_for_the_answer() -> None:
    assert Budget.for_context(4_096).prompt_tokens == 3_072
    assert Budget.for_context(200_000).prompt_tokens == 195_904


_sizes = st.integers(0, 40)


@given(st.integers(100, 6_000), _sizes, _sizes, _sizes, _sizes, st.integers(0, 3_000), _sizes)
def test_the_budget_is_never_exceeded(
    tokens: int, subject: int, mentioned: int, campaign: int, talk: int, new: int, size: int
) -> None:
    request = full_request(
        new_message=("word " * new) or "?",
        subject=section("subject", subject, size),
        mentioned=section("mentioned", mentioned, size),
        campaign=[section("npcs", campaign, size), section("locations", campaign)],
        history=newest_first(talk, size),
    )
    fitted = fit(request, Budget(tokens, 0))
    assert cost(fitted) + ESTIMATOR.estimate(request.fixed) <= tokens + 4
