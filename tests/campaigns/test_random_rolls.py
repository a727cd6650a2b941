"""Random tables: what their lines mean, what rolls on them lead to, and that they always end."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ttrpg_assistant.campaigns.random_rolls import (
    MOST_CHARACTERS,
    MOST_ROLLS,
    Entry,
    RandomTable,
    read_table,
    roll_on,
)
from ttrpg_assistant.errors import InvalidInput


def find_nothing(_: str) -> RandomTable | None:
    return None


@pytest.mark.parametrize(
    ("text", "entries", "dice"),
    [
        ("Rain\nFog", (Entry("Rain", None), Entry("Fog", None)), ""),
        ("- Rain\n* Fog", (Entry("Rain", None), Entry("Fog", None)), ""),
        ("1. Rain\n2-6: Fog", (Entry("Rain", (1, 1)), Entry("Fog", (2, 6))), "d6"),
        ("1–3 Rain\n4 Fog", (Entry("Rain", (1, 3)), Entry("Fog", (4, 4))), "d4"),
        ("11 Rain\n12-16 Fog\n66 Snow", None, "d66"),
        ("01-50 Rain\n51-00 Fog", (Entry("Rain", (1, 50)), Entry("Fog", (51, 100))), "d100"),
        (
            "| d6 | Weather |\n|---|---|\n| 1-3 | Rain |\n| 4-6 | Fog | cold |",
            (Entry("Rain", (1, 3)), Entry("Fog · cold", (4, 6))),
            "d6",
        ),
        ("# Weather\n\n1) Rain\n\n2) Fog", (Entry("Rain", (1, 1)), Entry("Fog", (2, 2))), "d2"),
        ("3 wolves howl\nNothing", (Entry("wolves howl", (3, 3)),), "d3"),
    ],
)
def test_the_lines_of_a_table_are_read_as_they_are_meant(
    text: str, entries: tuple[Entry, ...] | None, dice: str
) -> None:
    table = read_table("Weather", "", text)
    assert table.dice == dice
    assert entries is None or table.entries == entries


def test_every_number_of_a_table_leads_to_its_line() -> None:
    table = read_table("Weather", "2d6", "2 Storm\n3-6 Rain\n7 Fog\n8-12 Sun")
    seen = set()
    for seed in range(300):
        result = roll_on(table, find_nothing, random.Random(seed))
        (thrown,) = result.rolls
        expected = {2: "Storm", 7: "Fog"}.get(thrown.total, "Rain" if thrown.total < 7 else "Sun")
        assert result.text == expected
        seen.add(thrown.total)
    assert seen == set(range(2, 13))


def test_lines_without_numbers_stand_for_what_the_dice_can_show() -> None:
    table = read_table("Reaction", "2d6", "\n".join(f"line {at}" for at in range(2, 13)))
    for seed in range(50):
        result = roll_on(table, find_nothing, random.Random(seed))
        assert result.text == f"line {result.rolls[0].total}"


def test_a_number_that_no_line_has_is_said() -> None:
    result = roll_on(read_table("Gaps", "d4", "9 Never"), find_nothing)
    assert result.text.startswith("Nothing in Gaps for ")


def test_a_line_rolls_on_other_tables_and_dice() -> None:
    beasts = read_table("Beasts", "", "wolves")
    table = read_table("Woods", "", "[[2d1]] [[Beasts]] near [[the ford]]")
    result = roll_on(table, {"Beasts": beasts}.get)
    assert result.text == "2 wolves near the ford"
    assert [(one.table, one.total) for one in result.rolls] == [
        ("Woods", 1),
        ("", 2),
        ("Beasts", 1),
    ]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40))
def test_tables_that_lead_to_themselves_end(copies: int) -> None:
    table = read_table("Ring", "", "[[Ring]] " * copies)
    result = roll_on(table, lambda _: table)
    assert len(result.rolls) <= MOST_ROLLS


def test_a_long_line_of_names_looks_few_of_them_up_and_stays_short() -> None:
    asked: list[str] = []
    unknown = read_table("Names", "", "[[nobody]] " * 9_000)
    roll_on(unknown, lambda name: asked.append(name))
    assert len(asked) < MOST_ROLLS
    ring = read_table("Ring", "", "[[Ring]]" * MOST_ROLLS + "x" * 90_000)
    result = roll_on(ring, lambda _: ring)
    assert len(result.text) <= MOST_ROLLS * MOST_CHARACTERS


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_a_table_or_an_empty_one(text: str) -> None:
    table = read_table("Any", "", text)
    if table.entries:
        assert roll_on(table, find_nothing).rolls
    else:
        with pytest.raises(InvalidInput, match="no entries"):
            roll_on(table, find_nothing)
