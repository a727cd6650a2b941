"""Greetings, thanks, and plain answers about what the built-in model is and can do."""

from __future__ import annotations

import random
import re

from ttrpg_assistant.builtin.asking import Question
from ttrpg_assistant.builtin.own_words import NODDED, PARTED, THANKED

OFFERS = (
    "- **Remember**: “What did we say about the silver bell?”, “Who is Mira?”, “List the NPCs”, "
    "“Recap the last session”.\n"
    "- **Roll**: `2d6+3`, “4d6 drop lowest”, `d20 adv`, “6d6 count 5s and 6s”, `3d6!`, `d66`, "
    "“roll stealth d20+5 for Mira”.\n"
    "- **Draw**: “three complications for the heist”, “a dwarvish name”, “a tavern”, “a rumour”, "
    "“the weather”, “give me an NPC”.\n"
    "- **Decide**: “Is the gate guarded? Likely.”, “reaction roll”.\n"
    "- **Prepare**: “Plan the next session”."
)
WHAT_I_AM = (
    "I am the built-in model: rules, dice and tables that run on this computer. I am not a large "
    "language model, need no network and no key, and send nothing anywhere. I find and quote what "
    "is stored, word for word, and say so when I find nothing. For free writing, choose another "
    "model in Settings."
)

_GREETING = re.compile(
    r"^(?:hi|hello|hey|hiya|greetings|good (?:morning|evening|afternoon|day)|yo|hail|welcome|howdy)"
    r"(?:[ ,]+(?:there|again|all|friend|everyone|assistant))*[ .!,]*$"
)
_THANKS = re.compile(
    r"^(?:ok(?:ay)?[, ]+|great[, ]+|perfect[, ]+)?(?:thanks|thank you|thx|cheers|ta|much obliged)\b"
    r"[^?]{0,40}$"
)
_NOD = re.compile(
    r"^(?:ok(?:ay)?|yes|yep|no|nope|sure|great|nice|cool|good|perfect|fine|right|alright)\b[ .!]*$"
)
_FAREWELL = re.compile(r"^(?:bye|goodbye|good night|see you|farewell)\b[^?]{0,30}$")
_HELP = re.compile(
    r"^[/?]*(?:help|commands?)(?: me)?[ .!?]*$|^\?+$"
    r"|\bwhat (?:can|could|do) you (?:do|help|offer|know how)\b|\bhow (?:do|can) (?:i"
    r"|you) (?:use|help)"
    r"|\bwhat (?:can|should) i (?:ask|say|type)\b"
)
_IDENTITY = re.compile(
    r"\b(?:who|what) are you\b(?! (?:doing|saying|talking|going|trying))"
    r"|\bare you (?:an? |the |really |some )*(?:ai|a\.i\.?|bot|robot|human|person|real|model|llm"
    r"|large language model|language model|chatgpt|gpt\S*|claude|gemini|llama|machine|program"
    r"|computer)\b"
    r"|\bwhich (?:ai |language )*model\b|\bwhat (?:ai |language |kind of )*(?:model|llm|ai) "
    r"(?:is|are|do|am)\b|\byour (?:knowledge cutoff|training|weights|parameters)\b"
)


def reply_with_courtesy(question: Question, rng: random.Random) -> str | None:
    """An answer to a greeting, to thanks, and to "what are you" and "what can you do"."""
    said = question.said
    if not said:
        return f"Ask, and I will look it up, roll it or draw it.\n\n{OFFERS}"
    if _IDENTITY.search(said):
        return f"{WHAT_I_AM}\n\n{OFFERS}"
    if _HELP.search(said):
        return f"Here is what I can do:\n\n{OFFERS}"
    if _GREETING.match(said):
        welcome = rng.choice(("Good evening.", "Hello.", "Welcome back to the table."))
        return f"{welcome} {_standing(question)}What do you need?\n\n{OFFERS}"
    if _THANKS.match(said):
        return rng.choice(THANKED)
    if _NOD.match(said):
        return rng.choice(NODDED)
    if _FAREWELL.match(said):
        return rng.choice(PARTED)
    return None


def _standing(question: Question) -> str:
    """One sentence on what is at hand, when a campaign is."""
    counted = (
        (len(question.list_of("npc")), "NPC", "NPCs"),
        (len(question.list_of("location")), "location", "locations"),
        (len(question.list_of("plot_point")), "plot point", "plot points"),
    )
    named = [f"{n} {one if n == 1 else many}" for n, one, many in counted if n]
    if not named:
        return ""
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    return f"I have {listed} at hand. "
