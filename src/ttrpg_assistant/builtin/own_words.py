"""Answers that say nothing about the campaign, and so are no source for another.

What the built-in model says of itself, its good manners, what it quoted, and a model's refusal:
none of it is recalled as if it bore on a question.
"""

from __future__ import annotations

import re

from ttrpg_assistant.builtin.words import list_sentences
from ttrpg_assistant.llm.readable import readable

THANKED = ("Gladly.", "You are welcome.", "Any time. The dice are here.")
NODDED = ("Good. What next?", "Right. And now?", "Understood.")
PARTED = ("Good night. It is all here for next time.", "Until the next game.")

NOTHING = "Nothing is recorded about that."
NOT_PLAYED = "Nothing is recorded of that as played."
WRITTEN = "This is recorded:"
SAID = "This was said:"
BEARS = "This bears on it:"
"""What stands above quotes, or instead of them."""

_WHOLE = frozenset((*THANKED, *NODDED, *PARTED))
_BEGINNINGS = (
    "Nothing is recorded",
    "No game session",
    "From this conversation:",
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


_LEADS = frozenset((WRITTEN, SAID, BEARS, "This is written:"))
PLAYED, PLANNED = "From ", "Planned for "
"""What stands before the link of a game session."""

_LINK = "](ttrpg:"
_OWN_ANSWER = re.compile(
    r"(?:This (?:is recorded|was said|is written|bears on it):"
    r"|(?:From|Planned for) \[[^\n]{1,300}\]\(ttrpg:"
    r"|These bear on it:\n|\d{1,6} (?:NPCs?|locations?|(?:open )?plot points?|game sessions?"
    r"|house rules?|notes?)\b[^\n]{0,80}:\n)"
)


def is_courtesy(text: str) -> bool:
    """Whether the built-in model spoke of nothing but itself, was only polite, or only quoted."""
    said = text.strip()
    if said in _WHOLE or said.startswith(_BEGINNINGS) or _OFFER in said[:400]:
        return True
    return _OWN_ANSWER.match(said) is not None


def without_own_quotes(text: str) -> str:
    """What a message says itself, as one reads it: no lines that quote or cite, nothing of the
    built-in model's own answers out of the record, no proposals, no mere questions."""
    said = text.strip()
    if is_courtesy(said):
        return ""
    lines = [
        line
        for line in said.splitlines()
        if not line.lstrip().startswith(">") and _LINK not in line and line.strip() not in _LEADS
    ]
    left = readable("\n".join(lines), with_proposals=False).strip()
    sentences = list_sentences(left)
    return "" if all(one.endswith(("?", "？")) for one in sentences) else left


def is_refusal(text: str) -> bool:
    """Whether a model said no and little else. Not for an NPC's own words: it may refuse."""
    said = text.strip().replace("’", "'").casefold()
    return len(said) <= _REFUSAL_CHARACTERS and _REFUSAL.match(said) is not None
