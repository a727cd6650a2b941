import re

import pytest

from tests.builtin.scenes import HARROWGATE, ask
from ttrpg_assistant.llm.types import Passage

SIXTY = tuple(
    Passage("npc", f"id{n}", f"Person Number{n}", f"Keeper of door {n}. Likes rain.")
    for n in range(60)
)


@pytest.mark.parametrize(
    "question",
    ["Who are the NPCs in this campaign?", "list the npcs", "Which characters do we have?", "NPCs?",
     "Name all the NPCs", "show me all NPCs", "who are the people of this world", "the NPCs please",
     "Which NPCs like rain?", "Which NPCs keep door 7?"],
)  # fmt: skip
def test_every_one_of_sixty_npcs_is_named(question):
    answer = ask(question, passages=SIXTY)
    for passage in SIXTY:
        assert f"[{passage.title}](ttrpg:npc/{passage.ref})" in answer


def test_a_list_of_the_nearest_says_how_many_there_are():
    answer = ask("Who are the NPCs?", passages=SIXTY[:20], counts=(("npc", 500),))
    assert answer.startswith("500 NPCs; the 20 nearest to the talk:")
    bearing = ask("Which NPCs sell relics?", counts=(("npc", 500),))
    stored = sum(passage.kind == "npc" for passage in HARROWGATE)
    assert bearing.endswith(f" and {500 - stored} more.")


def test_those_who_bear_on_the_question_come_first():
    answer = ask("Which NPCs sell relics?")
    assert answer.index("Brother Aldous") < answer.index("Mira Voss")


@pytest.mark.parametrize(
    ("question", "link"),
    [
        ("list all locations", "ttrpg:location/l1"),
        ("What places are there?", "ttrpg:location/l1"),
        ("what are the open plot threads?", "ttrpg:plot_point/p1"),
        ("what sessions have we played?", "ttrpg:game_session/s2"),
        ("show the house rules", "ttrpg:house_rule/h1"),
    ],
)
def test_each_kind_has_its_list(question, link):
    assert link in ask(question)


def test_a_list_of_nothing_says_so():
    assert ask("Who are the NPCs?", passages=()).startswith("I was given no NPCs")


def test_a_thing_given_twice_is_listed_once():
    twice = (SIXTY[0], SIXTY[0])
    assert len(re.findall(r"ttrpg:npc/id0\)", ask("list the npcs", passages=twice))) == 1


def test_a_line_of_a_list_says_what_a_sheet_says_first_without_its_labels():
    keeper = Passage(
        "npc", "k", "Oswin", "Role: Keeper.. Status: alive. Personality: Dour and kind."
    )
    answer = ask("list the npcs", passages=(keeper,))
    assert "[Oswin](ttrpg:npc/k): Keeper. alive. Dour and kind." in answer
