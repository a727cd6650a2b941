"""Names are found as people write them, and nothing else is."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.campaigns.folding import fold, fold_with_offsets
from ttrpg_assistant.campaigns.mentions import MOST_FOUND, EntityRef, NameIndex

NAMES = {
    "mira": "Mira",
    "mira_vale": "Mira Vale",
    "kel": "Kel",
    "alvaro": "Álvaro Muñoz",
    "strauss": "Strauß",
    "hanzi": "米拉",
    "oneil": "Tam O'Neil",
    "twin": "Kel",
}


def find(text: str) -> list[tuple[str, set[str]]]:
    index = NameIndex((EntityRef("npc", id), name) for id, name in NAMES.items())
    return [
        (text[one.start : one.end], {ref.id for ref in one.refs})
        for one in index.find_mentions(text)
    ]


@pytest.mark.parametrize(
    ("text", "named", "whom"),
    [
        ("I ask MIRA about it", "MIRA", "mira"),
        ("Mira's knife", "Mira", "mira"),
        ("mira’s knife", "mira", "mira"),
        ("Ask Mira Vale.", "Mira Vale", "mira_vale"),
        ("mira\n  vale waits", "mira\n  vale", "mira_vale"),
        ("alvaro munoz", "alvaro munoz", "alvaro"),
        ("A\u0301lvaro Mun\u0303oz", "A\u0301lvaro Mun\u0303oz", "alvaro"),
        ("ＭＩＲＡ", "ＭＩＲＡ", "mira"),
        ("STRAUSS speaks", "STRAUSS", "strauss"),
        ("Mi\u200bra", "Mi\u200bra", "mira"),
        ("我看见米拉说话", "米拉", "hanzi"),
        ("l'histoire d'Mira", "Mira", "mira"),
        ("Tam O’Neil", "Tam O’Neil", "oneil"),
        ("half-Mira", "Mira", "mira"),
    ],
)
def test_a_name_is_found_however_it_is_written(text: str, named: str, whom: str) -> None:
    assert find(text) == [(named, {whom})]


@pytest.mark.parametrize(
    "text",
    ["Miras", "amira", "Mira_1", "Kel'thas", "admirals", "Straußberg", "", "Mira'sx", "x'Mira"],
)
def test_a_part_of_a_word_is_no_name(text: str) -> None:
    assert find(text) == []


def test_the_longest_name_wins_where_names_overlap() -> None:
    assert find("Mira Vale met Mira") == [("Mira Vale", {"mira_vale"}), ("Mira", {"mira"})]


def test_a_shared_name_names_both() -> None:
    assert find("Kel!") == [("Kel", {"kel", "twin"})]


def test_a_single_letter_is_no_name_but_a_single_han_character_is() -> None:
    index = NameIndex([(EntityRef("npc", "i"), "I"), (EntityRef("npc", "long"), "龙")])
    assert [one.refs[0].id for one in index.find_mentions("I saw 龙 there")] == ["long"]


def test_names_within_names_within_names_end_somewhere() -> None:
    names = [(EntityRef("npc", str(length)), "夜" * length) for length in range(1, 40)]
    text = "夜" * 100_000
    found = NameIndex(names).find_mentions(text)
    covered = sum(mention.end - mention.start for mention in found)
    assert MOST_FOUND // 40 <= covered <= MOST_FOUND
    assert found[0].refs == (EntityRef("npc", "39"),)


def test_an_index_without_names_finds_nothing() -> None:
    assert NameIndex([(EntityRef("npc", "x"), "…")]).find_mentions("anything …") == ()


words = st.text(min_size=1, max_size=12)


@given(st.text(max_size=200))
def test_folding_keeps_track_of_where_each_character_stood(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert len(folded) == len(offsets)
    assert list(offsets) == sorted(offsets)
    assert all(0 <= at < len(text) for at in offsets)


@given(st.text(max_size=100))
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(words, min_size=1, max_size=8), st.lists(words, max_size=8))
def test_mentions_are_ordered_and_apart_and_spell_the_name(
    names: list[str], text_words: list[str]
) -> None:
    refs = [(EntityRef("npc", str(at)), name) for at, name in enumerate(names)]
    text = " ".join([*text_words, *names])
    found = NameIndex(refs).find_mentions(text)
    end = 0
    for one in found:
        assert end <= one.start < one.end
        end = one.end
        for ref in one.refs:
            assert fold(text[one.start : one.end]) == fold(names[int(ref.id)])


@given(st.text(alphabet="abcdéß", min_size=2, max_size=10), words)
def test_a_name_between_spaces_is_always_covered_by_a_mention(name: str, other: str) -> None:
    text = f". {name} ."
    refs = [(EntityRef("npc", "it"), name), (EntityRef("npc", "other"), other)]
    found = NameIndex(refs).find_mentions(text)
    assert any(one.start <= 2 and one.end >= 2 + len(name) for one in found)


def test_an_index_with_changes_finds_what_a_new_one_would() -> None:
    words = ["mira", "vale", "mira vale", "black gate", "gate", "gull", "aldric", "old aldric"]
    chosen = random.Random(3)
    names = {EntityRef("npc", str(n)): chosen.choice(words) for n in range(8)}
    first = NameIndex(names.items(), folded=True)
    changed: set[EntityRef] = set()
    index = first
    for _ in range(60):
        ref = EntityRef("npc", str(chosen.randrange(10)))
        changed.add(ref)
        if chosen.random() < 0.3:
            names.pop(ref, None)
        else:
            names[ref] = chosen.choice(words)
        index = index.replaced(changed, [one for one in names.items() if one[0] in changed])
        text = " and ".join(chosen.choices(words, k=6))
        expected = NameIndex(names.items(), folded=True).find_mentions(text)
        found = index.find_mentions(text)
        assert [(m.start, m.end, set(m.refs)) for m in found] == [
            (m.start, m.end, set(m.refs)) for m in expected
        ]
    assert first.find_mentions("mira vale") == first.replaced((), ()).find_mentions("mira vale")
