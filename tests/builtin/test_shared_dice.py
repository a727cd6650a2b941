"""One table of dice: the page, which rolls the plain ones itself while the server is away, reads
the same of each (tests/page/dice.test.js)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builtin.test_dice import Loaded
from ttrpg_assistant.builtin.dice import roll
from ttrpg_assistant.errors import InvalidInput

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "dice_cases.json").read_text("utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_dice_are_read_as_the_table_says(case: dict[str, Any]) -> None:
    thrown = roll(case["text"], Loaded(*case["faces"]))
    assert thrown.total == case["total"]
    assert [die.value for die in thrown.dice] == case["faces"]
    assert [die.counts for die in thrown.dice] == case["counts"]
    assert (thrown.successes, thrown.passed) == (case.get("successes"), case.get("passed"))


@pytest.mark.parametrize("text", ["", "7 swords", "d20; drop", "2x6", "roll high", "2d6+", "d"])
def test_what_is_not_dice_is_told_what_may_be_written(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        roll(text)
    assert "Write for example" in refusal.value.sentence
