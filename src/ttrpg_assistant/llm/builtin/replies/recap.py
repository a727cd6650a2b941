"""Recaps: the most central sentences of what is stored or was said, word for word."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from ttrpg_assistant.llm.builtin.asking import Question
from ttrpg_assistant.llm.builtin.citing import cite, escape
from ttrpg_assistant.llm.builtin.retrieval import rank
from ttrpg_assistant.llm.builtin.summary import summarise
from ttrpg_assistant.llm.builtin.words import shorten
from ttrpg_assistant.llm.types import Passage

_SENTENCES = 7
_SENTENCE_CHARACTERS = 280
_WANTED = re.compile(
    r"\brecap\b|\bsummar(?:y|ies|ise|ize|isation|ization)\b|\bsum (?:it |this |that "
    r"|things )?up\b|\btl;?dr\b"
    r"|\bwhere (?:were we|did we (?:stop|leave)|are we)\b|\bpreviously\b|\bcatch me up\b"
    r"|\bwhat happened\b.{0,20}\b(?:session|time|week|evening|game|so far)\b|\bthe story so far\b"
)
_TALK = re.compile(
    r"\b(?:this|our|the) (?:conversation|chat|talk|thread|discussion)\b|\bwhat we (?:said|talked"
    r"|discussed)\b"
)
_NUMBERED = re.compile(r"\bsession\s*+(?:#\s*+)?(\d{1,4})\b")
_LAST = re.compile(
    r"\b(?:last|latest|previous|yesterday's) (?:game |play )?(?:session|time|week|evening|game)\b"
)
_NUMBER_IN_TITLE = re.compile(r"\d{1,4}")


def reply_with_recap(question: Question, rng: random.Random) -> str | None:
    """A summary of a game session, of the notes, or of this conversation."""
    if _WANTED.search(question.said) is None:
        return None
    if not _TALK.search(question.said):
        sources = _choose_sources(question)
        if sources:
            return recap_passages(sources, _SENTENCES)
    return _recap_talk(question)


def recap_passages(sources: Sequence[Passage], count: int) -> str:
    """The central sentences of these passages, each with its source."""
    lines = summarise([passage.text for passage in sources], count)
    if not lines:
        return f"There is nothing written in {', '.join(cite(p) for p in sources[:5])} yet."
    shown: list[str] = []
    for line in lines:
        said = escape(shorten(line.text, _SENTENCE_CHARACTERS))
        shown.append(f"- {said} ({cite(sources[line.source])})")
    return "\n".join(shown)


def list_sessions_in_order(question: Question) -> list[Passage]:
    """The game sessions given, by the number in their titles where they have one."""
    evenings = question.list_of("game_session")
    return sorted(evenings, key=lambda passage: _number(passage.title) or 0)


def _choose_sources(question: Question) -> list[Passage]:
    written = question.list_of("game_session", "note")
    numbered = _NUMBERED.search(question.said)
    if numbered:
        of_number = [p for p in written if _number(p.title) == int(numbered[1])]
        return of_number or written
    if _LAST.search(question.said):
        evenings = list_sessions_in_order(question)
        recaps = [passage for passage in evenings if _number(passage.title) is None]
        return recaps[-1:] or evenings[-1:] or written
    topic = _WANTED.sub(" ", question.said)
    named = [find.passage for find in rank(topic, question.passages) if find.named]
    return named or written


def _number(title: str) -> int | None:
    found = _NUMBER_IN_TITLE.search(title)
    return int(found[0]) if found else None


def _recap_talk(question: Question) -> str:
    texts = [
        "\n".join(line for line in message.content.splitlines() if not line.startswith(">"))
        for message in question.earlier
    ]
    lines = summarise(texts, _SENTENCES)
    if not lines:
        return "There is nothing to sum up yet: no notes were given to me, and we have said little."
    who = {"user": "You", "assistant": "Answer"}
    shown = [
        f"- *{who[question.earlier[line.source].role]}:* "
        f"{escape(shorten(line.text, _SENTENCE_CHARACTERS))}"
        for line in lines
    ]
    return "From this conversation:\n\n" + "\n".join(shown)
