"""The replies, one module for each thing a game master asks for.

Every reply is a function of the question and a source of chance that answers with Markdown,
or with None when the question is not for it. They are asked in this order, the most exact
first; recall comes last and always has an answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from ttrpg_assistant.builtin.asking import Question
from ttrpg_assistant.builtin.reading import Reading
from ttrpg_assistant.builtin.replies.about import reply_about
from ttrpg_assistant.builtin.replies.courtesy import reply_with_courtesy
from ttrpg_assistant.builtin.replies.knowers import reply_with_knowers
from ttrpg_assistant.builtin.replies.lists import reply_with_list
from ttrpg_assistant.builtin.replies.oracle import reply_with_oracle
from ttrpg_assistant.builtin.replies.prep import reply_with_prep
from ttrpg_assistant.builtin.replies.recall import recall
from ttrpg_assistant.builtin.replies.recap import reply_with_talk_recap
from ttrpg_assistant.builtin.replies.rolls import reply_with_rolls
from ttrpg_assistant.builtin.replies.sessions import reply_from_sessions
from ttrpg_assistant.builtin.replies.table_rolls import reply_with_table_rolls
from ttrpg_assistant.builtin.replies.tables import reply_from_tables

Reply = Callable[[Reading, random.Random], str | None]


def _of_words(reply: Callable[[Question, random.Random], str | None]) -> Reply:
    """A reply for which the words are enough."""
    return lambda reading, rng: reply(reading.question, rng)


_REPLIES: tuple[Reply, ...] = (
    _of_words(reply_with_table_rolls),
    _of_words(reply_with_courtesy),
    _of_words(reply_with_rolls),
    reply_from_sessions,
    _of_words(reply_with_list),
    reply_with_talk_recap,
    reply_with_prep,
    reply_with_knowers,
    _of_words(reply_from_tables),
    reply_about,
    reply_with_oracle,
)


def reply(question: Question, rng: random.Random) -> str:
    """The first reply that has an answer, in Markdown, never empty."""
    reading = Reading(question)
    for answer_with in _REPLIES:
        answer = answer_with(reading, rng)
        if answer:
            return answer
    return recall(reading)
