"""The text of notes for a model to read (`reviews`): cut at its headings, each piece with those
that it stands under as its first line. It waits in a scratch file until the import is accepted, as
a conversation that nobody speaks in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.imports.gathering import split_long
from ttrpg_assistant.imports.markdown_parts import Section, split_sections
from ttrpg_assistant.imports.model import FoundNotes, Note
from ttrpg_assistant.imports.scratch import new_file

MOST_CHARACTERS = 4_000_000
"""Of all notes of one import that a model may read: about two thousand pages."""

PIECE_CHARACTERS = 20_000
HEADING_CHARACTERS = 45
BETWEEN = " › "


class NotesText:
    """Texts written down one after another, as far as a model may read them."""

    def __init__(self, *, has_several: bool) -> None:
        self._has_several = has_several
        self._path: Path | None = None
        self._characters = self._pieces = 0

    def add(self, title: str, text: str) -> None:
        """One more text. Of several each is called by its title."""
        if self._path is None:
            self._path = new_file(".jsonl")
            self._write([{"conversation": {"tip_message_id": None}}])
        lines: list[dict[str, object]] = []
        for piece in list_pieces(title if self._has_several else "", text):
            self._characters += len(piece)
            if self._characters > MOST_CHARACTERS:
                break
            self._pieces += 1
            before = str(self._pieces - 1) if self._pieces > 1 else None
            lines.append(
                {"id": str(self._pieces), "parent_id": before, "role": "system", "content": piece}
            )
        self._write(lines)

    def make(self, used: tuple[Note, ...]) -> tuple[FoundNotes, ...]:
        """The notes that were written, none if there are none. `used` is what the preview says of
        them when they are split by their headings instead."""
        if self._path is None or not self._pieces:
            return ()
        is_whole = self._characters <= MOST_CHARACTERS
        return (FoundNotes(self._path, self._characters, self._pieces, is_whole, used),)

    def _write(self, lines: list[dict[str, object]]) -> None:
        assert self._path is not None
        with self._path.open("ab") as file:
            file.writelines(msgspec.json.encode(line) + b"\n" for line in lines)


def list_pieces(title: str, text: str) -> Iterator[str]:
    """The text in pieces, each under the nearest two headings, so that "Secrets" says whose."""
    sections = split_sections(text)
    whole_title = _find_title(sections)
    above: list[Section] = []
    for at, one in enumerate(sections):
        above = [each for each in above if each.level < one.level]
        has_under = at + 1 < len(sections) and sections[at + 1].level > one.level > 0
        body = one.text.strip("\n")
        if not body.strip() and not has_under:
            body = one.title  # A heading with nothing under it is all there is of it.
        elif one.level:
            above.append(one)
        named = [title, *(each.title for each in above if each is not whole_title)]
        named = [name for name in named if name.strip()]
        head = BETWEEN.join(cut_text(name, HEADING_CHARACTERS) for name in named[-2:])
        for piece in split_long(body, PIECE_CHARACTERS):
            if piece.strip():
                yield f"## {head}\n\n{piece.strip()}" if head else piece.strip()


def _find_title(sections: list[Section]) -> Section | None:
    """The lone heading at the top, which says nothing of what stands under each other one."""
    headed = [one for one in sections if one.level]
    is_alone = len(headed) > 1 and all(one.level > headed[0].level for one in headed[1:])
    return headed[0] if is_alone and sections[0] is headed[0] else None
