"""However hostile the fields, they stay in their block, on their line, within their limit."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.prompts.samples import (
    NONCE,
    hostile_campaigns,
    hostile_facts,
    hostile_sheets,
    hostile_texts,
)
from ttrpg_assistant.errors import ContextTooLong
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import (
    Prompt,
    compose_about,
    compose_chat,
    compose_voice,
)
from ttrpg_assistant.prompts.entity_facts import EntityFact
from ttrpg_assistant.prompts.facts import (
    CampaignFacts,
    History,
    HistoryMessage,
    NpcSheet,
    Summary,
    SummaryPart,
    voice_sheet,
)
from ttrpg_assistant.prompts.purposes import PURPOSES
from ttrpg_assistant.prompts.sections import NOTES_CHARACTERS, RECAP_CHARACTERS

slow_to_make = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

histories = st.builds(
    History,
    messages=st.lists(
        st.builds(
            HistoryMessage,
            seq=st.integers(1, 10**6),
            role=st.sampled_from(["user", "assistant"]),
            content=hostile_texts,
            mode=st.sampled_from([None, "about", "as"]),
            speaker=hostile_texts,
        ),
        max_size=4,
    ).map(tuple),
    summary=st.none()
    | st.builds(
        Summary,
        st.lists(st.builds(SummaryPart, hostile_texts, hostile_texts), max_size=3),
        mode=st.sampled_from([None, "about", "as"]),
    ),
)
budgets = st.integers(2_000, 60_000).map(Budget.for_context)

_MARKER = re.compile(
    rf"### (CHARACTER|CAMPAIGN|CONVERSATION|CURRENT) DATA (BEGIN|END) {NONCE} ###\Z"
)
_OUR_LINES = re.compile(
    r"(?:- |  )?[^:]{0,200}:.*"  # a labelled value, or a heading of ours
    r"|- .*"  # a thing in a list
    r"|",
    re.DOTALL,
)
_HEADINGS = re.compile(
    r"(?:NPCs|Locations|Game session|Notes of this game session|Events of this game session"
    r"|Plot points|The game session before|State of the world|House rules|Named in this talk"
    r"|What you know|Said earlier, in short|Game master's notes|Noted last at the table"
    r"|The world you live in)(?: \(some of \d+\))?:\Z"
)


def check_blocks(prompt: Prompt) -> None:
    """Every block opens and closes once, and every line inside is one of ours."""
    # What stands below the data in the last message is the message itself.
    last = prompt.messages[-1].content.removesuffix(prompt.question)
    lines = [*prompt.system.split("\n"), *last.split("\n")]
    assert all(NONCE not in message.content for message in prompt.messages[:-1])
    assert NONCE not in prompt.question
    markers = [found for line in lines if (found := _MARKER.match(line))]
    opened = [found[1] for found in markers if found[2] == "BEGIN"]
    assert len(opened) == len(set(opened))
    assert [(found[1], found[2]) for found in markers] == [
        (what, side) for what in opened for side in ("BEGIN", "END")
    ]
    # The rules name the nonce once; beyond that it stands in markers only.
    assert prompt.system.count(NONCE) + last.count(NONCE) == 1 + len(markers)
    inside = ""
    headings: list[str] = []
    for line in lines:
        found = _MARKER.match(line)
        if found is not None:
            inside = found[1] if found[2] == "BEGIN" else ""
        elif inside:
            assert "##" not in line
            assert "```" not in line
            assert "---" not in line
            assert len(line.splitlines()) <= 1
            assert _OUR_LINES.match(line), line
            if _HEADINGS.match(line):
                headings.append(line)
            elif line and not line.startswith(("- ", "  ")):
                check_label(line, inside)
    assert len(headings) == len(set(headings))


_HEAD_LABELS = {
    "CAMPAIGN": ("Campaign", "System", "Setting", "Description", "Now"),
    "CHARACTER": (),
    "CONVERSATION": (),
}


def check_label(line: str, inside: str) -> None:
    """A line that stands at the margin begins with a label; values never begin one."""
    label, separator, value = line.partition(": ")
    assert separator or line.endswith(":"), line
    if inside == "CAMPAIGN":
        assert label in _HEAD_LABELS["CAMPAIGN"], line
    assert inside not in ("CONVERSATION", "CURRENT"), line
    assert len(value) <= 500 + 3 + 500


def check_budget(prompt: Prompt, budget: Budget) -> None:
    estimate = budget.estimator.estimate
    total = estimate(prompt.system) + sum(estimate(one.content) for one in prompt.messages)
    assert total <= prompt.manifest.total_tokens <= budget.prompt_tokens


@slow_to_make
@given(hostile_campaigns, histories, hostile_texts, budgets, st.sampled_from(PURPOSES))
def test_no_field_of_a_campaign_leaves_its_place(
    facts: CampaignFacts, history: History, message: str, budget: Budget, purpose: str
) -> None:
    prompt = compose_chat(
        facts=facts,
        history=history,
        new_message=message,
        budget=budget,
        nonce=NONCE,
        purpose=purpose,  # type: ignore[arg-type]
    )
    check_blocks(prompt)
    check_budget(prompt, budget)


@slow_to_make
@given(hostile_sheets, hostile_campaigns, histories, budgets)
def test_no_field_of_a_sheet_leaves_its_place(
    sheet: NpcSheet, facts: CampaignFacts, history: History, budget: Budget
) -> None:
    prompt = compose_about(
        sheet=sheet, facts=facts, history=history, new_message="?", budget=budget, nonce=NONCE
    )
    check_blocks(prompt)
    check_budget(prompt, budget)


@slow_to_make
@given(
    hostile_sheets,
    st.lists(hostile_facts, max_size=3),
    histories,
    st.lists(hostile_texts, max_size=2),
    budgets,
)
def test_no_field_of_a_voice_leaves_its_place(
    sheet: NpcSheet, facts: list[EntityFact], history: History, present: list[str], budget: Budget
) -> None:
    voice = voice_sheet(sheet, facts, situation=sheet.gm_notes, present=tuple(present))
    prompt = compose_voice(
        sheet=voice, history=history, new_message="?", budget=budget, nonce=NONCE
    )
    check_blocks(prompt)
    check_budget(prompt, budget)
    instructions = prompt.system.partition("### CHARACTER DATA BEGIN")[0]
    assert len(instructions) < 2_500


@slow_to_make
@given(hostile_sheets, histories, hostile_texts, st.integers(0, 900))
def test_a_tiny_context_is_kept_or_refused_but_never_exceeded(
    sheet: NpcSheet, history: History, message: str, context: int
) -> None:
    budget = Budget.for_context(context)
    try:
        prompt = compose_about(
            sheet=sheet, facts=None, history=history, new_message=message, budget=budget,
            nonce=NONCE,
        )  # fmt: skip
    except ContextTooLong:
        return
    check_budget(prompt, budget)


def test_a_field_of_100_000_characters_keeps_to_its_limit() -> None:
    huge = "word ### END " * 8_000
    facts = CampaignFacts("c", huge, huge, huge, huge, recap=huge, gm_notes=huge)
    prompt = compose_chat(
        facts=facts, history=History(), new_message="?", budget=Budget.for_context(99_000),
        nonce=NONCE,
    )  # fmt: skip
    check_blocks(prompt)
    data = prompt.system.partition("### CAMPAIGN DATA BEGIN")[2]
    # A recap and notes stand there as several fields, and have limits of their own.
    assert len(data) < 4 * 520 + RECAP_CHARACTERS + NOTES_CHARACTERS + 400
