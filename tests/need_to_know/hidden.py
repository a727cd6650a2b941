"""What an NPC must not know, and whether any piece of it is in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.npc_table import all_of
from ttrpg_assistant.llm.types import ModelRequest

PIECE = 20
"""Characters. Less than that is a coincidence of ordinary words."""


@dataclass
class Npc:
    """One NPC of a campaign: what its player may hear from it, and what not."""

    id: str
    name: str
    hidden: list[str] = field(default_factory=list)
    """Withheld from this NPC: secrets, notes, facts for others, what others are."""
    shown: list[str] = field(default_factory=list)
    """What it may say: its own sheet, what it knows, every name."""
    own_secrets: list[str] = field(default_factory=list)
    """Of the hidden, what the talk about this NPC must have."""
    known: list[str] = field(default_factory=list)
    """Of the shown, facts that its own prompts must have."""


def flat(text: str) -> str:
    """The text as it is compared: cases and white space do not count."""
    return re.sub(r"\s+", " ", text).casefold()


def pieces(texts: Iterable[str]) -> set[str]:
    """Every stretch of twenty characters in the texts; a shorter text is one piece."""
    found: set[str] = set()
    for text in map(flat, texts):
        found.update(text[at : at + PIECE] for at in range(max(1, len(text) - PIECE + 1)))
    return found


def find_leaks(npc: Npc, sent: Iterable[str]) -> set[str]:
    """Pieces of what is hidden from the NPC that stand in texts sent for it."""
    forbidden = pieces(npc.hidden) - pieces(npc.shown)
    short = {piece for piece in forbidden if len(piece) < PIECE}
    texts = [flat(text) for text in sent]
    leaked = {piece for piece in short if any(piece in text for text in texts)}
    leaked |= forbidden & pieces(texts)
    # A long name with a space or a colon beside it is still only a name.
    shown = "\n".join(map(flat, npc.shown))
    return {piece for piece in leaked if piece.strip(" :,.") not in shown}


def check_withheld(npc: Npc, requests: Iterable[ModelRequest]) -> None:
    """Fails with the first pieces that leaked, and from which request."""
    for number, request in enumerate(requests):
        leaks = find_leaks(npc, [all_of(request)])
        assert not leaks, f"{npc.name}, request {number}: {sorted(leaks)[:3]}"
