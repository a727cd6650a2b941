import random
import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ttrpg_assistant.builtin.dice import MAX_DICE, roll
from ttrpg_assistant.errors import InvalidInput


class Loaded(random.Random):
    """Dice that fall as they are told, over and over."""

    def __init__(self, *faces: int) -> None:
        super().__init__(0)
        self._faces = faces
        self._thrown = 0

    def randint(self, a: int, b: int) -> int:
        face = self._faces[self._thrown % len(self._faces)]
        self._thrown += 1
        assert a <= face <= b
        return face


def test_a_sum_shows_every_die_and_its_total():
    thrown = roll("2d6+3", Loaded(4, 6))
    assert (thrown.total, thrown.text) == (13, "[4, 6] + 3 = **13**")


def test_keeping_the_highest_strikes_out_the_lowest():
    thrown = roll("4d6kh3", Loaded(4, 6, 1, 5))
    assert (thrown.total, thrown.text) == (15, "[4, 6, ~~1~~, 5] = **15**")


@pytest.mark.parametrize(
    ("expression", "faces", "total"),
    [
        ("d20", (11,), 11),
        ("D20 + 5", (11,), 16),
        ("d%", (73,), 73),
        ("d100", (100,), 100),
        ("d66", (4, 3), 43),
        ("3d6kl", (5, 2, 6), 2),
        ("3d6dl1", (5, 2, 6), 11),
        ("3d6dh1", (5, 2, 6), 7),
        ("2d20k1", (5, 12), 12),
        ("4dF", (-1, 0, 1, 1), 1),
        ("4df+2", (-1, 0, 1, 1), 3),
        ("d20 adv", (7, 15), 15),
        ("d20+5 with advantage", (7, 15), 20),
        ("d20 with disadvantage + 5", (7, 15), 12),
        ("1d20 dis", (7, 15), 7),
        ("2d6*2", (3, 4), 14),
        ("(1d6+2)*3", (4,), 18),
        ("3d6/2", (3, 3, 1), 3),
        ("10 - d4", (4,), 6),
        ("-d4 + 1", (4,), -3),
        ("2d6 − 1", (3, 3), 5),
        ("２ｄ６", (3, 3), 6),
        ("7", (), 7),
        ("4d6+2dl1", (4, 6, 1, 5), 17),
        ("2d6+3!", (6, 2, 1), 12),
        ("3d6!6", (6, 2, 1, 1), 10),
        ("6d6=5|6", (5, 6, 1, 6, 2, 3), 3),
    ],
)
def test_the_notation_is_read_as_the_table_means_it(expression, faces, total):
    assert roll(expression, Loaded(*faces) if faces else None).total == total


def test_a_die_on_its_highest_face_explodes_and_is_thrown_again():
    thrown = roll("3d6!", Loaded(6, 6, 2, 5, 1))
    assert (thrown.total, thrown.text) == (20, "[6!, 6!, 2, 5, 1] = **20**")


def test_exploding_ends_even_with_dice_that_always_explode():
    thrown = roll("5d6!", Loaded(6))
    assert len(thrown.dice) == MAX_DICE
    assert len(roll("400d6! + 400d6!", Loaded(6)).dice) == MAX_DICE


def test_a_pool_counts_its_successes():
    thrown = roll("6d10>=7", Loaded(7, 10, 6, 1, 2, 8))
    assert thrown.successes == thrown.total == 3
    assert thrown.text == "[7, 10, 6, 1, 2, 8] = **3 successes** (≥ 7)"


def test_a_sum_is_held_against_its_target():
    thrown = roll("d20+5 >= 15", Loaded(9))
    assert thrown.passed is False and thrown.successes is None
    assert thrown.text.endswith("failure against ≥ 15")


@pytest.mark.parametrize(
    "broken",
    ["", "d", "2d", "2d6+", "d0", "0d6", "2d6kh3", "d6 d6", "(2d6", "2d6)", "hello", "d6!!x", "💥",
     "2d6kh1kl1", "d66!", "dF!", "1d1!", "2d20 adv", "5 adv", "d20>=", "8/(2-2)", "d9999999",
     "3d6!5", "2d6+1d8dl1", "6d6=5|",
     "9" * 200 + "d6", "(" * 60 + "1" + ")" * 60, "1+" * 400 + "1", "2d6<script>"],
)  # fmt: skip
def test_a_broken_expression_is_told_in_a_sentence(broken):
    with pytest.raises(InvalidInput) as caught:
        roll(broken)
    assert caught.value.sentence.endswith((".", "?"))


@pytest.mark.parametrize("much", ["1001d6", "600d6+600d6", "501d66"])
def test_more_dice_than_the_table_holds_are_refused(much):
    with pytest.raises(InvalidInput) as caught:
        roll(much)
    assert caught.value.code in ("dice_too_many", "dice_unreadable")
    assert len(roll("1000d6").dice) == MAX_DICE


def test_the_same_chance_gives_the_same_roll():
    assert roll("10d20!", random.Random(4)) == roll("10d20!", random.Random(4))


@given(
    count=st.integers(1, 60),
    sides=st.integers(1, 200),
    plus=st.integers(-50, 50),
    seed=st.integers(),
)
def test_every_die_and_total_stays_within_its_bounds(count, sides, plus, seed):
    thrown = roll(f"{count}d{sides}{plus:+}", random.Random(seed))
    assert count + plus <= thrown.total <= count * (sides if sides != 66 else 66) + plus
    if sides != 66:
        assert len(thrown.dice) == count
        assert all(1 <= die.value <= sides for die in thrown.dice)
        assert thrown.total == sum(die.value for die in thrown.dice) + plus


@given(
    count=st.integers(1, 40), keep=st.integers(0, 40),
    how=st.sampled_from(["kh", "kl", "dh", "dl"]), seed=st.integers(),
)  # fmt: skip
def test_keeping_and_dropping_leave_the_right_dice(count, keep, how, seed):
    keep = min(keep, count)
    thrown = roll(f"{count}d20{how}{keep}", random.Random(seed))
    kept = [die.value for die in thrown.dice if die.kept]
    gone = [die.value for die in thrown.dice if not die.kept]
    assert len(kept) == (keep if how[0] == "k" else count - keep)
    if kept and gone and how in ("kh", "dl"):
        assert min(kept) >= max(gone)
    if kept and gone and how in ("kl", "dh"):
        assert max(kept) <= min(gone)
    assert thrown.total == sum(kept)
    assert len(re.findall("~~[0-9]+~~", thrown.text)) == len(gone)


@settings(deadline=None)
@given(count=st.integers(1, 300), target=st.integers(-2, 12), seed=st.integers())
def test_successes_are_the_dice_that_meet_the_target(count, target, seed):
    thrown = roll(f"{count}d10>={target}", random.Random(seed))
    assert thrown.successes == sum(die.value >= target for die in thrown.dice)


@given(
    st.text(max_size=80) | st.text(alphabet=string.digits + "dDkhlF%!<>=+-*/() adv", max_size=40)
)
def test_any_text_is_either_rolled_or_refused_in_words(text):
    try:
        thrown = roll(text, random.Random(1))
    except InvalidInput as refusal:
        assert refusal.sentence
    else:
        assert len(thrown.dice) <= MAX_DICE
