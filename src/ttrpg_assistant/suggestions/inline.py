"""Sources that a reply names where it rests on them: `[[Mira Vale]]`."""

from __future__ import annotations

from ttrpg_assistant.llm.bracketed import NAMED
from ttrpg_assistant.suggestions.meaning import Cited

MOST = 50
"""Names taken from one reply."""


def list_named_sources(shown: str) -> list[Cited]:
    """Each source named in double brackets, once, in the order of naming."""
    names: dict[str, str] = {}
    for found in NAMED.finditer(shown):
        name = " ".join(found[1].split())
        if name:
            names.setdefault(name.casefold(), name)
    return [Cited(name) for name in list(names.values())[:MOST]]
