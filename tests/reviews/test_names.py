"""Misspelt names are read as the cast spells them, and never as somebody else."""

from __future__ import annotations

import pytest

from ttrpg_assistant.campaigns.store.naming import SpelledName
from ttrpg_assistant.reviews.names import NameRepairs, SaidWords


def repairs(said: str, *names: str, aliases: tuple[str, ...] = ()) -> NameRepairs:
    words = SaidWords()
    for line in said.splitlines():
        words.add(line)
    return NameRepairs(words, [SpelledName("npc", name, name, aliases, "") for name in names])


@pytest.mark.parametrize(
    ("said", "name", "read"),
    [
        ("The key is for Mirra.", "Mira", "The key is for Mira."),
        ("Thomas waits at the gate.", "Tomas Brandt", "Tomas waits at the gate."),
        ("We ask Orsolia.\nOrsolya nods.\nOrsolya knows.", "Orsolya", "We ask Orsolya."),
        ("We ask Veksley.", "Vexley", "We ask Vexley."),
        ("Dorrian Ashgrowe nods.", "Dorian Ashgrove", "Dorian Ashgrove nods."),
        ("In Thornmeer it rains.", "Thornmere", "In Thornmere it rains."),
    ],
)
def test_a_misspelt_name_is_read_as_the_cast_spells_it(said: str, name: str, read: str) -> None:
    first = said.splitlines()[0]
    assert repairs(said, name).repair(first)[0] == read


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Mara goes home.", ("Mira",)),
        ("Mirra greets Mira.", ("Mira",)),
        ("Mirra is here.", ("Mira", "Myrra")),
        ("Mirra Stone is here.", ("Mira Vale",)),
        ("Halvord came.\nHalvord went.\nHalvard nods.", ("Halvard",)),
        ("The guart sleeps.\nA guart wakes.\nThe Guart nods.", ("Guard",)),
        ("Corin bows.", ("Corin", "Corrin")),
    ],
    ids=["short", "one_line", "two_alike", "other_surname", "often", "a_word", "in_the_cast"],
)
def test_a_name_that_may_be_somebody_elses_is_left_alone(said: str, names: tuple[str, ...]) -> None:
    assert repairs(said, *names).repaired == {}


def test_two_names_of_the_cast_are_never_one() -> None:
    cast = ("Mira", "Mirra", "Tomas", "Thomas", "Vexley", "Veksley")
    said = "\n".join(f"{name} says a word." for name in cast)
    assert repairs(said, *cast).repaired == {}


def test_hostile_words_cost_little() -> None:
    words = SaidWords()
    for number in range(400):
        words.add(" ".join(f"Xa{chr(97 + number % 26)}b{number:x}yz" for _ in range(5)))
    cast = [SpelledName("npc", str(at), f"Xayb{at:x}zy", (), "") for at in range(300)]
    assert isinstance(NameRepairs(words, cast).repaired, dict)
