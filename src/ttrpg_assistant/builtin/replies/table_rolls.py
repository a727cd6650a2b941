"""Rolls on the campaign's own random tables, told as the server made them."""

from __future__ import annotations

import random

from ttrpg_assistant.builtin.asking import Question
from ttrpg_assistant.builtin.citing import escape


def reply_with_table_rolls(question: Question, rng: random.Random) -> str | None:
    """The result of each roll that was made for the message; None where none was."""
    rolled = question.list_of("roll")
    return (
        "\n\n".join(
            "\n\n".join(
                (f"**{escape(one.title)}**", *(escape(line.text) for line in one.lines[::-1]))
            )
            for one in rolled
        )
        or None
    )
