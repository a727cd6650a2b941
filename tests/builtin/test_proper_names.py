"""Names are found by how they are written, and known ones wherever they are said."""

from __future__ import annotations

import pytest

from ttrpg_assistant.builtin.proper_names import ProperNames


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("The map belongs to Mira Voss.", ["Mira Voss"]),
        ("They met in Gull's Rest, and Tomas was late.", ["Gull's Rest", "Tomas"]),
        ("We asked the Order of the Lamp for Brandt’s key.", ["Order of the Lamp", "Brandt"]),
        ("He said: Okay, I'm with you on Monday.", []),
        ("“Perhaps the guild knows,” she said.", []),
        ("I roll a D20 for the NPC, AC 15.", []),
        ("MATT: You see the keep of Кощей.", ["Кощей"]),
        ("So we take the Rest of it to the sea.", ["Rest"]),
    ],
)
def test_a_name_is_what_has_a_capital_inside_a_sentence(sentence: str, names: list[str]) -> None:
    assert ProperNames([sentence]).find(sentence) == names


def test_a_word_that_only_begins_sentences_is_a_name_when_it_does_so_often() -> None:
    often = ["Mira left.", "Mira is back.", "Mira sings.", "Rain fell."]
    assert [ProperNames(often).find(line) for line in often] == [["Mira"]] * 3 + [[]]
    assert ProperNames(often[:2]).find(often[0]) == []
    assert ProperNames(["Water rose."] * 3 + ["no water, water!"]).find("Water rose.") == []


def test_a_known_name_counts_however_it_is_written_but_never_inside_a_word() -> None:
    said = ["the old oak speaks", "oakwood burns", "米拉去了市场", "Mira Voss came"]
    names = ProperNames(said, ["old oak", "oak", "米拉", "Mira"])
    assert [names.find(line) for line in said] == [["old oak"], [], ["米拉"], ["Mira", "Voss"]]
