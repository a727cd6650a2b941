"""Recaps of a game session: what was noted, in its order, shortened where it is much."""

from __future__ import annotations

from collections.abc import Sequence

from ttrpg_assistant.builtin.asking import Question
from ttrpg_assistant.builtin.summary import summarise
from ttrpg_assistant.builtin.words import list_sentences, shorten
from ttrpg_assistant.llm.types import Passage

_NOTED, _TOLD, _SAID = 16, 12, 5
"""The most sentences of the notes, in the game master's recap and the players', and of the talk."""

_CHARACTERS = 280
_PARAGRAPH = 4
"""Sentences, for something that is read out."""


def recap_for_gm(question: Question) -> str:
    """Every telling note as a line, then what was said meanwhile."""
    noted = [f"- {line}" for line in _choose(question.list_of("note"), _NOTED)]
    talk = question.list_of("message")
    said = [
        f"- {talk[line.source].title}: {shorten(line.text, _CHARACTERS)}"
        for line in summarise([passage.text for passage in talk], _SAID)
    ]
    parts = ["\n".join(noted), "\n".join(["Said meanwhile:", *said]) if said else ""]
    return "\n\n".join(part for part in parts if part) or "Nothing was noted."


def recap_for_players(question: Question) -> str:
    """What was noted, as prose to be read out."""
    told = [_whole(line) for line in _choose(question.list_of("note"), _TOLD)]
    paragraphs = [" ".join(told[at : at + _PARAGRAPH]) for at in range(0, len(told), _PARAGRAPH)]
    return "\n\n".join(paragraphs) or "Nothing was noted."


def _choose(passages: Sequence[Passage], most: int) -> list[str]:
    """Every sentence in its order; where there are more, the most central ones."""
    every = [line for passage in passages for line in list_sentences(passage.text)]
    if len(every) > most:
        every = [line.text for line in summarise([p.text for p in passages], most)]
    return [shorten(line, _CHARACTERS) for line in every]


def _whole(line: str) -> str:
    said = line[:1].upper() + line[1:]
    return said if said.endswith((".", "!", "?", "…", "”", '"')) else f"{said}."
