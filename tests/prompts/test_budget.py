"""What goes in when not everything does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.errors import ContextTooLong
from ttrpg_assistant.llm.types import PromptMessage, Role
from ttrpg_assistant.prompts.budget import (
    CUT_NOTE,
    KEPT_SHARE,
    MESSAGE_TOKENS,
    WORKING_TOKENS,
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


def named(one: Section) -> Callable[[Set[str]], Section]:
    return lambda shown: one


def newest_first(count: int, size: int = 3) -> Iterator[tuple[int, PromptMessage]]:
    for seq in range(count, 0, -1):
        role: Role = "user" if seq % 2 else "assistant"
        yield seq, PromptMessage(role, f"{seq}: {WORDS * size}")


def cost(fitted: Fitted) -> int:
    rendered = "\n\n".join(one.render() for one in fitted.sections)
    return (
        ESTIMATOR.estimate(rendered)
        + ESTIMATOR.estimate(fitted.new_message)
        + MESSAGE_TOKENS
        + sum(ESTIMATOR.estimate(one.content) + MESSAGE_TOKENS for one in fitted.history)
    )


def names(fitted: Fitted) -> set[str]:
    return {one.section.name for one in fitted.sections if one.items}


def full_request(**changed: object) -> Request:
    values: dict[str, object] = {
        "fixed": "Instructions. " * 10,
        "new_message": "What now?",
        "subject": section("subject", 4),
        "mentioned": named(section("mentioned", 5)),
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
    fitted = fit(full_request(mentioned=named(section("mentioned", 10_000))), Budget(4_000, 1_000))
    assert len(fitted.history) >= 3
    assert fitted.mentioned is not None
    assert fitted.mentioned.left_out()[1] == 10_000 - len(fitted.mentioned.items)


def test_what_talk_does_not_use_goes_to_what_is_mentioned() -> None:
    fitted = fit(full_request(history=iter(())), Budget(4_000, 1_000))
    assert fitted.mentioned is not None
    assert len(fitted.mentioned.items) == 5


def test_what_stays_the_same_does_not_depend_on_the_length_of_the_talk_or_of_the_message() -> None:
    def stable(talk: int, new: str) -> list[str]:
        request = full_request(
            subject=section("subject", 40, 6),
            campaign=[section("npcs", 90), section("locations", 90)],
            summary=section("summary", 60),
            mentioned=named(section("mentioned", talk % 7)),
            history=newest_first(talk),
            new_message=new,
        )
        fitted = fit(request, Budget(4_000, 1_000))
        return [one.render() for one in (fitted.subject, *fitted.campaign, fitted.summary) if one]

    first = stable(0, "What now?")
    assert all(stable(talk, "word " * talk) == first for talk in range(1, 120, 7))


def test_full_talk_is_shortened_in_large_steps_and_between_them_only_grows() -> None:
    starts: list[int] = []
    kept_from = None
    for count in range(1, 400):
        fitted = fit(
            full_request(history=newest_first(count), kept_from=kept_from), Budget(6_000, 1_000)
        )
        kept_from = fitted.first_kept_seq
        assert kept_from is not None
        assert len(fitted.history) == count - kept_from + 1
        starts.append(kept_from)
    steps = [later - earlier for earlier, later in pairwise(starts) if later != earlier]
    assert starts == sorted(starts) and len(steps) > 3
    assert min(steps) >= 0.25 * max(len(fitted.history), 1)


def test_a_start_that_is_not_on_this_path_is_not_begun_at() -> None:
    fitted = fit(full_request(history=newest_first(20), kept_from=500), Budget(8_000, 1_000))
    assert len(fitted.history) == 20


def test_recent_talk_is_bounded_unless_all_of_it_is_asked_for() -> None:
    talk = [(seq, PromptMessage("user", WORDS * 20)) for seq in range(900, 0, -1)]
    bounded = fit(full_request(history=talk), Budget(400_000, 4_000))
    assert bounded.history_tokens <= WORKING_TOKENS
    whole = fit(full_request(history=talk), Budget(400_000, 4_000, whole_history=True))
    assert len(whole.history) == 900 and whole.history_tokens > 5 * WORKING_TOKENS


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
        mentioned=named(Section("mentioned", "Mentioned:", items(), 10_000)), history=messages()
    )
    fitted = fit(request, Budget(4_000, 1_000))
    assert fitted.mentioned is not None
    assert rendered <= len(fitted.mentioned.items) + 6
    # Full talk is shortened: what was read is what would have fitted, and one more.
    assert len(fitted.history) + 1 < read <= len(fitted.history) / KEPT_SHARE + 2


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
        full_request(mentioned=named(Section("mentioned", "Mentioned:", items, 2))),
        Budget(4_000, 1_000),
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


def test_a_reserve_that_is_given_is_kept_but_never_more_than_half() -> None:
    assert Budget.for_context(100_000, reserve_tokens=16_000).prompt_tokens == 84_000
    assert Budget.for_context(8_000, reserve_tokens=64_000).prompt_tokens == 4_000


_sizes = st.integers(0, 40)


@given(st.integers(100, 6_000), _sizes, _sizes, _sizes, _sizes, st.integers(0, 3_000), _sizes)
def test_the_budget_is_never_exceeded(
    tokens: int, subject: int, mentioned: int, campaign: int, talk: int, new: int, size: int
) -> None:
    request = full_request(
        new_message=("word " * new) or "?",
        subject=section("subject", subject, size),
        mentioned=named(section("mentioned", mentioned, size)),
        campaign=[section("npcs", campaign, size), section("locations", campaign)],
        history=newest_first(talk, size),
    )
    fitted = fit(request, Budget(tokens, 0))
    assert cost(fitted) + ESTIMATOR.estimate(request.fixed) <= tokens + 4
