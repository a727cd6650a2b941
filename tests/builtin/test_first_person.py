import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.builtin.first_person import find_speaker

SHE = find_speaker("Mira Voss", ["She trusts her brother.", "Her coin."])
HE = find_speaker("Garrick", ["He lost his eye."])


@pytest.mark.parametrize(
    ("sheet", "spoken"),
    [
        ("Mira grew up on the docks.", "I grew up on the docks."),
        ("She trusts her brother Tam.", "I trust my brother Tam."),
        ("Her father drowned when she was nine.", "My father drowned when I was nine."),
        ("Mira Voss owes the guild forty crowns.", "I owe the guild forty crowns."),
        ("The guild hunts her.", "The guild hunts me."),
        ("She is tired.", "I am tired."),
        ("Everyone fears Mira's temper.", "Everyone fears my temper."),
        ("She secretly carries a letter.", "I secretly carry a letter."),
        ("She doesn't sleep.", "I don't sleep."),
        ("Runs the ferry at night.", "I run the ferry at night."),
        ("Once a soldier, now runs the forge.", "Once a soldier, now I run the forge."),
    ],
)
def test_a_sheet_about_her_becomes_her_own_words(sheet, spoken):
    assert SHE.say(sheet) == spoken


def test_another_persons_pronouns_stay():
    assert SHE.say("She fears Captain Dorn. He killed her dog.") == (
        "I fear Captain Dorn. He killed my dog."
    )
    assert HE.say("He lost his left eye to her.") == "I lost my left eye to her."


def test_a_fact_about_somebody_else_is_not_taken_over():
    assert SHE.say_fact("The baroness is dying. She hides it.") == (
        "The baroness is dying. She hides it."
    )
    assert SHE.say_fact("Guards in the yard sleep at noon.") == "Guards in the yard sleep at noon."
    assert SHE.say_fact("Mira sold the map.") == "I sold the map."
    assert SHE.say_fact("Knows that Aldous sells relics.") == "Aldous sells relics."


@given(st.text(max_size=60), st.text(max_size=200))
def test_any_name_and_any_sheet_can_be_turned(name, sheet):
    speaker = find_speaker(name, [sheet])
    speaker.say(sheet)
    speaker.say_fact(sheet)
