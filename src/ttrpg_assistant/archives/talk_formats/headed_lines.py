"""Logs in which a line with a time and a name stands above what was said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ttrpg_assistant.archives.talk_formats import remarks
from ttrpg_assistant.archives.talk_formats.model import Event, Remark, Role, Turn, Version
from ttrpg_assistant.archives.talk_formats.moments import find_day_order, read_moment
from ttrpg_assistant.archives.talk_formats.source import Line, TalkSource
from ttrpg_assistant.conversations.model import MESSAGE_CHARACTERS

_HEAD = re.compile(r"\[([^\[\]\n]{4,60})\] (\S.{0,199})\Z")
_TAG = re.compile(r"#\d{4}\Z")
_PINNED = " (pinned)"


@dataclass(slots=True)
class Saying:
    """What is being put together: a head and the lines below it."""

    name: str
    moment: str | None
    line: int
    end: int
    texts: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, line: Line) -> None:
        """One more line of it."""
        if line.is_rest and self.texts:
            self.texts[-1] += line.text
        else:
            self.texts.append(line.text)
        self.size += len(line.text) + 1
        self.end = line.end

    def tell(self, role: Role = "user", *, is_named: bool = True) -> Iterator[Event]:
        """The turn; a remark when nothing was said."""
        content = "\n".join(self.texts).strip("\n").rstrip()
        if content.strip():
            versions = (Version(content, self.moment),)
            yield Turn(self.name, role, versions, is_named=is_named, line=self.line, end=self.end)
        else:
            yield Remark(remarks.NO_TEXT, self.line)

    @property
    def is_full(self) -> bool:
        """Whether it is as long as a message gets, so that memory stays bounded."""
        return self.size >= MESSAGE_CHARACTERS


class Heads:
    """Finds the head lines of one file; its dates are all read the same way."""

    def __init__(self, source: TalkSource) -> None:
        found = (_HEAD.match(line) for line in source.lines)
        self._day_first = find_day_order([one[1] for one in found if one is not None])

    def find(self, text: str) -> tuple[str, str | None] | None:
        """The name and the moment of a head line; None for any other line."""
        found = _HEAD.match(text)
        if found is None or ": " in found[2]:
            return None
        moment = read_moment(found[1], day_first=self._day_first)
        if moment is None and not found[1][:1].isdigit():
            return None
        return _TAG.sub("", found[2].removesuffix(_PINNED).strip()), moment


def begin(head: tuple[str, str | None], line: Line) -> tuple[Saying, list[Event]]:
    """A new saying, and a remark when its time cannot be read."""
    name, moment = head
    unread = [Remark(remarks.TIME_UNREADABLE, line.number, is_loss=False)]
    return Saying(name, moment, line.number, line.end), [] if moment else list(unread)
