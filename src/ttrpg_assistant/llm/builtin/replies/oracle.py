"""The yes-or-no oracle and the reaction roll: chance answers what nobody has written."""

from __future__ import annotations

import random
import re

from ttrpg_assistant.llm.builtin.asking import Question
from ttrpg_assistant.llm.builtin.citing import quote_block
from ttrpg_assistant.llm.builtin.dice import roll
from ttrpg_assistant.llm.builtin.replies.recall import find_quotes
from ttrpg_assistant.llm.builtin.tables import list_entries

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
_REACTIONS = ((3, "hostile"), (5, "wary"), (8, "undecided"), (10, "friendly"), (12, "eager"))


def reply_with_oracle(question: Question, rng: random.Random) -> str | None:
    """Chance's answer, always after what is written: the oracle never overrules a note."""
    said = question.said
    if _REACTION.search(said):
        return _react(question, rng)
    named = next(((name, odds) for words, name, odds in _LIKELIHOOD if words.search(said)), None)
    is_called = _ORACLE.search(said) is not None
    if not is_called and not _YES_OR_NO.match(said):
        return None
    if named is None and not is_called:
        if find_quotes(question):
            return None
        answer = _ask(rng, "even odds", 50)
        return f"Nothing stored settles it. The oracle says:\n\n{answer}"
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


def _react(question: Question, rng: random.Random) -> str:
    thrown = roll("2d6", rng)
    section = next(name for most, name in _REACTIONS if thrown.total <= most)
    answer = f"`2d6` → {thrown.text}\n\n{rng.choice(list_entries('oracle', section))}"
    named = [find for find in find_quotes(question) if find.named and find.passage.kind == "npc"]
    if named:
        answer += f"\n\nKeep in mind:\n\n{quote_block(named[0].passage, named[0].quote)}"
    return answer
