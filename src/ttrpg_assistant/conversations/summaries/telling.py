"""Asks for the text of a summary, and makes what comes back fit to be kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ttrpg_assistant.builtin.names_kept import NamesSaid, list_names_line
from ttrpg_assistant.builtin.summary import size_of
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
Asking = Callable[[Sequence[str]], Compose]
"""What to send, given the names that an earlier answer left out."""

ASK_TALK = "Write what the talk above came to."
ASK_SPOKEN = (
    "In the talk above the answers are what a character said, the rest is what was said to it."
    " Write what that character remembers of it."
)
ASK_NOTES = (
    "Each message above says what one part of the talk came to. Write what all of it came to."
)
ASK_NAMES = "Say who or what each name of the last message is, too: they were said often."
NAMES_ASKED = 20
NAME_CHARACTERS = 60

_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")


class Worded(NamedTuple):
    """What a model wrote, and how many of its lines found no room."""

    text: str
    left_out: int = 0


def ask_of_talk(said: Sequence[HistoryMessage], listener: Listener) -> Asking:
    """What to send a model to summarise a stretch of talk: the talk, and nothing else."""
    request = ASK_SPOKEN if listener.mode == "as" else ASK_TALK
    return _ask(said, listener, request)


def ask_of_notes(group: Sequence[StoredSummary], listener: Listener) -> Asking:
    """The same for summaries that are to become one."""
    said = [
        HistoryMessage(number, "user", f"{one.first_at[:10]}\n{one.text}", listener.mode)
        for number, one in enumerate(group, 1)
    ]
    return _ask(said, listener, ASK_NOTES)


def tidy(text: str) -> Worded:
    """A line each, without bullets and blank lines, not endless. May be empty."""
    lines = [line for line in (_BULLET.sub("", one).strip() for one in text.splitlines()) if line]
    kept: list[str] = []
    left = SUMMARY_CHARACTERS
    for line in lines:
        if len(line) > left:
            kept += [cut_text(line, left).rstrip()] if not kept else []
            break
        kept.append(line)
        left -= len(line) + 1
    whole = len(kept) == len(lines) and kept[-1:] == lines[-1:]
    return Worded("\n".join(kept), 0 if whole else max(1, len(lines) - len(kept)))


def complete(worded: Worded, names: NamesSaid, level: int) -> str:
    """The text with a line of the names it does not say, and a word about what found no room."""
    lines = [worded.text]
    if worded.left_out:
        lines.append("(Shortened: the rest of this summary was too long.)")
    return "\n".join(
        [*lines, *list_names_line(names.list_unsaid(worded.text, size_of(level).names))]
    )


def _ask(said: Sequence[HistoryMessage], listener: Listener, request: str) -> Asking:
    def ask(forgotten: Sequence[str]) -> Compose:
        # The names come from the talk, so they stand in it, not in the request.
        names = ", ".join(cut_text(name, NAME_CHARACTERS) for name in forgotten[:NAMES_ASKED])
        listed = [HistoryMessage(said[-1].seq + 1, "user", names, listener.mode)] if names else []
        again = "" if not names else f" {ASK_NAMES}"

        def compose(budget: Budget) -> Prompt:
            return compose_task(
                "older_history",
                history=History([*said, *listed]),
                request=f"{request}{again}",
                budget=budget,
                nonce=new_nonce(),
                mode=listener.mode,
            )

        return compose

    return ask
