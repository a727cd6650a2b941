"""What is shown of a reply: its readable text, and where in it something is proposed.

A reply is shown as a list of parts: texts, and blocks whose cards stand where the block stood.
While it streams the same list is sent as changes that follow one another: a text goes on where
the last one ended, a block replaces what was said of the block at the same place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec


class ShownCard(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of one thing that is proposed; an empty title is not known yet."""

    kind: str
    title: str = ""
    rationale: str = ""
    fields: Mapping[str, Any] = msgspec.field(default_factory=dict)


class ShownBlock(msgspec.Struct, frozen=True, omit_defaults=True):
    """A block of a reply, not shown itself. `place` is the character (code point) of the reply at
    which it begins.

    `is_open`: it is still being written. `is_text`: it was no block after all, what stands there is
    text and follows; only said of a block that was said to be one before.
    """

    place: int
    cards: tuple[ShownCard, ...] = ()
    is_open: bool = False
    is_text: bool = False


Part = str | ShownBlock


class PlainReading:
    """Shows a reply as it is."""

    def __init__(self) -> None:
        self.parts: list[Part] = []

    def feed(self, text: str) -> None:
        """Read more of the reply."""
        self.parts.append(text)


def join_changes(changes: Iterable[Part]) -> list[Part]:
    """The same changes in as few parts as possible: texts joined, of each block the last word."""
    found: list[list[str] | ShownBlock] = []
    at: dict[int, int] = {}
    for change in changes:
        if isinstance(change, ShownBlock):
            known = at.setdefault(change.place, len(found))
            found[known : known + 1] = [change]
        elif found and isinstance(last := found[-1], list):
            last.append(change)
        elif change:
            found.append([change])
    return ["".join(part) if isinstance(part, list) else part for part in found]


def join_parts(changes: Iterable[Part]) -> list[Part]:
    """What all changes of a reply come to."""
    kept = (
        part
        for part in join_changes(changes)
        if not (isinstance(part, ShownBlock) and part.is_text)
    )
    return join_changes(kept)


def has_blocks(parts: Iterable[Part]) -> bool:
    """Whether anything but text is among the parts."""
    return any(isinstance(part, ShownBlock) for part in parts)
