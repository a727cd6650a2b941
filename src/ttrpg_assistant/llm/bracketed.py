"""Names in double brackets, as a model writes where it rests on something: `[[Mira Vale]]`."""

from __future__ import annotations

import re

NAMED = re.compile(r"\[\[([^\[\]\n|]{1,200})(?:\|[^\[\]\n]{0,200})?\]\]")


def without_brackets(text: str) -> str:
    """The text with the names alone."""
    return NAMED.sub(r"\1", text) if "[[" in text else text
