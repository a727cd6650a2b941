"""Where an answer is continued, nothing is doubled and nothing is run together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.conversations.seam import Seam

WORDS = "You are the assistant. The players open the door. Answer in a few words."


def join(earlier: str, later: str, size: int = 3) -> str:
    seam = Seam(earlier, [WORDS])
    pieces = [later[at : at + size] for at in range(0, len(later), size)]
    return earlier + "".join(map(seam.feed, pieces)) + seam.rest()


@pytest.mark.parametrize("size", [1, 4, 1_000])
@pytest.mark.parametrize(
    ("earlier", "later", "whole"),
    [
        ("It swings over the", " door and creaks.", "It swings over the door and creaks."),
        ("It swings over the", "door and creaks.", "It swings over the door and creaks."),
        ("It swings over the", "over the door and creaks.", "It swings over the door and creaks."),
        ("It swings over the ", "over the door.", "It swings over the door."),
        ("It swings over the door", "The door opens.", "It swings over the door opens."),
        ("It swings over", "…over the door.", "It swings over the door."),
        ("It swings over", "... the door.", "It swings over the door."),
        ("The lan", "tern swings.", "The lantern swings."),
        ("The lan", "lantern swings.", "The lantern swings."),
        ("The gate is old. It", "The gate is old. It creaks.", "The gate is old. It creaks."),
        ("Ha ha ha ha", " ha ha.", "Ha ha ha ha ha ha."),
        ("It costs 3.", "14 gold.", "It costs 3.14 gold."),
        ("He came in,", "and sat.", "He came in, and sat."),
        ("He left. ", " The door shut.", "He left. The door shut."),
        ("One.\n\n", "Two.", "One.\n\nTwo."),
        ("门开", "了一点。", "门开了一点。"),
        ("The gate", "The gate", "The gate"),
    ],
)
def test_the_text_reads_as_if_there_had_been_no_break(
    earlier: str, later: str, whole: str, size: int
) -> None:
    assert join(earlier, later, size) == whole


TEXTS = st.text(max_size=40) | st.text(alphabet="the door.… ", max_size=30)


@given(TEXTS, TEXTS, st.integers(1, 7))
def test_however_the_text_is_cut_up_the_result_is_the_same_and_begins_with_the_earlier_text(
    earlier: str, later: str, size: int
) -> None:
    whole = join(earlier, later, size)
    assert whole == join(earlier, later, 1_000)
    assert whole.startswith(earlier)
    assert len(whole) <= len(earlier) + len(later) + 1


@given(st.text(alphabet="ab .", max_size=12), st.text(alphabet="ab .", max_size=12))
def test_only_a_repeated_end_or_dots_or_space_are_left_out(earlier: str, later: str) -> None:
    added = join(earlier, later)[len(earlier) :].strip()
    assert later.strip().endswith(added)
