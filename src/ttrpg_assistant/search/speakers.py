"""Who speaks in a line of an imported transcript: its name stands before a colon."""

from __future__ import annotations

import re

_NAMED = re.compile(r"([^\W\d_][^:\n]{0,59}):[ \t]+\S")


def find_speaker(beginning: str) -> str:
    """The name before the colon, or nothing."""
    found = _NAMED.match(beginning)
    return found[1].strip() if found is not None else ""
