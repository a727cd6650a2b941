"""Asks for the text of a summary, and makes what comes back fit to be kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.summaries.model import (
    SUMMARY_CHARACTERS,
    Listener,
    StoredSummary,
)
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import Prompt, compose_task
from ttrpg_assistant.prompts.facts import History, HistoryMessage
from ttrpg_assistant.prompts.fence import new_nonce

Compose = Callable[[Budget], Prompt]

ASK_TALK = "Write what the talk above came to."
ASK_SPOKEN = (
    "In the talk above the answers are what a character said, the rest is what was said to it."
    " Write what that character remembers of it."
)
ASK_NOTES = (
    "Each message above says what one part of the talk came to. Write what all of it came to."
)

_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")


def ask_of_talk(said: Sequence[HistoryMessage], listener: Listener) -> Compose:
    """What to send a model to summarise a stretch of talk: the talk, and nothing else."""
    request = ASK_SPOKEN if listener.mode == "as" else ASK_TALK
    return _ask(said, listener, request)


def ask_of_notes(group: Sequence[StoredSummary], listener: Listener) -> Compose:
    """The same for summaries that are to become one."""
    said = [
        HistoryMessage(number, "user", f"{one.first_at[:10]}\n{one.text}", listener.mode)
        for number, one in enumerate(group, 1)
    ]
    return _ask(said, listener, ASK_NOTES)


def tidy(text: str) -> str:
    """A line each, without bullets and blank lines, not endless. May be empty."""
    lines = (_BULLET.sub("", line).strip() for line in text.splitlines())
    kept: list[str] = []
    left = SUMMARY_CHARACTERS
    for line in filter(None, lines):
        if len(line) > left:
            kept += [cut_text(line, left).rstrip()] if not kept else []
            break
        kept.append(line)
        left -= len(line) + 1
    return "\n".join(kept)


def _ask(said: Sequence[HistoryMessage], listener: Listener, request: str) -> Compose:
    def compose(budget: Budget) -> Prompt:
        return compose_task(
            "older_history",
            history=History(said),
            request=request,
            budget=budget,
            nonce=new_nonce(),
            mode=listener.mode,
        )

    return compose
