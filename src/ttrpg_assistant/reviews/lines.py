"""The lines of a text: its messages, and long ones in pieces as long as a line of talk."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.conversations.store.paths import list_path
from ttrpg_assistant.reviews.model import Line, Part
from ttrpg_assistant.reviews.ports import SpeakerFinder
from ttrpg_assistant.reviews.store.reviews import Place

LINE_CHARACTERS = 600
PAGE = 500
"""Messages read in one transaction."""

_ENDS = re.compile(r"\n\s*\n\s*|(?<=[.!?…])\s+|(?<=[。！？])")
_BREAKS = re.compile(r"\n+")
"""Where a sentence or a paragraph ends, and where only a line does: within a sentence, too, in
what a program has wrapped."""


def list_messages(tx: Connection, conversation: Conversation, after: int) -> list[Message]:
    """The next messages of the active path behind a number."""
    return list_path(tx, conversation, limit=PAGE, after=after).messages


def split_message(message: Message, speakers: SpeakerFinder) -> Iterator[Line]:
    """The lines of a message; none where nobody is to be read."""
    speaker, start = speakers.find(message)
    if speaker.role == "nobody":
        return
    content = message.content
    for first, last in _list_pieces(content, start):
        text = content[first:last].strip()
        if text:
            yield Line(message.id, message.seq, first, last, speaker, text)


def _list_pieces(content: str, start: int) -> Iterator[tuple[int, int]]:
    if len(content) - start <= LINE_CHARACTERS:
        yield start, len(content)
        return
    place = start
    while len(content) - place > LINE_CHARACTERS:
        # Behind the last sentence that fits, else the last line, or where neither ends anywhere.
        piece = cut_text(content[place : place + LINE_CHARACTERS + 40], LINE_CHARACTERS)
        cut = _find_last(_ENDS, piece)
        if cut < LINE_CHARACTERS // 2:
            cut = _find_last(_BREAKS, piece) or cut or len(piece)
        yield place, place + cut
        place += cut
    if content[place:].strip():
        yield place, len(content)


def _find_last(wanted: re.Pattern[str], piece: str) -> int:
    return max((found.end() for found in wanted.finditer(piece)), default=0)


def is_inside(line: Line, part: Part) -> bool:
    """Whether a line belongs to a part."""
    place = (line.seq, line.start)
    return (part.first_seq, part.first_at) <= place < (part.last_seq, part.last_at)


class PartPlanner:
    """Cuts lines into parts of at most so many characters; a part holds whole lines. `has_whole`:
    at last they are read all together, for the recaps."""

    def __init__(self, characters: int, *, has_whole: bool) -> None:
        self._characters = characters
        self._has_whole = has_whole
        self._places: list[Place] = []
        self._first: tuple[int, int] | None = None
        self._last = (0, 0)
        self._size = 0

    def add(self, line: Line) -> None:
        """The next line."""
        size = len(line.text) + len(line.speaker.label) + 8
        if self._first is not None and self._size + size > self._characters:
            self._close()
        if self._first is None:
            self._first, self._size = (line.seq, line.start), 0
        self._size += size
        self._last = (line.seq, line.end)

    def finish(self) -> list[Place]:
        """The places of all parts; and of the one over all lines, if there is one."""
        if self._first is not None:
            self._close()
        whole: list[Place] = [("whole", 1, 0, 1, 0)] if self._has_whole else []
        return [*self._places, *whole]

    def _close(self) -> None:
        assert self._first is not None
        self._places.append(("lines", *self._first, *self._last))
        self._first = None


def split_part(lines: Sequence[Line]) -> list[Place]:
    """Two places in place of one; none where there is only one line."""
    if len(lines) < 2:
        return []
    middle = len(lines) // 2
    return [
        ("lines", half[0].seq, half[0].start, half[-1].seq, half[-1].end)
        for half in (lines[:middle], lines[middle:])
    ]
