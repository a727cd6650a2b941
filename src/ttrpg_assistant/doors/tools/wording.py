"""How tools answer: short lines, each with the kind and id of what it tells. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.prompts.audience import is_gm_only
from ttrpg_assistant.prompts.entity_facts import FactLine

LINE_CHARACTERS = 400
"""Of one field or sentence."""

TEXT_CHARACTERS = 3_600
"""Of one answer, about."""


def one_line(text: str, most: int = LINE_CHARACTERS) -> str:
    """The text on one line, cut where it is longer."""
    said = " ".join(text.split())
    kept = cut_text(said, most)
    return kept if kept == said else f"{kept.rstrip()} …"


def cite(kind: str, id: str) -> str:
    """`[npc 0192…]`, as every line names what it tells of."""
    return f"[{kind} {id}]"


def spell_fields(lines: Iterable[FactLine], *, is_gm: bool) -> list[str]:
    """The lines of a thing; for the game master, what only they may know says so."""
    return [
        f"{line.label}: {one_line(line.value, 800)}"
        + (" (GM only)" if is_gm and is_gm_only(line.audience) else "")
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
