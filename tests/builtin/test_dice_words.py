"""Dice as tables say them are the same dice as in notation."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builtin.scenes import ask
from ttrpg_assistant.builtin.dice import MAX_DICE, roll
from ttrpg_assistant.builtin.dice_words import spell_notation
from ttrpg_assistant.errors import InvalidInput

SAID = [
    ("4d6 drop lowest", "4d6dl1"),
    ("4d6 drop the lowest die", "4d6dl1"),
    ("4d6, dropping the lowest", "4d6dl1"),
    ("5d6 drop two lowest", "5d6dl2"),
    ("5d6 drop the lowest 2", "5d6dl2"),
    ("drop the lowest of 4d6", "4d6dl1"),
    ("4d6+2 drop lowest", "4d6dl1+2"),
    ("3d8 without the highest", "3d8dh1"),
    ("2d20 keep highest", "2d20kh1"),
    ("2d20, keep the lowest", "2d20kl1"),
    ("3d10 keep the best two", "3d10kh2"),
    ("best 3 of 4d6", "4d6kh3"),
    ("the lower of 2d20", None),
    ("exploding 3d6", "3d6!"),
    ("3d6 exploding", "3d6!"),
    ("3d6 that explode on 6s", "3d6!"),
    ("6d6 count 5s and 6s", "6d6>=5"),
    ("6d6 counting fives and sixes", "6d6>=5"),
    ("6d6 count 1s or 6s", "6d6=1|6"),
    ("6d6 count the sixes", "6d6=6"),
    ("how many 6s in 10d6", "10d6=6"),
    ("8d10 successes on 7 or higher", "8d10>=7"),
    ("8d10 with hits on 7+", "8d10>=7"),
    ("8d10 difficulty 7", "8d10>=7"),
    ("6d6 5+", "6d6>=5"),
    ("d20+5 vs DC 15", "d20+5>=15"),
    ("d20+5 against an AC 15", "d20+5>=15"),
    ("two d6", "2d6"),
    ("three d20s", "3d20"),
    ("percentile dice", "d%"),
    ("4 fate dice", "4dF"),
    ("six d6 drop the lowest two", "6d6dl2"),
]


@pytest.mark.parametrize(("words", "notation"), SAID)
def test_words_and_notation_throw_the_same_dice(words: str, notation: str | None) -> None:
    if notation is None:
        with pytest.raises(InvalidInput):
            roll(words)
        return
    for seed in range(5):
        said, written = roll(words, random.Random(seed)), roll(notation, random.Random(seed))
        assert (said.total, said.dice, said.successes, said.passed) == (
            written.total, written.dice, written.successes, written.passed,
        )  # fmt: skip


def test_a_message_says_its_dice_in_words_and_other_things_besides() -> None:
    answer = ask("roll 4d6, drop the lowest, and d20+5 vs DC 15 for stealth")
    assert answer.startswith("- `4d6dl1` → [") and answer.count("~~") == 2
    assert "- **Stealth** `d20+5>=15` → [" in answer and "against ≥ 15" in answer
    assert ask("4d6 drop lowest six times").count("`4d6dl1`") == 6
    assert "success" in ask("roll 6d6 and count 5s and 6s")
    assert ask("roll stealth with disadvantage").startswith("**Stealth** `d20 dis` → [")


def test_what_cannot_be_rolled_is_refused_and_not_rolled_otherwise() -> None:
    for said in ("roll 4d6 reroll 1s", "3d6 exploding on 5", "2d6+1d8 drop lowest"):
        answer = ask(said)
        assert "→" not in answer and answer.endswith("."), said


@pytest.mark.parametrize(
    "prose",
    ["drop the letter at the inn", "keep the best of them for last", "take the lowest stair",
     "they count 5s and 6s", "use the highest tower", "explode on impact"],
)  # fmt: skip
def test_words_without_dice_stay_as_they_are(prose: str) -> None:
    assert spell_notation(prose) == prose


@settings(deadline=None)
@given(
    count=st.integers(2, 30), sides=st.integers(2, 100), n=st.integers(1, 30),
    verb=st.sampled_from(["drop", "keep"]), end=st.sampled_from(["lowest", "highest"]),
    form=st.sampled_from(
        ["{dice} {verb} the {end} {n}", "{dice}, {verb} {n} {end}",
         "{verb} the {n} {end} of {dice}"]
    ),
    seed=st.integers(),
)  # fmt: skip
def test_dropping_and_keeping_in_words_leave_the_right_dice(
    count: int, sides: int, n: int, verb: str, end: str, form: str, seed: int
) -> None:
    n = min(n, count)
    said = form.format(dice=f"{count}d{sides}", verb=verb, end=end, n=n)
    if sides == 66:
        return
    thrown = roll(said, random.Random(seed))
    values = sorted(die.value for die in thrown.dice)
    kept = sorted(die.value for die in thrown.dice if die.kept)
    away = n if verb == "drop" else count - n
    low_goes = (verb == "drop") == (end == "lowest")
    assert len(values) == count
    assert kept == (values[away:] if low_goes else values[: count - away])
    assert thrown.total == sum(kept)


@settings(deadline=None)
@given(
    count=st.integers(1, 200),
    faces=st.lists(st.integers(1, 6), min_size=1, max_size=6, unique=True),
    seed=st.integers(),
)
def test_counted_faces_are_the_dice_that_show_them(count: int, faces: list[int], seed: int) -> None:
    said = f"{count}d6 count " + " and ".join(f"{face}s" for face in faces)
    thrown = roll(said, random.Random(seed))
    assert thrown.successes == sum(die.value in faces for die in thrown.dice)


_WORDS = (
    "drop keep lowest highest the of 4d6 d20 3 two count 5s and sixes exploding explode on vs DC 15"
    " with advantage successes 5+ how many in best ( ) , + ! fate dice percentile d% dF"
)


@settings(deadline=None)
@given(st.lists(st.sampled_from(_WORDS.split()), max_size=14).map(" ".join) | st.text(max_size=80))
def test_any_words_about_dice_are_rolled_within_the_limits_or_refused(text: str) -> None:
    try:
        thrown = roll(text, random.Random(1))
    except InvalidInput as refusal:
        assert refusal.sentence
    else:
        assert len(thrown.dice) <= MAX_DICE
    assert ask(text or "d6")
