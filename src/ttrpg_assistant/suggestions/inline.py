"""Sources that a reply names where it rests on them: `[[Mira Vale]]`."""

from __future__ import annotations

import re

from ttrpg_assistant.suggestions.meaning import Cited

MOST = 50
"""Names taken from one reply."""

_NAMED = re.compile(r"\[\[([^\[\]\n|]{1,200})(?:\|[^\[\]\n]{0,200})?\]\]")


def list_named_sources(shown: str) -> list[Cited]:
    """Each source named in double brackets, once, in the order of naming."""
    names: dict[str, str] = {}
    for found in _NAMED.finditer(shown):
        name = " ".join(found[1].split())
        if name:
            names.setdefault(name.casefold(), name)
    return [Cited(name) for name in list(names.values())[:MOST]]


def without_brackets(text: str) -> str:
    """The text with the names alone: inside a proposal they are no sources."""
    return _NAMED.sub(r"\1", text) if "[[" in text else text
