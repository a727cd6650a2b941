"""What a document holds once it was read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


class Refusal(Exception):
    """The document cannot be read; says why in one word."""


@dataclass(slots=True)
class Parsed:
    """A document as Markdown. `left_out` counts what is no text, by what it is called."""

    text: str
    title: str = ""
    left_out: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)
