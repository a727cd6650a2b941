"""Reads a model's reply: what is shown of it, what it proposes, what it cites.

    reply text ─► fences ─► blocks ─► lenient ─► values ─► kinds ─► meaning ─► proposals
                     └────► parts that are shown (`live.shown`)

The stored message keeps the raw reply; what is shown is derived from it, here and nowhere else,
piece by piece while it streams (`growing`) and again from what is stored.
What cannot be read as a proposal is never lost: it stays as readable text, with a note.
"""

from __future__ import annotations

from dataclasses import dataclass

from ttrpg_assistant.live.shown import Part, ShownBlock, ShownCard, join_parts
from ttrpg_assistant.llm.fences import Block, FenceSplitter, Label, Piece, Text
from ttrpg_assistant.llm.lenient import SPACES, Reading, read_values
from ttrpg_assistant.llm.spelling import readable_text, spell
from ttrpg_assistant.suggestions.examples import is_example
from ttrpg_assistant.suggestions.inline import list_named_sources
from ttrpg_assistant.suggestions.kinds import is_citation, is_declared, is_suggestion, unwrap
from ttrpg_assistant.suggestions.meaning import (
    Cited,
    Proposal,
    read_citation,
    read_proposal,
)

BLOCK_CHARACTERS = 2_000_000
"""A longer block is not read: it is a runaway model."""

BLOCK_ITEMS = 50
"""Proposals and citations taken from one reply; nobody decides on more."""


@dataclass(frozen=True, slots=True)
class ParsedReply:
    """A reply, taken apart. `notes` say, for the GM, what could not be taken as it was.

    `named` are the names in double brackets: sources, if there are such things. `places` and
    `cited_places` say of each suggestion and citation at which character of the reply its block
    begins, `notes_in_place` of each block with what is to be noted of it. `parts` is what is
    shown.
    """

    parts: tuple[Part, ...]
    suggestions: tuple[Proposal, ...]
    citations: tuple[Cited, ...]
    notes: tuple[str, ...]
    named: tuple[Cited, ...] = ()
    places: tuple[int, ...] = ()
    cited_places: tuple[int, ...] = ()
    notes_in_place: tuple[tuple[int, str], ...] = ()

    @property
    def shown(self) -> str:
        """The readable text of the reply."""
        return "".join(part for part in self.parts if isinstance(part, str))


class ReplyParser:
    """Takes a reply as it comes. However it is cut up when fed, the result is the same,
    and what has been shown is never taken back.

    `parts` are the changes of what is shown. A block of ordinary code is one of them only when it
    proposes or cites, or has been announced as a block.
    """

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._splitter = FenceSplitter()
        self._announced: ShownBlock | None = None
        self._suggestions: list[Proposal] = []
        self._citations: list[Cited] = []
        self._notes: dict[tuple[int, str], None] = {}
        self._places: list[int] = []
        self._cited_places: list[int] = []
        self._place = 0
        """Where the block that is being read begins."""
        self._items = 0

    @property
    def open_block(self) -> tuple[Label, int] | None:
        """The label of the block that is being written right now, and its place."""
        return self._splitter.open_block

    def peek(self, limit: int) -> str:
        """The beginning of the block that is being written: so many characters."""
        return self._splitter.peek(limit)

    def announce(self, block: ShownBlock) -> None:
        """Say of the block that is being written that it is one, and what is known of it."""
        self._announced = block
        self.parts.append(block)

    def feed(self, text: str) -> None:
        """Take the next piece of the reply."""
        self._take(self._splitter.feed(text))

    def finish(self) -> ParsedReply:
        """The reply has ended."""
        self._take(self._splitter.finish())
        parts = join_parts(self.parts)
        shown = "".join(part for part in parts if isinstance(part, str))
        return ParsedReply(
            tuple(parts),
            tuple(self._suggestions),
            tuple(self._citations),
            tuple(dict.fromkeys(note for _, note in self._notes)),
            tuple(list_named_sources(shown)),
            tuple(self._places),
            tuple(self._cited_places),
            tuple(self._notes),
        )

    def _take(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            if isinstance(piece, Text):
                self.parts.append(piece.text)
            else:
                self._show_block(piece)

    def _show_block(self, block: Block) -> None:
        announced, self._announced = self._announced, None
        before = len(self._suggestions)
        text = self._read_block(block)
        if block.label != "json" or text != block.raw:
            cards = tuple(map(_card, self._suggestions[before:]))
            self.parts.append(ShownBlock(block.place, cards))
        elif announced is not None:
            self.parts.append(ShownBlock(block.place, is_text=True))
        if text:
            self.parts.append(text)

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
            self._cited_places.append(self._place)


def _card(proposal: Proposal) -> ShownCard:
    return ShownCard(proposal.kind, proposal.title, proposal.rationale, proposal.fields)


def parse_reply(content: str) -> ParsedReply:
    """A whole reply at once."""
    parser = ReplyParser()
    parser.feed(content)
    return parser.finish()


def _readable(reading: Reading | None, body: str) -> str:
    if reading is None:
        return readable_text(body)
    return readable_text(reading.stray) + readable_text(spell(reading.values))
