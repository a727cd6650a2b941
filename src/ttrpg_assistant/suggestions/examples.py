"""Proposals that only repeat what our own instructions show.

A small model copies its example: then "Hesper Example" would wait to be accepted. What the
instructions show is read out of them, so that the two cannot drift apart.
"""

from __future__ import annotations

import re
from functools import cache

from ttrpg_assistant.llm.lenient import read_values
from ttrpg_assistant.prompts.templates import load
from ttrpg_assistant.suggestions.fields import Json
from ttrpg_assistant.suggestions.kinds import TARGET_KEYS, find_word, keyed
from ttrpg_assistant.suggestions.meaning import Proposal

MARK = "(example)"
"""How a value says that it is an example."""

_BLOCK = re.compile(r"^```suggestion\n([^`]*)^```", re.MULTILINE)
_PLACEHOLDERS = frozenset(
    {
        *("...", "…", "?", "-", "n/a", "tbd", "todo", "text", "value", "string", "name"),
        *("the text", "the value", "the name", "some text", "your text here", "placeholder"),
        *("what it should say", "name of the npc", "npc name", "the npc's name", "character name"),
        *("why, in one sentence", "the words that showed it", "something"),
    }
)
_BRACKETED = re.compile(r"(?:<[^<>\n]{1,60}>|\{[^{}\n]{1,60}\}|\[[^\[\]\n]{1,60}\])\Z")


@cache
def list_example_names() -> frozenset[str]:
    """The names in the example proposals of the instructions, in small letters."""
    names: set[str] = set()
    for block in _BLOCK.findall(load("proposals")):
        reading = read_values(block)
        for value in reading.values if reading is not None else []:
            if isinstance(value, dict):
                name = find_word(keyed(value), (*TARGET_KEYS, "name", "title"))
                names.update([name.casefold()] if name else [])
    return frozenset(names)


def is_placeholder(value: Json) -> bool:
    """Whether a value is a placeholder that was never filled in."""
    if not isinstance(value, str):
        return False
    text = value.strip()
    return text.casefold() in _PLACEHOLDERS or _BRACKETED.match(text) is not None


def is_example(proposal: Proposal) -> bool:
    """Whether the proposal repeats an example, or consists of placeholders."""
    fields = proposal.fields
    names = [proposal.target, fields.get("name"), fields.get("title")]
    said = {name.strip().casefold() for name in names if isinstance(name, str)}
    if said & list_example_names() or any(is_placeholder(name) for name in names):
        return True
    texts = [text for value in fields.values() for text in _texts(value)]
    if any(MARK in text for text in texts):
        return True
    return bool(texts) and all(map(is_placeholder, texts))


def _texts(value: Json) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in _texts(one)]
