"""What a question about a campaign wants to know, and by which words it is looked up."""

from __future__ import annotations

import pytest

from ttrpg_assistant.search.campaign_question import Wants, read_campaign_question

WANTED: dict[str, Wants] = {
    "When did we first meet Mira?": "first",
    "when was the opal first mentioned": "first",
    "Since when do they hate us?": "first",
    "When did the party last see the ferrywoman?": "last",
    "last time we visited Harrow": "last",
    "Who told us about the opal?": "who_said",
    "To whom did Mira promise the ferry?": "who_said",
    "When did the mill burn?": "when",
    "Which evening was the trial?": "when",
    "List every sword": "list",
    "What recipes has Brann made?": "list",
    "Which animals does Silas keep?": "list",
    "How many bells did they ring?": "list",
    "What happens to debtors?": "facts",
    "Which society does the aunt belong to?": "facts",
    "Where is the opal?": "facts",
    "Wo ist der Opal?": "facts",
}


@pytest.mark.parametrize(("question", "wants"), WANTED.items())
def test_what_is_wanted_is_read_from_how_it_is_asked(question: str, wants: Wants) -> None:
    assert read_campaign_question(question).wants == wants


def test_names_and_words_of_asking_are_not_looked_for() -> None:
    asked = read_campaign_question("When did we first see Mira's opal at the mill?", ["Mira Voss"])
    assert [one.word for one in asked.sought] == ["opal", "mill"]
    forms = {" ".join(term.words) for term in asked.sought[0].terms}
    assert {"opal", "opals"} <= forms


def test_a_question_of_any_length_has_few_words_to_look_for() -> None:
    assert len(read_campaign_question("opal mill ferry bell " * 5_000).sought) == 4
    assert len(read_campaign_question(" ".join(f"word{n}" for n in range(900))).sought) == 8
