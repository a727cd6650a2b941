"""How tools answer: short lines, each with the kind and id of what it tells. Pure.

What the campaign says is data, whoever wrote it. It stands on a line of its own behind a label or a
citation of ours, without anything unseen, and it can neither write a citation nor a picture that a
program would load. So no name, field or talk looks like what a tool says itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.doors.without_pictures import without_pictures
from ttrpg_assistant.prompts.audience import is_gm_only
from ttrpg_assistant.prompts.characters import strip_unseen
from ttrpg_assistant.prompts.entity_facts import FactLine

LINE_CHARACTERS = 400
"""Of one field or sentence."""

TEXT_CHARACTERS = 3_600
"""Of one answer, about."""

NAME_CHARACTERS = 120

_CITATION = re.compile(r"\[([a-z_]{1,40} [0-9a-f]{8}-[0-9a-f-]{27})\]", re.IGNORECASE)


def one_line(text: str, most: int = LINE_CHARACTERS) -> str:
    """The text on one line, cut where it is longer, as what it is: data."""
    begun = cut_text(text, 16 * most)
    said = " ".join(strip_unseen(begun).split())
    said = _CITATION.sub(r"(\1)", without_pictures(said))
    kept = said if len(begun) == len(text) and len(said) <= most else cut_text(said, most)
    is_whole = kept == said and len(begun) == len(text)
    return kept if is_whole else f"{kept.rstrip()} …"


def call(name: str) -> str:
    """What something is called, in a line of ours."""
    return one_line(name, NAME_CHARACTERS)


def quote(text: str, most: int = TEXT_CHARACTERS) -> str:
    """Longer prose: its first line as it is, the others each begun as a quotation."""
    lines = (one_line(line, most) for line in cut_text(text, most).splitlines())
    return "\n> ".join(filter(None, lines))


def cite(kind: str, id: str) -> str:
    """`[npc 0192…]`, as every line names what it tells of."""
    return f"[{kind} {id}]"


def spell_fields(lines: Iterable[FactLine], *, is_gm: bool) -> list[str]:
    """The lines of a thing; for the game master, what only they may know says so."""
    return [
        f"{call(line.label)}{' (GM only)' if is_gm and is_gm_only(line.audience) else ''}:"
        f" {one_line(line.value, 800)}"
        for line in lines
        if line.value
    ]


def join_lines(title: str, lines: Sequence[str], *, none: str = "") -> str:
    """A title and as many lines as an answer has room for; the rest is counted."""
    if not lines:
        return none or title
    kept: list[str] = []
    left = TEXT_CHARACTERS - len(title)
    for line in lines:
        if len(line) >= left:
            break
        kept.append(line)
        left -= len(line) + 1
    if len(kept) < len(lines):
        kept.append(f"… and {len(lines) - len(kept)} more.")
    return "\n".join(filter(None, (title, *kept)))
