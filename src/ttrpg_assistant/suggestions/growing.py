"""Reads a reply while it is being written: what may be shown of it, and what is being proposed.

No half block is ever shown. Of a block that is still being written it is said that it is one, and
of what kind and by which name, as soon as it says so itself.
"""

from __future__ import annotations

import re

from ttrpg_assistant.live.shown import Part, ShownBlock, ShownCard
from ttrpg_assistant.llm.fences import Block
from ttrpg_assistant.llm.lenient import Value, read_values
from ttrpg_assistant.suggestions.kinds import (
    TARGET_KEYS,
    find_word,
    is_citation,
    is_declared,
    is_suggestion,
    keyed,
    kind_of,
    unwrap,
)
from ttrpg_assistant.suggestions.meaning import read_proposal
from ttrpg_assistant.suggestions.parse import ReplyParser

LARGEST = 64_000
"""Characters of a block that is read while the reply goes on: everybody waits meanwhile. A larger
one is read when the reply has ended, by a thread of its own."""

HEAD = 1_500
"""Characters of a block that are looked at before it is whole."""

_CLOSES = re.compile(r'["\'”’\n,}\]]')
_MARKS = re.compile(r'\\.|"', re.DOTALL)
_ENDS = '{}[]",:\n'
_NAME_KEYS = (*TARGET_KEYS, "name", "title")


class GrowingReply:
    """The `live.ports.Reading` of a reply that may propose."""

    def __init__(self) -> None:
        self._parser = _StreamedParser()
        self.parts: list[Part] = self._parser.parts
        self._place = -1
        self._seen = 0
        self._cards: tuple[ShownCard, ...] = ()

    def feed(self, text: str) -> None:
        """Read more of the reply."""
        self._parser.feed(text)
        found = self._parser.open_block
        if found is None or found[0] == "citation":
            return
        label, place = found
        if place != self._place:
            self._place, self._seen, self._cards = place, 0, ()
            if label == "suggestion":
                self._parser.announce(ShownBlock(place, is_open=True))
        if self._seen < HEAD:
            self._look_ahead(is_code=label == "json")

    def _look_ahead(self, *, is_code: bool) -> None:
        body = self._parser.peek(HEAD)
        news, self._seen = body[self._seen :], len(body)
        if _CLOSES.search(news) is None:
            return
        cards = read_beginning(body, is_code=is_code)
        if cards and cards != self._cards:
            self._cards = cards
            self._parser.announce(ShownBlock(self._place, cards, is_open=True))


class _StreamedParser(ReplyParser):
    """Leaves a very large block open until the reply is read as a whole."""

    def _show_block(self, block: Block) -> None:
        if len(block.body) <= LARGEST:
            super()._show_block(block)
        elif block.label == "json":
            self.parts.append(block.raw)
        elif block.label == "suggestion":
            self.parts.append(self._announced or ShownBlock(block.place, is_open=True))
            self._announced = None


def read_beginning(body: str, *, is_code: bool = False) -> tuple[ShownCard, ...]:
    """Kind and name of what a block proposes, as far as it says so by now.

    Code that has not said plainly that it proposes is none.
    """
    reading = read_values(_cut(body))
    if reading is None or (is_code and reading.stray):
        return ()
    found = unwrap(reading.values)
    if is_code and not all(map(is_declared, found)):
        return ()
    cards = (_card(item) for item in found if isinstance(item, dict) and not is_citation(item))
    return tuple(card for card in cards if card is not None)


def _card(item: dict[str, Value]) -> ShownCard | None:
    entry = keyed(item)
    kind = kind_of(entry)
    if kind is None:
        return None
    fields = entry.get("fields")
    said = (entry, keyed(fields)) if isinstance(fields, dict) else (entry,)
    is_named = any(find_word(each, _NAME_KEYS) for each in said)
    if not is_named or not is_suggestion(item):
        return ShownCard(kind)
    return ShownCard(kind, read_proposal(item, is_clean=True).title)


def _cut(body: str) -> str:
    """The body without the value that is being written at its end."""
    if "{" not in body and "[" not in body:
        return body[: body.rfind("\n") + 1]
    opened: int | None = None
    for mark in _MARKS.finditer(body):
        if mark[0] == '"':
            opened = mark.start() if opened is None else None
    if opened is not None:
        return body[:opened]
    return body[: max(map(body.rfind, _ENDS)) + 1]
