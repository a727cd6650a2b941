import json
import re

import pytest

from tests.builtin.scenes import HARROWGATE, ask, said
from ttrpg_assistant.builtin.replies.names import CULTURES, draw_names
from ttrpg_assistant.builtin.tables import list_entries, list_sections, list_words

SENTENCES = {
    "complications": ("complications",), "encounters": ("encounters",), "oddities": ("oddities",),
    "rumours": ("rumours",), "weather": ("weather",), "places": ("places",),
    "taverns": ("details",),    "quirks": ("quirks", "looks", "wants"), "hooks": ("hooks",),
}  # fmt: skip
WORDS = {"names": CULTURES, "taverns": ("adjectives", "nouns"), "trades": ("trades",)}


@pytest.mark.parametrize("table", SENTENCES)
def test_a_table_has_forty_entries_and_none_twice(table):
    for section in SENTENCES[table]:
        entries = list_entries(table, section)
        assert len(entries) >= 40 and len(set(entries)) == len(entries)


@pytest.mark.parametrize("table", WORDS)
def test_a_list_of_words_has_forty_and_none_twice(table):
    for section in WORDS[table]:
        words = list_words(table, section)
        assert len(words) >= 40 and len(set(words)) == len(words)


def test_every_slot_of_every_table_has_words_of_its_own():
    for table in (*SENTENCES, "oracle", "trades"):
        for section in list_sections(table):
            for entry in list_entries(table, section):
                assert not re.sub(r"\{(npc|place|thread)\|[^{}|]+\}", "", entry).count("{"), entry


@pytest.mark.parametrize("culture", CULTURES)
def test_names_of_one_culture_are_all_different(culture, rng):
    names = draw_names(culture, 20, rng)
    assert len(set(names)) == 20


def test_as_many_as_asked_for_are_given():
    answer = ask("three complications for the heist at the Drowned Chapel")
    assert answer.startswith("Complications for the heist at the Drowned Chapel:")
    assert len(re.findall(r"^\d\. ", answer, re.M)) == 3


def test_what_is_named_finds_its_way_into_the_draw():
    answers = [ask("three complications with Mira Voss", seed=seed) for seed in range(8)]
    assert all("(ttrpg:npc/n1)" in answer for answer in answers)


@pytest.mark.parametrize(
    "wish",
    ["name for a smuggler", "give me five dwarvish names", "a tavern", "three tavern names",
     "what's the weather?", "rumour", "two treasure oddities", "I need a quirk for Brother Aldous",
     "Roll a complication", "give me a strange place", "another NPC please", "random encounter",
     "a strong start for tonight", "three clues", "an adventure hook", "a secret for Mira",
     "suggest some place names", "What should I call the innkeeper?", "roll on the rumours table"],
)  # fmt: skip
def test_a_wish_is_drawn_and_not_looked_up(wish):
    answer = ask(wish)
    assert ">" not in answer and "nothing" not in answer and "Which dice" not in answer


def test_what_is_stored_is_looked_up_and_not_drawn():
    assert "ttrpg:npc/n2" in ask("what is the name of the priest?")
    assert "ttrpg:location/l1" in ask("Where is the place with the crypt?")
    assert "ttrpg:npc/n1" in ask("What is Mira's secret?")
    assert "ttrpg:npc/n1" in ask("What are Mira's goals?")


def test_ships_and_towns_have_names_of_their_own():
    ships = list_words("names", "ships")
    answer = ask("help me name the ship")
    assert all(re.sub(r"^\d\. ", "", line) in ships for line in answer.splitlines())
    towns = list_words("names", "settlements")
    assert ask("a town name").splitlines()[0].removeprefix("1. ") in towns
    assert not any(town in ask("name for a village baker") for town in towns)


@pytest.mark.parametrize("said_so", ["I'm stuck", "What should happen next?", "Give me ideas"])
def test_a_game_master_who_is_stuck_is_shown_three_ways_on(said_so):
    answer = ask(said_so)
    assert len(re.findall(r"^\d\. ", answer, re.M)) == 3 and "ttrpg:plot_point/p1" in answer


def test_another_draws_from_the_same_table_again():
    answer = ask("another", earlier=said("a rumour about the mill", "1. x"))
    plain = [
        re.sub(r"\{\w+\|([^}]*)\}", r"\1", rumour) for rumour in list_entries("rumours", "rumours")
    ]
    slots = re.sub(r"\[[^\]]*\]\([^)]*\)", "", answer)
    assert answer in plain or any(slots[-20:] in rumour for rumour in plain)


def test_what_was_drawn_before_is_not_drawn_again():
    weather = list_entries("weather", "weather")
    earlier = said("the weather", "\n".join(weather[:-1]))
    assert ask("the weather", earlier=earlier) == weather[-1]


def test_an_npc_has_what_a_scene_needs():
    answer = ask("give me a smuggler NPC")
    assert re.match(r"\*\*.+\*\*, smuggler\n", answer)
    for part in ("Looks", "Voice", "Habit", "Wants", "Hides"):
        assert f"**{part}:**" in answer


def test_an_npc_is_proposed_where_proposals_are_asked_for():
    answer = ask("give me an NPC", system="Propose so:\n```suggestion\n{}\n```")
    proposal = json.loads(re.search(r"```suggestion\n(.*)\n```", answer)[1])
    assert proposal["kind"] == "npc" and proposal["value"]["name"] in answer
    assert "```" not in ask("give me an NPC")


def test_a_yes_or_no_question_with_a_likelihood_is_for_the_oracle():
    answer = ask("Is the gate guarded? likely")
    assert re.match(r"\*\*(Yes|No)[.,]", answer) and "likely: 70 %" in answer


def test_the_oracle_follows_its_odds():
    words = [ask("is it so? very unlikely", seed=seed)[2:4] for seed in range(300)]
    assert 15 <= words.count("Ye") <= 80


def test_the_oracle_never_overrules_what_is_written():
    assert "oracle" not in ask("Is Mira in debt to the Lantern Guild?")
    assert "Nothing is recorded about that. The oracle says" in ask(
        "Is there a blacksmith in town?"
    )


def test_a_reaction_roll_reminds_of_the_sheet():
    answer = ask("How would Mira react to betrayal?")
    assert answer.startswith("`2d6` → [") and "ttrpg:npc/n1" in answer


def test_a_plan_has_threads_a_start_and_complications():
    answer = ask("Help me plan the next session")
    for part in ("Where it stands", "Threads to pull", "A strong start", "Complications in hand"):
        assert f"**{part}**" in answer
    assert "ttrpg:plot_point/p1" in answer and "ttrpg:game_session/s2" in answer
    assert "Where it stands" not in ask("plan the next session", passages=())


def test_every_passage_kind_survives_a_draw():
    for kind in {passage.kind for passage in HARROWGATE}:
        only = tuple(passage for passage in HARROWGATE if passage.kind == kind)
        assert ask("five complications", passages=only)
