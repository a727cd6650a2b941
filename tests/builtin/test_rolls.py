import re

import pytest

from tests.builtin.scenes import ask


def test_a_bare_expression_is_rolled_with_every_die_shown():
    assert re.fullmatch(r"`2d6\+3` → \[\d, \d\] \+ 3 = \*\*\d+\*\*", ask("2d6+3"))


def test_a_roll_says_what_it_is_for_and_for_whom():
    assert ask("roll stealth d20+5 for Mira").startswith("**Stealth, Mira** `d20+5` → [")


def test_several_expressions_in_a_line_are_each_rolled():
    lines = ask("stealth d20+5, perception d20+2; damage 2d6+3 fire and d100").splitlines()
    assert [re.search("`(.*)`", line)[1] for line in lines] == ["d20+5", "d20+2", "2d6+3", "d100"]
    assert lines[2].startswith("- **Damage fire**")


def test_an_expression_is_repeated_as_often_as_asked():
    assert ask("roll 4d6kh3 six times").count("`4d6kh3`") == 6
    assert ask("3 times d20").count("`d20`") == 3


@pytest.mark.parametrize(
    "said", ["roll d20+5 with advantage", "advantage on a d20+5", "d20 adv + 5", "d20+5 adv"]
)
def test_advantage_throws_two_dice_and_strikes_one(said):
    answer = ask(said)
    assert answer.count("~~") == 2 and "+ 5" in answer


def test_a_pool_and_fudge_dice_and_tens_and_ones_are_understood():
    assert "success" in ask("roll 6d10>=7")
    assert re.search(r"`4dF` → \[[+−0], [+−0], [+−0], [+−0]\]", ask("roll 4dF"))
    assert re.search(r"`d66` → \[\d, \d\] = \*\*\d\d\*\*", ask("d66"))


@pytest.mark.parametrize("broken", ["2d6+", "roll 2d", "roll 5000d6", "d0", "roll 2d6kh9"])
def test_a_broken_expression_is_answered_with_a_sentence(broken):
    answer = ask(broken)
    assert answer.endswith((".", "?")) and "**" not in answer and "=" not in answer


def test_a_roll_without_dice_asks_for_them():
    assert ask("roll for initiative").startswith("Which dice?")


def test_a_coin_can_be_flipped():
    assert "heads" in ask("flip a coin", seed=2) or "tails" in ask("flip a coin", seed=2)


def test_prose_that_mentions_dice_is_not_rolled():
    answer = ask("The trap deals 2d6 damage to whoever opens the chest without its own key")
    assert "→" not in answer
    assert "→" not in ask("What did Mira roll on her d20 last time?")


def test_a_label_cannot_smuggle_markdown_in():
    assert "](" not in ask("roll [x](http://evil.example) d20") or "\\[" in ask("roll [x] d20")
