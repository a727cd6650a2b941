"""The yes-or-no oracle and the reaction roll: chance answers what nobody has written."""

from __future__ import annotations

import random
import re

from ttrpg_assistant.builtin.dice import roll
from ttrpg_assistant.builtin.own_words import NOTHING
from ttrpg_assistant.builtin.quoting import list_units, quote_units
from ttrpg_assistant.builtin.reading import Reading
from ttrpg_assistant.builtin.replies.recall import find_quotes
from ttrpg_assistant.builtin.tables import list_entries

_LIKELIHOODS: tuple[tuple[str, str, int], ...] = (
    (r"almost certain(?:ly)?|nearly certain|certain(?:ly)?|a sure thing", "almost certain", 95),
    (r"almost impossible|nearly impossible|impossible|no way", "nearly impossible", 5),
    (r"very unlikely|highly unlikely", "very unlikely", 15),
    (r"very likely|highly likely|very probabl[ey]", "very likely", 85),
    (r"unlikely|improbable|doubtful", "unlikely", 30),
    (r"likely|probabl[ey]", "likely", 70),
    (r"50[/-]50|fifty[- ]fifty|even odds|even chance|evens|toss[- ]?up", "even odds", 50),
)
_LIKELIHOOD = tuple(
    (re.compile(rf"\b(?:{words})\b"), name, odds) for words, name, odds in _LIKELIHOODS
)
_YES_OR_NO = re.compile(
    r"^(?:(?:so|and|but|ok|okay|hm+|oracle|ask the oracle)[,: ]+)*(?:is|are|was|were|does|do|did"
    r"|will|would"
    r"|can|could|has|have|had|should|might)(?:n't)? (?!you\b|we\b|i\b|anyone remember)\S"
)
_ORACLE = re.compile(r"^/?(?:ask the )?oracle\b|\b(?:yes[ /-](?:or[ /-])?no)\b")
_REACTION = re.compile(
    r"\breaction (?:roll|check|table)\b|\broll (?:a |for |the )*reactions?\b|^reactions?[.!?]*$"
    r"|\bhow (?:do|does|would|will|might) .{1,60}\breact\b"
)
_OF_THE_RECORD = re.compile(
    r"^(?:did|was|were|has|have|had)\b|\b(?:anything|something) (?:about|on)\b|\byet\b"
)
_REACTS_BY = ("", "Personality", "Motivations")
_REACTIONS = ((3, "hostile"), (5, "wary"), (8, "undecided"), (10, "friendly"), (12, "eager"))


def reply_with_oracle(reading: Reading, rng: random.Random) -> str | None:
    """Chance's answer, always after what is written: the oracle never overrules a note. Of what
    was played, and of who is in the campaign, it makes nothing up."""
    said = reading.question.said
    if _REACTION.search(said):
        return _react(reading, rng)
    named = next(((name, odds) for words, name, odds in _LIKELIHOOD if words.search(said)), None)
    is_called = _ORACLE.search(said) is not None
    if not is_called and not _YES_OR_NO.match(said):
        return None
    if named is None and not is_called:
        if find_quotes(reading) or reading.named or _OF_THE_RECORD.search(said):
            return None
        answer = _ask(rng, "even odds", 50)
        return f"{NOTHING} The oracle says:\n\n{answer}"
    return _ask(rng, *(named or ("even odds", 50)))


def _ask(rng: random.Random, name: str, odds: int) -> str:
    thrown = rng.randint(1, 100)
    is_yes = thrown <= odds
    span = odds if is_yes else 100 - odds
    depth = thrown if is_yes else 101 - thrown
    word = "Yes" if is_yes else "No"
    # The far fifth of either side is emphatic, the near fifth is grudging.
    if depth * 5 <= span:
        word = f"**{word},** {rng.choice(list_entries('oracle', 'and'))}"
    elif depth * 5 > span * 4:
        word = f"**{word},** {rng.choice(list_entries('oracle', 'but'))}"
    else:
        word = f"**{word}.**"
    return f"{word}\n\n*{name}: {odds} % for yes; the dice showed {thrown}.*"


def _react(reading: Reading, rng: random.Random) -> str:
    thrown = roll("2d6", rng)
    section = next(name for most, name in _REACTIONS if thrown.total <= most)
    answer = f"`2d6` → {thrown.text}\n\n{rng.choice(list_entries('oracle', section))}"
    people = [one.passage for one in reading.named if one.passage.kind == "npc"]
    if people:
        told = [unit for unit in list_units(people[0]) if unit.label in _REACTS_BY][:2]
        answer += f"\n\nKeep in mind:\n\n{quote_units(told)}" if told else ""
    return answer
