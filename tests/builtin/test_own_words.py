"""What says nothing about a campaign is known as such."""

from __future__ import annotations

import random

import pytest

from ttrpg_assistant.builtin.asking import Question
from ttrpg_assistant.builtin.own_words import is_courtesy, is_refusal
from ttrpg_assistant.builtin.replies import reply


@pytest.mark.parametrize(
    "said", ["", "hello", "thanks", "ok", "good night", "what are you", "help", "Where is Orla?"]
)
def test_what_the_built_in_model_says_of_itself_is_a_courtesy(said: str) -> None:
    for seed in range(6):
        answer = reply(Question(said, said.lower(), (), (), ""), random.Random(seed))
        assert is_courtesy(answer), answer


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that.",
        "I cannot assist with that request.",
        "I\u2019m unable to continue this story.",
        "As an AI language model, I do not have opinions.",
        "Unfortunately, I am not able to provide that.",
        "I won't write that scene.",
        "My apologies, but I cannot fulfill this.",
    ],
)
def test_a_refusal_is_known(text: str) -> None:
    assert is_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "Continue with the plan: the guards cannot see.",
        "The bell cannot be rung by the living.",
        "Sorry, the ferry left.",
        "I can see three ways on.",
        "I can't help with that. " + "But here is the ferry, and all that waits there. " * 20,
    ],
)
def test_an_answer_is_no_refusal(text: str) -> None:
    assert not is_refusal(text) and not is_courtesy(text)
