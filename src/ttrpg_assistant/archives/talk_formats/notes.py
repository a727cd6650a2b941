"""Notes of a game session: text that nobody speaks, kept as one message."""

from __future__ import annotations

from collections.abc import Iterator

from ttrpg_assistant.archives.talk_formats import remarks
from ttrpg_assistant.archives.talk_formats.labelled import look_at_labels
from ttrpg_assistant.archives.talk_formats.model import Event, Remark, Talk, Turn, Version
from ttrpg_assistant.archives.talk_formats.source import TalkSource
from ttrpg_assistant.conversations.model import MESSAGE_CHARACTERS


class Notes:
    """A head of YAML, headings, lists, words with a colon; everything is kept as it is."""

    name = "notes"
    label = "somebody's notes and not a conversation"
    rank = 90
    is_document = False

    def recognises(self, source: TalkSource) -> bool:
        """Whether headings and labels make it notes, and no names make it talk."""
        return look_at_labels(source).is_notes

    def read(self, source: TalkSource) -> Iterator[Event]:
        """The whole text; one that is too long for a message goes on in the next."""
        yield Talk()
        held: list[str] = []
        size, first, end = 0, 1, 0
        for line in source.read_lines():
            if line.is_broken:
                yield Remark(remarks.BROKEN_BYTES, line.number, is_loss=False)
            if held and size + len(line.text) >= MESSAGE_CHARACTERS:
                yield _turn(held, first, end)
                held, size, first = [], 0, line.number
            held.append(line.text if line.is_rest or not held else f"\n{line.text}")
            size += len(held[-1])
            end = line.end
        if "".join(held).strip():
            yield _turn(held, first, end)


def _turn(held: list[str], line: int, end: int) -> Turn:
    return Turn("", "user", (Version("".join(held).strip("\n")),), line=line, end=end)


FORMAT = Notes()
