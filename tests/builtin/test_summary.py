"""A summary that is picked out keeps who and how many, and leaves the table's talk out."""

from __future__ import annotations

import random

from ttrpg_assistant.builtin.names_kept import NAMES, take_names
from ttrpg_assistant.builtin.summary import LINE_CHARACTERS, SIZES, condense, size_of

TABLE = [
    "Roll a d20.",
    "That is a natural 20!",
    "Plus five, so eighteen to hit.",
    "Okay, my turn.",
    "I rolled a 7 on perception.",
]


def tell_evening(seed: int, stretches: int) -> list[list[str]]:
    """Stretches of talk in which thirty names come and go among throws of dice."""
    chance = random.Random(seed)
    names = [f"{one}{two}" for one in ("Bel", "Cor", "Dra", "Fen", "Gor", "Hal")
             for two in ("ak", "eth", "ion", "oma", "urn")]  # fmt: skip
    lines = [
        "At the ferry {} asked about the debt.",
        "The letter names {} and {} as its owners.",
        "They hid {} gold pieces with {} under the mill.",
        "We should not trust {}, says the innkeeper.",
    ]
    said = []
    for _ in range(stretches):
        stretch = []
        for _ in range(24):
            if chance.random() < 0.6:
                stretch.append(chance.choice(TABLE))
                continue
            form = chance.choice(lines)
            fields = form.count("{}")
            values: list[object] = [chance.choice(names[: 8 + len(said)]) for _ in range(fields)]
            if "gold" in form:
                values[0] = chance.randrange(11, 500)
            stretch.append(form.format(*values))
        said.append(stretch)
    return said


def test_the_names_of_an_evening_are_kept_through_every_level() -> None:
    evening = tell_evening(1, 64)
    first = [condense(stretch) for stretch in evening]
    second = [condense(first[at : at + 8], level=2) for at in range(0, 64, 8)]
    third = condense(second, level=3)
    whole = " ".join(line for stretch in evening for line in stretch)
    names = {word for word in whole.split() if word.strip(",.")[:3] in
             {"Bel", "Cor", "Dra", "Fen", "Gor", "Hal"}}  # fmt: skip
    often = {name.strip(",.") for name in names if whole.count(name.strip(",.")) >= 3}
    assert len(often) == 30
    for texts in ([*first], [*second], [third]):
        assert sum(name in " ".join(texts) for name in often) >= 29


def test_throws_and_sums_give_way_to_what_happened() -> None:
    [stretch] = tell_evening(2, 1)
    kept = condense(stretch).splitlines()
    assert not set(kept) & set(TABLE)
    assert condense(TABLE), "where nothing else was said it is told all the same"


def test_a_number_that_matters_is_kept_before_another_line_about_the_same() -> None:
    said = ["Mira waits in the old mill by the river."] * 3 + [
        "Mira waits in the old mill by the river bend tonight.",
        "The debt is 340 gold to be paid in the old mill.",
        "The river by the mill is high.",
    ]
    assert "340" in condense([*said, *(f"The mill by the river turns {n}." for n in "abcdef")])


def test_names_of_the_campaign_come_first_where_there_is_no_room_for_all() -> None:
    said = [
        f"So we wrote to Xan{chr(97 + n)}{chr(97 + m)}a about it."
        for n in range(9)
        for m in range(9)
    ]
    said.append("then the salt wife laughed about it")
    names, _, *_ = condense(said, known=["salt wife"]).splitlines()
    assert "salt wife" in condense(said, known=["salt wife"])
    assert names.startswith(NAMES) and len(names) <= len(NAMES) + SIZES[0].names


def test_no_summary_outgrows_its_level() -> None:
    for level in range(1, 6):
        stretches = tell_evening(level, 8)
        text = condense([line * 9 for one in stretches for line in one], level=level)
        size = size_of(level)
        assert len(text) <= (LINE_CHARACTERS + 1) * size.lines + size.names + len(NAMES) + 1
    assert condense([""]) == condense(["?"]) == "Little was said."


def test_a_line_of_names_is_read_back_and_told_only_once() -> None:
    text = f"{NAMES}Mira, the Salt Wife.\nThey walked."
    assert take_names([text, "Names of the dead."]) == (
        ["They walked.", "Names of the dead."],
        {"Mira": 1, "the Salt Wife": 1},
    )
    assert condense([text, text], level=2).count("Mira") == 1
