"""Answers that say nothing about the campaign, and so are no source for another.

What the built-in model says of itself, its good manners, and a model's refusal: none of it is
recalled as if it bore on a question.
"""

from __future__ import annotations

import re

THANKED = ("Gladly.", "You are welcome.", "Any time. The dice are here.")
NODDED = ("Good. What next?", "Right. And now?", "Understood.")
PARTED = ("Good night. It is all here for next time.", "Until the next game.")

_WHOLE = frozenset((*THANKED, *NODDED, *PARTED))
_BEGINNINGS = (
    "I find nothing stored",
    "I was given no",
    "I am the built-in model",
    "That is part of this conversation",
    "Here is what I can do",
    "Ask, and I will look it up",
    "There is nothing to sum up yet",
    "There is nothing written in ",
    "The built-in model does not",
)
_OFFER = "**Remember**: “What did we say"
"""How the list of what the built-in model can do begins."""

_REFUSAL_CHARACTERS = 600
"""A longer answer says something besides."""

_REFUSAL = re.compile(
    r"(?:(?:i'm|i am|my apologies|apologies|unfortunately|sorry)\b[^.!?\n]{0,40}?)?"
    r"(?:\bas an ai\b|\bas a large language model\b|\bi must decline\b"
    r"|\b(?:i can't|i cannot|i can not|i won't|i will not|i am not able to|i'm not able to"
    r"|i am unable to|i'm unable to|unable to)"
    r" (?:help|assist|continue|provide|do|write|fulfil|fulfill|comply|answer|create|generate"
    r"|discuss|engage|describe|produce|share|support)\b)"
)


def is_courtesy(text: str) -> bool:
    """Whether the built-in model spoke of nothing but itself, or was only polite."""
    said = text.strip()
    return said in _WHOLE or said.startswith(_BEGINNINGS) or _OFFER in said[:400]


def is_refusal(text: str) -> bool:
    """Whether a model said no and little else. Not for an NPC's own words: it may refuse."""
    said = text.strip().replace("’", "'").casefold()
    return len(said) <= _REFUSAL_CHARACTERS and _REFUSAL.match(said) is not None
