"""A model to build prompts for, which is never asked."""

from __future__ import annotations

from ttrpg_assistant.builtin.offline import OfflineModel
from ttrpg_assistant.conversations.answerer import Answerer
from ttrpg_assistant.conversations.answering import ANSWER_RESERVE


def make_answerer(choice: str, context_tokens: int) -> Answerer:
    """A model of this name that reads so many tokens, answer included."""
    reserve = min(ANSWER_RESERVE, context_tokens // 4)
    return Answerer(choice, OfflineModel(), choice, context_tokens, reserve)
