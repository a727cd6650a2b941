"""Answers out of what is stored and what was said: the best few quotes, each with its source."""

from __future__ import annotations

from ttrpg_assistant.llm.builtin.asking import Question
from ttrpg_assistant.llm.builtin.citing import quote_block
from ttrpg_assistant.llm.builtin.own_words import is_courtesy
from ttrpg_assistant.llm.builtin.retrieval import Find, rank
from ttrpg_assistant.llm.builtin.words import list_sentences, plain
from ttrpg_assistant.llm.types import Passage

_QUOTES = 4
_NEAR_BEST = 0.35
"""A quote is shown when it scores at least this share of the best one."""

_NEAR_BEST_OF_THE_PAST = 0.15
"""The same for "what did we say": what was only touched upon was said too."""

_HERE = "earlier in this conversation"


def recall(question: Question) -> str:
    """The quotes that bear on the question; an honest word when there are none."""
    finds = find_quotes(question)
    if not finds:
        return _nothing(question)
    lead = "This bears on it:"
    if question.is_asking:
        said = all(find.passage.kind == "message" for find in finds)
        lead = "This was said:" if said else "This is written:"
    return "\n\n".join([lead, *(quote_block(find.passage, find.quote) for find in finds)])


def find_quotes(question: Question) -> list[Find]:
    """At most four finds over the passages and the earlier messages, best first."""
    known = {plain(passage.text) for passage in question.passages}
    passages = [_without_quotes(p) if p.kind == "message" else p for p in question.passages]
    for message in question.earlier:
        passage = _without_quotes(Passage("message", "", _HERE, message.content))
        if plain(message.content) not in known:
            passages.append(passage)
    passages = [passage for passage in passages if passage.text.strip()]
    finds = rank(question.text, passages)
    share = _NEAR_BEST
    if question.is_past:
        share = _NEAR_BEST_OF_THE_PAST
        finds.sort(key=_tells_of_the_past)
    best = max((find.score for find in finds), default=0.0)
    near = [find for find in finds if find.named or find.score >= share * best]
    shown: list[Find] = []
    said: set[tuple[str, ...]] = set()
    for find in near:
        if find.quote not in said:
            said.add(find.quote)
            shown.append(find)
    return shown[:_QUOTES]


def _tells_of_the_past(find: Find) -> float:
    """Order for "what did we say" and "when did we": what was said and played before sheets."""
    return -find.score * (2.0 if find.passage.kind in ("message", "game_session", "note") else 1.0)


def _without_quotes(passage: Passage) -> Passage:
    """A message without what it quoted itself: nothing is cited through a citation."""
    lines = [
        line
        for line in passage.text.splitlines()
        if not line.lstrip().startswith(">") and "](ttrpg:" not in line
    ]
    sentences = list_sentences(passage.text)
    if is_courtesy(passage.text) or all(s.endswith(("?", "？")) for s in sentences):
        lines = []  # nothing but our own manners, or nothing but questions
    title = passage.title or _HERE
    return Passage(passage.kind, passage.ref, title, "\n".join(lines))


def _nothing(question: Question) -> str:
    if not question.is_asking:
        return "That is part of this conversation now; ask, and I will find it again."
    return (
        "I find nothing stored that answers this. I can list and recap what is stored, roll dice, "
        "draw names, complications or rumours, ask the oracle, and plan the next session.\n\n"
        "*The built-in model quotes and rolls; for free writing choose another in Settings.*"
    )
