"""What of a block is no proposal, as text that a person can read."""

from __future__ import annotations

import re

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.llm.lenient import SPACES, Value

READABLE_CHARACTERS = 2_000
"""How much of an unreadable block is shown. The message itself keeps all of it."""

_WORDS = {True: "true", False: "false", None: ""}
_LINE_END = re.compile(r"[\r\n]")


def readable_text(text: str) -> str:
    """Text from a block as a paragraph of its own, cut when it is very long."""
    text = text.strip(SPACES)
    if len(text) > READABLE_CHARACTERS:
        text = cut_text(text, READABLE_CHARACTERS) + "…"
    # The empty line keeps what follows out of it: Markdown goes on with a list otherwise.
    return text + "\n\n" if text else ""


def spell(values: list[Value]) -> str:
    """Values as lines a person can read: one for each thing said, with its key."""
    lines: list[str] = []
    for value in values:
        _spell(value, "", lines)
    return "\n".join(lines)


def _spell(value: Value, key: str, lines: list[str]) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _spell(inner, name, lines)
    elif isinstance(value, list):
        for inner in value:
            _spell(inner, key, lines)
    else:
        text = value if isinstance(value, str) else _WORDS[value]
        said = ": ".join(part for part in (key, text) if part.strip(SPACES))
        if said:
            lines.append(_LINE_END.sub(" ", f"- {said}"))
