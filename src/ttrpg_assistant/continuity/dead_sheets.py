"""Who acts at the table though their sheet says that they are dead. Pure.

A sheet says what is so now, and not since which evening: it only speaks against what was said after
it was changed last, and only against sentences in the present tense.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.continuity.acting import list_acting
from ttrpg_assistant.continuity.contradictions import make_contradiction
from ttrpg_assistant.continuity.model import Contradiction, Side, Source


class DeadSheet(NamedTuple):
    """The sheet of an NPC whose status says that it is dead."""

    name: str
    state: str
    changed_at: str


class SaidLine(NamedTuple):
    """A message, in which game session and when."""

    source: Source
    text: str
    evening: int
    at: str


def find_dead_by_sheet(
    sheets: Mapping[EntityRef, DeadSheet], said: Sequence[SaidLine], index: NameIndex
) -> Iterator[Contradiction]:
    """Which of these messages tell somebody as acting who is dead by their sheet, in the order of
    the messages."""
    for line in said:
        for one in list_acting(line.text, index) if line.evening else ():
            sheet = sheets.get(one.ref)
            if sheet is None or one.is_past or line.at < sheet.changed_at:
                continue
            say = f"The sheet of {sheet.name} says dead, and {sheet.name} acts in game session"
            yield make_contradiction(
                "dead_sheet",
                sheet.name,
                one.ref,
                f"{say} {line.evening}.",
                Side(Source(*one.ref), cut_text(f"Status: {sheet.state}", 300), None),
                Side(line.source, cut_text(one.sentence, 300), line.evening),
            )
