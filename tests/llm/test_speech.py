"""A character speaks for itself alone, however its words are cut into pieces."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.llm.speech import SpeakerFilter

OWN = ("Mira", "Mira Vale")
OTHERS = ("GM", "Game Master", "User", "Sir Bertram")


def filtered(pieces: list[str] | str) -> tuple[str, bool]:
    """What is left of an answer in these pieces, and whether it was stopped."""
    speech = SpeakerFilter(OWN, OTHERS)
    text = "".join([*map(speech.feed, pieces), speech.rest()])
    return text, speech.ended


@pytest.mark.parametrize(
    "label",
    ["Mira: ", "mira:", "**Mira:** ", "**Mira**: ", "Mira Vale: ", "[Mira]: ", "\n\nMIRA : "],
)
def test_the_own_name_before_the_words_is_removed(label: str) -> None:
    assert filtered([label + "Aye."]) == ("Aye.", False)


@pytest.mark.parametrize(
    "label", ["GM:", "**GM:**", "Game Master:", "user:", "Sir Bertram (laughs):", "GM："]
)
def test_the_answer_stops_where_somebody_else_begins_to_speak(label: str) -> None:
    assert filtered([f"Aye, come in.\n\n{label} And then?\nMira: More."]) == ("Aye, come in.", True)


def test_a_label_on_a_later_line_of_the_same_speaker_is_removed_too() -> None:
    assert filtered(["Mira: Aye.\nMira: Come in."]) == ("Aye.\nCome in.", False)


@pytest.mark.parametrize(
    "text",
    [
        "Tell the GM: I am here.",
        "Miranda: she is my sister.",
        "GMs are odd folk.\nUsers: many.",
        "Mira is my name.\nMira",
        "  Two spaces stay.\n\n\n- and lines\n",
        "Note: the mill burns.",
        "GM\nnothing follows",
    ],
)
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    for pieces in ([text], list(text)):
        assert filtered(pieces) == (text, False)


def test_without_names_nothing_is_changed() -> None:
    speech = SpeakerFilter((), ())
    assert speech.feed("GM: hello\n") + speech.rest() == "GM: hello\n"


def test_nothing_is_held_back_once_it_cannot_be_a_label() -> None:
    speech = SpeakerFilter(OWN, OTHERS)
    assert speech.feed("Mi") == ""
    assert speech.feed("ne dear") == "Mine dear"
    assert speech.feed(" friend") == " friend"
    assert speech.feed("\nG") == ""
    assert speech.feed("ood.") == "\nGood."


@given(
    lines=st.lists(
        st.sampled_from(
            [
                "Mira: ",
                "GM: ",
                "**Mira:** ",
                "GM",
                "Mira",
                "\n",
                "\n\n",
                " Aye",
                "user",
                ": ",
                "*",
                "x",
            ]
        ),
        max_size=12,
    ),
    places=st.lists(st.integers(0, 10_000), max_size=8),
)
def test_any_split_gives_the_same_words(lines: list[str], places: list[int]) -> None:
    text = "".join(lines)
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    pieces = [text[a:b] for a, b in itertools.pairwise(edges)]
    assert filtered(pieces) == filtered([text])


def test_a_very_long_line_and_many_short_ones_take_linear_steps() -> None:
    """200,000 characters of what looks like the beginning of a label, one by one."""
    text = "GM" * 50_000 + "\n" * 50_000 + "(" * 50_000
    heard, ended = filtered(list(text))
    assert (heard, ended) == (text, False)
