"""Numbers and dice in stat blocks, as the common systems write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.builtin.dice import roll
from ttrpg_assistant.campaigns.stat_blocks import (
    MOST_ROLLS,
    MOST_STATS,
    StatBlock,
    read_stat_block,
)

FIFTH = """**Armor Class** 15 (natural armor)
**Hit Points** 52 (7d8 + 21)
**Speed** 30 ft., swim 40 ft.
| STR | DEX | CON | INT | WIS | CHA |
|---|---|---|---|---|---|
| 16 (+3) | 12 (+1) | 17 (+3) | 6 (-2) | 10 (+0) | 5 (-3) |
**Senses** passive Perception 12
**Challenge** 3 (700 XP)
**Bite.** Melee Weapon Attack: +5 to hit, reach 5 ft. Hit: 10 (2d6 + 3) piercing damage."""

OLD = """AC 6 [13], HD 3+1 (hp 14), MV 120' (40'), ML 8
Att 2 x claw (1d6), 1 x bite (1d8+1)"""

SECOND = """Creature 5; Perception +12
Str +5, Dex +2, Con +4, Int -3, Wis +1, Cha -1
AC 21; HP 75; Speed 25 feet
Melee jaws +15 to hit, Damage 2d8+7 piercing"""

PERCENT = """STR 80 CON 60 SIZ 65 DEX 50 INT 30 POW 45
HP: 12  Move: 8
Claw 45%, damage 1d6+1d4"""

SHORT = "Armour class: 17\nHit points: 9 (2d6+2)\nMovement 12m\nInitiative +3"


def stats(block: StatBlock) -> dict[str, str]:
    return {one.label: one.value for one in block.stats}


def rolls(block: StatBlock) -> list[tuple[str, str]]:
    return [(one.label, one.dice) for one in block.rolls]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            FIFTH,
            {"AC": "15", "HP": "52", "Speed": "30 ft", "CR": "3", "Perception": "12"}
            | {"STR": "16", "DEX": "12", "CON": "17", "INT": "6", "WIS": "10", "CHA": "5"},
        ),
        (OLD, {"AC": "6", "HP": "14", "HD": "3+1", "Speed": "120'", "Morale": "8"}),
        (
            SECOND,
            {"AC": "21", "HP": "75", "Speed": "25 feet", "Perception": "+12"}
            | {"STR": "+5", "DEX": "+2", "CON": "+4", "INT": "-3", "WIS": "+1", "CHA": "-1"},
        ),
        (
            PERCENT,
            {"HP": "12", "Speed": "8", "STR": "80", "CON": "60", "SIZ": "65"}
            | {"DEX": "50", "INT": "30", "POW": "45"},
        ),
        (SHORT, {"AC": "17", "HP": "9", "Speed": "12m", "Initiative": "+3"}),
        ("STR 16 (+3) DEX 8 (−1)", {"STR": "16 (+3)", "DEX": "8 (−1)"}),
        ("It acts at night and is a hit with its 3 hosts.", {}),
        ("The accord of 15 strong con artists", {}),
        ("", {}),
    ],
)
def test_the_numbers_of_a_stat_block_are_found(text: str, expected: dict[str, str]) -> None:
    assert stats(read_stat_block(text)) == expected


def test_dice_and_attacks_are_found_with_what_they_are_for() -> None:
    assert ("Bite", "d20+5") in rolls(read_stat_block(FIFTH))
    assert ("Bite", "2d6+3") in rolls(read_stat_block(FIFTH))
    assert ("Hit Points", "7d8+21") in rolls(read_stat_block(FIFTH))
    assert rolls(read_stat_block("Breath (recharge 5-6): 4d6 fire")) == [("Breath", "4d6")]
    assert [dice for _, dice in rolls(read_stat_block(OLD))] == ["1d6", "1d8+1"]
    assert rolls(read_stat_block("Claw 45%, damage 1d6+1d4")) == [("Claw", "1d6"), ("Claw", "1d4")]


@pytest.mark.parametrize("text", [FIFTH, OLD, SECOND, PERCENT, SHORT])
def test_what_is_offered_to_roll_can_be_rolled(text: str) -> None:
    for one in read_stat_block(text).rolls:
        assert roll(one.dice).expression


@given(st.text(alphabet="ACHPSTRdk0123456789+-(): \n|.'%x", max_size=400))
def test_any_text_is_read_in_bounds(text: str) -> None:
    block = read_stat_block(text)
    assert len(block.stats) <= MOST_STATS and len(block.rolls) <= MOST_ROLLS


def test_a_whole_book_is_read_in_part() -> None:
    block = read_stat_block("\n".join(f"Bite{n}: {n}d6" for n in range(1, 2000)))
    assert len(block.rolls) == MOST_ROLLS
