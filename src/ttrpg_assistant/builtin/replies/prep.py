"""Preparation: an outline for the next evening, and questions that sharpen a campaign."""

from __future__ import annotations

import random
import re

from ttrpg_assistant.builtin.asking import Question
from ttrpg_assistant.builtin.citing import cite, escape
from ttrpg_assistant.builtin.quoting import list_units, mark_of
from ttrpg_assistant.builtin.reading import Reading
from ttrpg_assistant.builtin.replies.sessions import tell_session
from ttrpg_assistant.builtin.replies.tables import draw_entries, number
from ttrpg_assistant.builtin.replies.tasks import clarify
from ttrpg_assistant.builtin.words import shorten
from ttrpg_assistant.llm.types import Passage

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


def reply_with_prep(reading: Reading, rng: random.Random) -> str | None:
    """An outline for an evening, or clarifying questions."""
    question = reading.question
    if _CLARIFY.search(question.said):
        return clarify(question, rng, as_json=False)
    if _STUCK.search(question.said):
        return _nudge(question, rng)
    if question.is_past or not _PLAN.search(question.said):
        return None
    return _outline(reading, rng)


def _nudge(question: Question, rng: random.Random) -> str:
    """Three ways on: a thread that is open, a trouble, and somebody on the road."""
    ways = [
        draw_entries(question, table, table, 1, rng)[0] for table in ("complications", "encounters")
    ]
    threads = list_open_threads(question)
    if threads:
        ways.insert(0, f"Pull on {_thread_line(rng.choice(threads), 160)}")
    else:
        ways.append(draw_entries(question, "hooks", "hooks", 1, rng)[0])
    return f"Three ways on:\n\n{number(ways)}"


def list_open_threads(question: Question) -> list[Passage]:
    """Plot points that are neither resolved nor taken back."""
    return [
        one
        for one in question.list_of("plot_point")
        if not one.remark
        and not any(u.label == "Status" and u.text == "resolved" for u in one.lines)
    ]


def _thread_line(thread: Passage, characters: int) -> str:
    """A plot point in a line, with what has to be said of it."""
    unit = next((one for one in list_units(thread) if one.label in ("", "Description")), None)
    told = "" if unit is None else f": {escape(shorten(unit.text, characters))}"
    mark = mark_of(thread)
    return f"{cite(thread)}{f' ({mark})' if mark else ''}{told}"


def _outline(reading: Reading, rng: random.Random) -> str:
    question = reading.question
    parts: list[str] = []
    last = reading.evenings.find_running() or reading.evenings.find_last()
    if last is not None and (told := tell_session(reading, last, brief=True)):
        parts.append(f"**Where it stands**\n\n{told}")
    if threads := list_open_threads(question)[:_OPEN_THREADS]:
        lines = [f"- {_thread_line(thread, 140)}" for thread in threads]
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
