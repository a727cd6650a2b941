"""Quotes that say what they are: a secret never without "GM only", a plan never as an event.

Whatever an answer takes out of a passage goes through a `Unit` and `quote_units` (or `mark_of`
where it stands in a list), so the marks cannot be forgotten by one answer and kept by another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from ttrpg_assistant.builtin.citing import QUOTE_CHARACTERS, cite, escape
from ttrpg_assistant.builtin.words import finish, list_sentences, plain, shorten
from ttrpg_assistant.llm.types import Passage

WHOLE_CHARACTERS = 320
"""A note or a short text up to this length is quoted whole."""

_FEW_SENTENCES = 2
_ENTRIES = ("note", "event", "fact")
_UNNAMED = frozenset({"", "Role", "Background", "Personality", "Description", "Fact", "Note"})
"""Fields whose text says what it is without their name."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is quoted at once: a sentence, a field of a sheet, an entry of the table's log."""

    passage: Passage
    text: str
    label: str = ""
    gm_only: bool = False


def list_units(passage: Passage) -> list[Unit]:
    """Everything of a passage that can be quoted, in its order."""
    if passage.lines:
        return [
            Unit(passage, text, line.label, passage.gm_only or line.gm_only)
            for line in passage.lines
            for text in _cut(line.text)
        ]
    return [Unit(passage, text, "", passage.gm_only) for text in _cut(passage.text)]


def _cut(text: str) -> list[str]:
    sentences = list_sentences(text)
    if len(sentences) <= _FEW_SENTENCES or sum(map(len, sentences)) <= WHOLE_CHARACTERS // 2:
        whole = " ".join(map(finish, sentences[:-1])) + f" {sentences[-1]}" if sentences else ""
        if whole.strip() and len(whole) <= WHOLE_CHARACTERS:
            return [whole.strip()]
    return _with_what_follows(sentences)


def _with_what_follows(sentences: Sequence[str]) -> list[str]:
    """A sentence such as "The drunk is:" says nothing without what it leads to."""
    joined: list[str] = []
    for sentence in sentences:
        last = joined[-1] if joined else ""
        if last.endswith(":") and len(last) + len(sentence) < WHOLE_CHARACTERS:
            joined[-1] = f"{last} {sentence}"
        else:
            joined.append(sentence)
    return joined


def mark_of(passage: Passage, gm_only: bool = False) -> str:
    """What has to be said of a passage wherever something of it is shown; mostly nothing."""
    marks = ["**GM only**"] if gm_only or passage.gm_only else []
    if passage.is_planned and passage.kind == "message":
        marks.append("**said while planning, not played**")
    elif passage.is_planned:
        marks.append("**planned, not played**")
    if passage.remark:
        marks.append(escape(shorten(passage.remark, 120)))
    return " · ".join(marks)


def quote_units(units: Sequence[Unit]) -> str:
    """The units as quotes in the order given, those of one source and kind together."""
    blocks = []
    for _, group in groupby(units, key=_source_key):
        same = list(group)
        said = " ".join(dict.fromkeys(_spell(unit) for unit in same))
        limit = QUOTE_CHARACTERS if len(same) == 1 else QUOTE_CHARACTERS * 2
        blocks.append(_block(shorten(said, limit), same[0]))
    return "\n\n".join(blocks)


def _source_key(unit: Unit) -> tuple[str, str, bool]:
    return unit.passage.kind, unit.passage.ref or unit.passage.title, unit.gm_only


def _spell(unit: Unit) -> str:
    text = finish(plain(unit.text))
    if unit.label in _UNNAMED or (unit.gm_only and unit.label in ("Secret", "GM notes")):
        return text
    return f"{plain(unit.label)}: {text}"


def _block(said: str, unit: Unit) -> str:
    mark = mark_of(unit.passage, unit.gm_only)
    source = " · ".join(filter(None, (mark, _source(unit))))
    return f"> {escape(said)}\n>\n> — {source}" if said else f"> — {source}"


def _source(unit: Unit) -> str:
    passage = unit.passage
    named = cite(passage)
    if unit.gm_only and unit.label == "Secret":
        return f"secret of {named}"
    before = {"plan": "plan of ", "recap": "recap of ", "note": "note in ", "event": "event in "}
    return (
        f"{before[passage.kind]}{named}"
        if passage.game_session and passage.kind in before
        else named
    )


def list_all_units(passages: Iterable[Passage]) -> list[Unit]:
    """The units of all these, in their order."""
    return [unit for passage in passages for unit in list_units(passage)]
