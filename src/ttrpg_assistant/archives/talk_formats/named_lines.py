"""Text: a name before what each one says, with or without a time before the name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ttrpg_assistant.archives.talk_formats import remarks
from ttrpg_assistant.archives.talk_formats.labelled import (
    Labelled,
    is_note_word,
    look_at_labels,
)
from ttrpg_assistant.archives.talk_formats.labels import cut_time, find_label, find_time_behind
from ttrpg_assistant.archives.talk_formats.model import Event, Remark, Role, Talk, Turn, Version
from ttrpg_assistant.archives.talk_formats.moments import (
    add_offset,
    find_day_order,
    read_moment,
    read_offset,
)
from ttrpg_assistant.archives.talk_formats.source import Line, TalkSource
from ttrpg_assistant.conversations.model import MESSAGE_CHARACTERS

ASSISTANTS = frozenset({"assistant", "ai", "model", "bot", "co-pilot", "chatgpt", "claude"})
"""Names that assistants usually have, in lower case."""

NOT_A_NAME = "A word with a colon, like “Treasure:”, is taken for text and not for a speaker."


class NamedLines:
    """`Name: line`; lines without a name go on with what was said before them."""

    name = "text"
    label = "a transcript in text"
    rank = 100
    is_document = False

    def recognises(self, source: TalkSource) -> bool:
        """Whether it is text at all."""
        return bool(source.text.strip())

    def read(self, source: TalkSource) -> Iterator[Event]:
        """Its messages in their order."""
        yield Talk()
        yield from _Reading(source, look_at_labels(source)).tell()


@dataclass(slots=True)
class _Held:
    name: str = ""
    moment: str | None = None
    line: int = 1
    end: int = 0
    texts: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, text: str, line: Line) -> None:
        if line.is_rest and self.texts:
            self.texts[-1] += text
        else:
            self.texts.append(text)
        self.size += len(text) + 1
        self.end = line.end


class _Reading:
    def __init__(self, source: TalkSource, labels: Labelled) -> None:
        self._source = source
        self._labels = labels
        times = (cut_time(line) for line in source.lines) if labels.is_timed else ()
        self._day_first = find_day_order([one[0] for one in times if one is not None])
        self._is_told = False

    def tell(self) -> Iterator[Event]:
        held = _Held()
        for line in self._source.read_lines():
            if line.is_broken:
                yield Remark(remarks.BROKEN_BYTES, line.number, is_loss=False)
            time, text = None, line.text
            if self._labels.is_timed and not line.is_rest:
                cut = cut_time(text)
                time, text = cut if cut is not None else (None, text)
            label = None if line.is_rest else find_label(text)
            if label is not None and not self._labels.is_speaker(label.name):
                if is_note_word(label.name.lower()):
                    yield Remark(NOT_A_NAME, line.number, is_loss=False)
                label = None
            begins = label is not None or time is not None
            if begins or held.size + len(text) >= MESSAGE_CHARACTERS:
                yield from _tell(held)
                name = label.name if label is not None else "" if time is not None else held.name
                moment = None
                given = time or (find_time_behind(text) if label is not None else None)
                if given is not None:
                    moment, said = self._read_time(given, line.number)
                    yield from said
                held = _Held(name, moment, line.number, line.end)
            held.add(label.rest if label is not None else text, line)
        yield from _tell(held)

    def _read_time(self, given: str, line: int) -> tuple[str | None, list[Remark]]:
        seconds = read_offset(given)
        if seconds is None:
            moment = read_moment(given, day_first=self._day_first)
            unread = Remark(remarks.TIME_UNREADABLE, line, is_loss=False)
            return moment, [] if moment is not None else [unread]
        if self._source.began is not None:
            return add_offset(self._source.began, seconds), []
        said = [] if self._is_told else [Remark(remarks.NO_DATE, is_loss=False)]
        self._is_told = True
        return None, said


def _tell(held: _Held) -> Iterator[Event]:
    content = "\n".join(held.texts).strip()
    if content:
        role: Role = "assistant" if held.name.lower() in ASSISTANTS else "user"
        yield Turn(held.name, role, (Version(content, held.moment),), line=held.line, end=held.end)
    elif held.name:
        yield Remark(remarks.NO_TEXT, held.line)


FORMAT = NamedLines()
