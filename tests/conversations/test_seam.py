"""Where an answer is continued, nothing is doubled and nothing is run together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.conversations.seam import Seam

WORDS = "You are the assistant. The players open the door. Answer in a few words."


def join(earlier: str, later: str, size: int = 3, *, trusts_spaces: bool = False) -> str:
    seam = Seam(earlier, [WORDS])
    if trusts_spaces:
        seam.trust_spaces()
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
        ("She calls the fer", "ryman over.", "She calls the ferryman over."),
        ("A fer", "ry. The players", "A ferry. The players"),
        ("The gate is old. It", "The gate is old. It creaks.", "The gate is old. It creaks."),
        ("Ha ha ha ha", " ha ha.", "Ha ha ha ha ha ha."),
        ("It costs 3.", "14 gold.", "It costs 3.14 gold."),
        ("He came in,", "and sat.", "He came in, and sat."),
        ("He left. ", " The door shut.", "He left. The door shut."),
        ("One.\n\n", "Two.", "One.\n\nTwo."),
        ("One.\n", "\n\nTwo.", "One.\n\nTwo."),
        ("One.\n\n", "\n\nTwo.", "One.\n\nTwo."),
        ("- One\n", "- Two", "- One\n- Two"),
        ("```suggestion\n{}\n```", "Two.", "```suggestion\n{}\n```\n\nTwo."),
        ("```suggestion\n{}\n```", " Two.", "```suggestion\n{}\n```\n\nTwo."),
        ("```suggestion\n{}\n```", "\n\nTwo.", "```suggestion\n{}\n```\n\nTwo."),
        ("```suggestion\n{}\n```\n", "\nTwo.", "```suggestion\n{}\n```\n\nTwo."),
        ("```suggestion\n{}\n```\n", "Two.", "```suggestion\n{}\n```\nTwo."),
        ("~~~\ncode\n~~~", "Two.", "~~~\ncode\n~~~\n\nTwo."),
        ("门开", "了一点。", "门开了一点。"),
        ("The gate", "The gate", "The gate"),
    ],
)
def test_the_text_reads_as_if_there_had_been_no_break(
    earlier: str, later: str, whole: str, size: int
) -> None:
    assert join(earlier, later, size) == whole


@pytest.mark.parametrize("size", [1, 4, 1_000])
@pytest.mark.parametrize(
    ("earlier", "later", "whole"),
    [
        ("Take the ferry to the ferry", "man.", "Take the ferry to the ferryman."),
        ("The door, the", "re it is.", "The door, there it is."),
        ("It swings over the", " door.", "It swings over the door."),
        ("It swings over the", "over the door.", "It swings over the door."),
        ("He came in,", " and sat.", "He came in, and sat."),
        ("`roll(2,", "6)`", "`roll(2,6)`"),
        ("- A lantern\n-", " A rope", "- A lantern\n- A rope"),
        ("Он зовёт паро", "мщика.", "Он зовёт паромщика."),
        ("नदी के पा", "स घाट है।", "नदी के पास घाट है।"),
    ],
)
def test_a_model_that_writes_on_from_the_last_character_sets_the_spaces_itself(
    earlier: str, later: str, whole: str, size: int
) -> None:
    assert join(earlier, later, size, trusts_spaces=True) == whole


BLOCK = "Here it is:\n```python\ndef roll():\n"
"""An open block of code."""


@pytest.mark.parametrize("size", [1, 4, 1_000])
@pytest.mark.parametrize(
    ("earlier", "later", "whole"),
    [
        # A word: cut in two, whole, or written again in full as the model is asked to.
        ("It calls the fer", "the ferryman over.", "It calls the ferryman over."),
        ("It calls the fer", "It calls the ferryman over.", "It calls the ferryman over."),
        ("It takes a gilded", "takes a gilded astrolabe.", "It takes a gilded astrolabe."),
        ("It takes Mira's", "takes Mira's astrolabe.", "It takes Mira's astrolabe."),
        ("It is a well-", "known door.", "It is a well-known door."),
        # A sentence, a paragraph.
        ("It is old.", "The door creaks.", "It is old. The door creaks."),
        ("It is the door.\n\n", "is the door.\n\nIt rains.", "It is the door.\n\nIt rains."),
        ("It is the door.\n", "\nIt rains.", "It is the door.\nIt rains."),
        # Code: every character counts.
        (BLOCK, "    return 4\n```", BLOCK + "    return 4\n```"),
        (BLOCK + "    return di", "ce()", BLOCK + "    return dice()"),
        (BLOCK + "    return (the,", "door)", BLOCK + "    return (the,door)"),
        (BLOCK + "    return game.", "Door()", BLOCK + "    return game.Door()"),
        (BLOCK + "    return f(", "...door)", BLOCK + "    return f(...door)"),
        (BLOCK, "```python\n    return 4\n```", BLOCK + "    return 4\n```"),
        (BLOCK + "    x = 1", "```python\n    y = 2", BLOCK + "    x = 1\n    y = 2"),
        (BLOCK + "    x = 1\n", "```\nThat is all.", BLOCK + "    x = 1\n```\nThat is all."),
        ("Call `game.", "Door` now.", "Call `game.Door` now."),
        # A list, a heading, a quotation.
        ("You see:\n- A", "lantern\n- A rope", "You see:\n- A lantern\n- A rope"),
        ("You see:\n- A door\n", "- A rope", "You see:\n- A door\n- A rope"),
        ("You see:\n- A door\n", "  - A handle", "You see:\n- A door\n  - A handle"),
        ("You see:\n- A door\n-", "Rope", "You see:\n- A door\n- Rope"),
        ("You see:\n1. Door\n2.", "rope", "You see:\n1. Door\n2. rope"),
        ("It rains.\n##", "The door", "It rains.\n## The door"),
        ("| Door |", " Key |\n|---|---|", "| Door | Key |\n|---|---|"),
        # Other scripts.
        ("Он зовёт паро", "зовёт паромщика.", "Он зовёт паромщика."),
        ("Он зовёт паро", "мщика.", "Он зовёт паромщика."),
        ("Der Fährm", "ann ruft den Fährmann.", "Der Fährmann ruft den Fährmann."),
        ("नदी के पास घाट है और नदी", "के पार गाँव।", "नदी के पास घाट है और नदी के पार गाँव।"),
        ("渡し守が", "来る。", "渡し守が来る。"),
        ("คนเรือ", "มาแล้ว", "คนเรือมาแล้ว"),
        ("المعبر يصل إلى المع", "المعبر.", "المعبر يصل إلى المعبر."),
    ],
)
def test_a_word_a_sentence_code_a_list_and_other_scripts_go_on_where_they_were_cut(
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
    assert len(whole) <= len(earlier) + len(later) + 2


@given(st.text(alphabet="ab .", max_size=12), st.text(alphabet="ab .", max_size=12))
def test_only_a_repeated_end_or_dots_or_space_are_left_out(earlier: str, later: str) -> None:
    added = join(earlier, later)[len(earlier) :].strip()
    assert later.strip().endswith(added)
