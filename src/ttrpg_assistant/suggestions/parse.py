"""Reads a model's reply: what is shown of it, what it proposes, what it cites.

    reply text ─► fences ─► blocks ─► lenient ─► values ─► kinds ─► meaning ─► proposals
                     └────► shown text

The stored message keeps the raw reply; the shown text is derived from it, here and in the
page (`web/app/models/reply_blocks.js`) by the same rule, piece by piece while it streams.
What cannot be read as a proposal is never lost: it stays as readable text, with a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.llm.fences import Block, FenceSplitter, Piece, Text
from ttrpg_assistant.llm.lenient import SPACES, Reading, Value, read_values
from ttrpg_assistant.suggestions.examples import is_example
from ttrpg_assistant.suggestions.inline import list_named_sources
from ttrpg_assistant.suggestions.kinds import is_citation, is_declared, is_suggestion, unwrap
from ttrpg_assistant.suggestions.meaning import (
    Cited,
    Proposal,
    read_citation,
    read_proposal,
)

_WORDS = {True: "true", False: "false", None: ""}
_LINE_END = re.compile(r"[\r\n]")

BLOCK_CHARACTERS = 2_000_000
"""A longer block is not read: it is a runaway model."""

BLOCK_ITEMS = 50
"""Proposals and citations taken from one reply; nobody decides on more."""

READABLE_CHARACTERS = 2_000
"""How much of an unreadable block is shown. The message itself keeps all of it."""


@dataclass(frozen=True, slots=True)
class ParsedReply:
    """A reply, taken apart. `notes` say, for the GM, what could not be taken as it was.

    `named` are the names in double brackets: sources, if there are such things. `places` says of
    each suggestion at which character of the reply its block begins, `notes_in_place` of each
    block with what is to be noted of it.
    """

    shown: str
    suggestions: tuple[Proposal, ...]
    citations: tuple[Cited, ...]
    notes: tuple[str, ...]
    named: tuple[Cited, ...] = ()
    places: tuple[int, ...] = ()
    notes_in_place: tuple[tuple[int, str], ...] = ()


class ReplyParser:
    """Takes a reply as it comes. However it is cut up when fed, the result is the same,
    and what has been shown is never taken back."""

    def __init__(self) -> None:
        self._splitter = FenceSplitter()
        self._shown: list[str] = []
        self._suggestions: list[Proposal] = []
        self._citations: list[Cited] = []
        self._notes: dict[tuple[int, str], None] = {}
        self._places: list[int] = []
        self._place = 0
        """Where the block that is being read begins."""
        self._items = 0

    @property
    def shown(self) -> str:
        """Everything that may be shown so far."""
        return "".join(self._shown)

    @property
    def is_inside_block(self) -> bool:
        """Whether a proposal is being written right now."""
        return self._splitter.is_inside_block

    def feed(self, text: str) -> str:
        """Take the next piece of the reply; the newly shown text."""
        return self._take(self._splitter.feed(text))

    def finish(self) -> ParsedReply:
        """The reply has ended."""
        self._take(self._splitter.finish())
        return ParsedReply(
            self.shown,
            tuple(self._suggestions),
            tuple(self._citations),
            tuple(dict.fromkeys(note for _, note in self._notes)),
            tuple(list_named_sources(self.shown)),
            tuple(self._places),
            tuple(self._notes),
        )

    def _take(self, pieces: list[Piece]) -> str:
        start = len(self._shown)
        for piece in pieces:
            self._shown.append(piece.text if isinstance(piece, Text) else self._read_block(piece))
        return "".join(self._shown[start:])

    def _read_block(self, block: Block) -> str:
        """Take in a block; what is shown in its place."""
        self._place = block.place
        if block.label == "json":
            return self._read_code(block)
        if len(block.body) > BLOCK_CHARACTERS:
            self._note("A suggestion was too large to be read.")
            return readable_text(block.body)
        reading = read_values(block.body)
        if not block.is_closed:
            self._note("A suggestion was cut off and is shown as text.")
            return _readable(reading, block.body)
        if reading is None and not block.body.strip(SPACES):
            self._note("An empty suggestion was left out.")
            return ""
        if reading is None:
            self._note("A suggestion could not be read and is shown as text.")
            return _readable(None, block.body)
        return self._take_values(reading)

    def _read_code(self, block: Block) -> str:
        if not block.is_closed or len(block.body) > BLOCK_CHARACTERS:
            return block.raw
        reading = read_values(block.body)
        if reading is None or reading.stray:
            return block.raw
        items = unwrap(reading.values)
        room = self._items + len(items) <= BLOCK_ITEMS
        if not items or not room or not all(is_declared(item) for item in items):
            return block.raw
        return self._take_values(reading)

    def _note(self, note: str) -> None:
        self._notes[self._place, note] = None

    def _take_values(self, reading: Reading) -> str:
        shown = readable_text(reading.stray)
        for item in unwrap(reading.values):
            if self._items >= BLOCK_ITEMS:
                self._note("There were more suggestions than can be stored; see the text.")
            elif is_citation(item) and isinstance(item, dict):
                self._items += 1
                self._add_citation(read_citation(item))
                continue
            elif is_suggestion(item) and isinstance(item, dict):
                self._items += 1
                self._add_suggestion(read_proposal(item, is_clean=reading.is_clean))
                continue
            else:
                self._note("A suggestion of an unknown kind is shown as text.")
            shown += readable_text(spell([item]))
        return shown

    def _add_suggestion(self, proposal: Proposal) -> None:
        if is_example(proposal):
            self._note("The model repeated the example of its instructions; it was left out.")
        elif any(proposal.same_as(other) for other in self._suggestions):
            self._note("The same suggestion was made twice; it is stored once.")
        else:
            self._suggestions.append(proposal)
            self._places.append(self._place)

    def _add_citation(self, cited: Cited) -> None:
        if cited not in self._citations:
            self._citations.append(cited)


def parse_reply(content: str) -> ParsedReply:
    """A whole reply at once."""
    parser = ReplyParser()
    parser.feed(content)
    return parser.finish()


def _readable(reading: Reading | None, body: str) -> str:
    if reading is None:
        return readable_text(body)
    return readable_text(reading.stray) + readable_text(spell(reading.values))


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
