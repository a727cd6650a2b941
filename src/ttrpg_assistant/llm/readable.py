"""A message as a person reads it: no JSON of proposals, no addresses of links, no brackets.

What is stored is what a model wrote. Whatever shows a part of it anywhere but in the conversation
itself (a hit of the search, a recollection, a summary, a title) takes the part out of this.
"""

from __future__ import annotations

import re

from ttrpg_assistant.llm.bracketed import without_brackets
from ttrpg_assistant.llm.fences import Block, FenceSplitter
from ttrpg_assistant.llm.lenient import Num, Value, read_values
from ttrpg_assistant.llm.spelling import readable_text, spell

BLOCK_CHARACTERS = 100_000
"""Of a longer block only the fact that it is one is read."""

_MOST_VALUES = 60
_LINK = re.compile(r"!?\[((?:[^\[\]\\\n]|\\.){0,300})\]\(ttrpg:[^()\s]{0,400}\)")
_ADDRESS = re.compile(r"<?ttrpg:[a-z_]{1,40}/[^\s()<>\[\]]{1,400}>?", re.I)
_OF_MACHINES = frozenset(
    {"kind", "type", "field", "target_kind", "importance", "id", "entity_id", "entity_kind",
     "confidence", "is_verified", "action"}
)  # fmt: skip
"""Keys of a proposal whose values name parts of the program."""

_PROPOSED = frozenset({"kind", "type", "field", "source_name", "source"})
_WRAPPERS = frozenset({"suggestion", "suggestions", "citation", "citations"})


def readable(text: str, *, with_proposals: bool = True) -> str:
    """The text with proposals in words, or without them, and names in the place of links."""
    if "```" in text or "~~~" in text:
        splitter = FenceSplitter()
        pieces = [*splitter.feed(text), *splitter.finish()]
        text = "".join(
            _say_block(piece, with_proposals) if isinstance(piece, Block) else piece.text
            for piece in pieces
        )
    if "ttrpg:" in text:
        text = _ADDRESS.sub("", _LINK.sub(lambda found: _unescape(found[1]), text))
    return without_brackets(text)


def _say_block(block: Block, with_proposals: bool) -> str:
    reading = read_values(block.body) if len(block.body) <= BLOCK_CHARACTERS else None
    values = [] if reading is None else _list_single(reading.values)
    if block.label == "json" and not (
        block.is_closed and reading and not reading.stray and values and all(map(_declares, values))
    ):
        return block.raw
    if reading is None:
        return readable_text(block.body) or "\n"
    if not block.is_closed:
        return readable_text(reading.stray) + readable_text(spell(reading.values))
    proposed = [value for value in values if _proposes(value)]
    others = spell([value for value in values if not _proposes(value)])
    said: list[str] = []
    for value in proposed if with_proposals else ():
        _list_texts(value, said)
    label = "Source" if block.label == "citation" else "Suggestion"
    words = f"{label}: {'; '.join(dict.fromkeys(said))}\n" if said else ""
    return readable_text(reading.stray) + words + readable_text(others) or "\n"


def _list_single(values: list[Value]) -> list[Value]:
    """The single things in a block: lists opened, wrapper objects taken off."""
    found: list[Value] = []
    for value in values:
        if isinstance(value, list):
            found += _list_single(value)
        elif isinstance(value, dict) and value and _WRAPPERS.issuperset(value):
            found += _list_single(list(value.values()))
        else:
            found.append(value)
    return found


def _proposes(value: Value) -> bool:
    return isinstance(value, dict) and not _PROPOSED.isdisjoint(value)


def _declares(value: Value) -> bool:
    """Whether a value in ordinary code says plainly that it proposes or cites."""
    if not isinstance(value, dict):
        return False
    brings = "fields" in value or "value" in value
    return "source_name" in value or (brings and ("kind" in value or "field" in value))


def _list_texts(value: Value, said: list[str]) -> None:
    if len(said) >= _MOST_VALUES:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _OF_MACHINES:
                _list_texts(inner, said)
    elif isinstance(value, list):
        for inner in value:
            _list_texts(inner, said)
    elif isinstance(value, str) and not isinstance(value, Num) and value.strip():
        said.append(" ".join(value.split()))


def _unescape(text: str) -> str:
    return re.sub(r"\\([\\`*_\[\]<>~|#!])", r"\1", text)
