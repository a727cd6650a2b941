"""A recap of the talk itself: its most central sentences, word for word."""

from __future__ import annotations

import random
import re

from ttrpg_assistant.builtin.citing import escape
from ttrpg_assistant.builtin.own_words import without_own_quotes
from ttrpg_assistant.builtin.reading import Reading
from ttrpg_assistant.builtin.summary import summarise
from ttrpg_assistant.builtin.words import shorten

_SENTENCES = 7
_SENTENCE_CHARACTERS = 280
_WANTED = re.compile(
    r"\brecap\b|\bsummar(?:y|ies|ise|ize|isation|ization)\b|\bsum (?:it |this |that "
    r"|things )?up\b|\btl;?dr\b"
    r"|\bwhere (?:were we|did we (?:stop|leave)|are we)\b|\bpreviously\b|\bcatch me up\b"
    r"|\bwhat happened\b.{0,20}\b(?:session|time|week|evening|game|so far)\b|\bthe story so far\b"
)


def reply_with_talk_recap(reading: Reading, rng: random.Random) -> str | None:
    """A summary of this conversation, where nothing was played that could be told instead."""
    if _WANTED.search(reading.said) is None:
        return None
    earlier = reading.question.earlier
    texts = [without_own_quotes(message.content) for message in earlier]
    lines = summarise(texts, _SENTENCES)
    if not lines:
        return "There is nothing to sum up yet: no notes were given to me, and we have said little."
    who = {"user": "You", "assistant": "Answer"}
    shown = [
        f"- *{who[earlier[line.source].role]}:* {escape(shorten(line.text, _SENTENCE_CHARACTERS))}"
        for line in lines
    ]
    return "From this conversation:\n\n" + "\n".join(shown)
