"""Preparation: an outline for the next evening, and questions that sharpen a campaign."""

from __future__ import annotations

import random
import re

from ttrpg_assistant.llm.builtin.asking import Question
from ttrpg_assistant.llm.builtin.citing import cite, escape
from ttrpg_assistant.llm.builtin.replies.recap import list_sessions_in_order, recap_passages
from ttrpg_assistant.llm.builtin.replies.tables import draw_entries, number
from ttrpg_assistant.llm.builtin.replies.tasks import clarify
from ttrpg_assistant.llm.builtin.words import list_sentences, shorten

_PLAN = re.compile(
    r"\b(?:plan|prep|prepare|preparing|outline|ready)\b.{0,40}"
    r"\b(?:sessions?|evening|game|tonight|saturday|friday|next time|adventure)\b"
    r"|\bsession (?:prep|plan|outline)\b|^(?:help me )?(?:prep|prepare|plan)[.!?]*$"
)
_CLARIFY = re.compile(
    r"\bclarifying questions?\b|\bquestions? (?:to|should i) (?:ask|answer|think)"
)
_STUCK = re.compile(
    r"\bwhat (?:should|could|might|can) happen\b|\bwhat (?:now|next|happens next|do i do)\b"
    r"|\bi(?:'m| am) (?:stuck|out of ideas|lost)\b|^(?:give me |any |some |i need )*ideas?[ .!?]*$"
    r"|\bhelp me (?:out|improvise)\b"
)
_OPEN_THREADS = 6


def reply_with_prep(question: Question, rng: random.Random) -> str | None:
    """An outline for an evening, or clarifying questions."""
    if _CLARIFY.search(question.said):
        return clarify(question, rng, as_json=False)
    if _STUCK.search(question.said):
        return _nudge(question, rng)
    if question.is_past or not _PLAN.search(question.said):
        return None
    return _outline(question, rng)


def _nudge(question: Question, rng: random.Random) -> str:
    """Three ways on: a thread that is open, a trouble, and somebody on the road."""
    ways = [
        draw_entries(question, table, table, 1, rng)[0] for table in ("complications", "encounters")
    ]
    threads = question.list_of("plot_point")
    if threads:
        thread = rng.choice(threads)
        told = " ".join(list_sentences(thread.text)[-2:])
        ways.insert(0, f"Pull on {cite(thread)}: {escape(shorten(told, 160))}")
    else:
        ways.append(draw_entries(question, "hooks", "hooks", 1, rng)[0])
    return f"Three ways on:\n\n{number(ways)}"


def _outline(question: Question, rng: random.Random) -> str:
    parts: list[str] = []
    evenings = list_sessions_in_order(question)
    if evenings:
        parts.append(f"**Where it stands**\n\n{recap_passages(evenings[-1:], 3)}")
    threads = question.list_of("plot_point")[:_OPEN_THREADS]
    if threads:
        lines = [
            f"- {cite(thread)}: {escape(shorten(' '.join(list_sentences(thread.text)[:1]), 140))}"
            for thread in threads
        ]
        parts.append("**Threads to pull**\n\n" + "\n".join(lines))
    drawn = (
        ("A strong start", "hooks", "openings", 1),
        ("Complications in hand", "complications", "complications", 3),
        ("Clues, wherever they look", "hooks", "clues", 3),
        ("On the road", "encounters", "encounters", 1),
        ("Heard on the way", "rumours", "rumours", 2),
        ("A place to use", "places", "places", 1),
        ("The weather", "weather", "weather", 1),
    )
    for title, table, section, count in drawn:
        entries = draw_entries(question, table, section, count, rng)
        parts.append(f"**{title}**\n\n{number(entries) if count > 1 else entries[0]}")
    return "\n\n".join(parts)
