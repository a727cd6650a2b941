"""Our own Markdown: what `talk_files` writes for people, read back with roles and moments.

Who spoke stands in a line of its own above each message, and a comment that no page shows says
the role and the exact moment. Files of older versions have no such comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ttrpg_assistant.archives.talk_formats.model import (
    ASSISTANT,
    HIDDEN,
    USER,
    Event,
    Remark,
    Role,
    Talk,
    Turn,
    Version,
)
from ttrpg_assistant.archives.talk_formats.moments import read_moment
from ttrpg_assistant.archives.talk_formats.remarks import NO_TEXT
from ttrpg_assistant.archives.talk_formats.source import Line, TalkSource
from ttrpg_assistant.archives.talk_formats.values import role_of

CONVERSATION_MARK = "<!-- ttrpg-assistant conversation -->"
"""Below the title of each conversation."""

_HEAD = re.compile(
    r"\*\*(?P<name>[^\n]{1,400}?)\*\* · (?P<minute>\d{4}-\d\d-\d\d \d\d:\d\d) UTC"
    r"(?: · (?P<status>[a-z]{1,20}))?(?: <!-- (?P<role>[a-z]{1,20}) (?P<moment>\S{1,40}) -->)?\Z"
)
_TITLE = re.compile(r"# (?P<title>[^\n]{1,400})\Z")
_LIKE_OURS = re.compile(r"\\*(?:\*\*[^\n]{1,400}?\*\* · \d{4}-|<!-- ttrpg-assistant )")
_OWN: tuple[tuple[str, Role, str], ...] = (
    ("Game master", "user", USER),
    ("Assistant", "assistant", ASSISTANT),
    ("Note", "system", HIDDEN),
)

UNFINISHED = "An answer that was not finished is imported as it stands."


def escape_lines(text: str) -> str:
    """A message's text in which no line looks like a head of ours: such a line gets a backslash,
    which Markdown does not show."""
    if "** · " not in text and "<!-- ttrpg-assistant " not in text:
        return text
    return "\n".join(f"\\{line}" if _LIKE_OURS.match(line) else line for line in text.split("\n"))


def spell_comment(role: str, moment: str) -> str:
    """What the line above a message says besides what a person reads."""
    return f"<!-- {role} {moment} -->"


class OwnMarkdown:
    """A title, then `**speaker** · time` above each message."""

    name = "own_markdown"
    label = "a conversation that this program exported as Markdown"
    rank = 5
    is_document = False

    def recognises(self, source: TalkSource) -> bool:
        """Whether a title and the head of a message, or our mark, come first."""
        lines = [line for line in source.lines[:12] if line.strip()]
        if len(lines) < 2 or _TITLE.match(lines[0]) is None:
            return False
        return lines[1] == CONVERSATION_MARK or _HEAD.match(lines[1]) is not None

    def read(self, source: TalkSource) -> Iterator[Event]:
        """Each conversation: what was on the screen, first to last."""
        is_marked = CONVERSATION_MARK in source.lines[:12]
        message: _Message | None = None
        title = ""
        blanks = 2
        for line, following, beyond in _with_next(source.read_lines()):
            named = _TITLE.match(line.text) if blanks > 1 else None
            if named is not None and (
                following == CONVERSATION_MARK
                if is_marked
                else not following and _HEAD.match(beyond) is not None
            ):
                if message is not None:
                    yield from message.tell(is_last=True)
                message, title = None, named["title"]
                yield Talk(title[:200])
                continue
            head = _HEAD.match(line.text)
            if head is not None:
                if message is not None:
                    yield from message.tell()
                message = _Message(head, line.number, line.end)
            elif message is not None:
                message.add(line)
            blanks = blanks + 1 if not line.text else 0
        if message is not None:
            yield from message.tell(is_last=True)


@dataclass(slots=True)
class _Message:
    head: re.Match[str]
    line: int
    end: int
    texts: list[str] = field(default_factory=list)

    def add(self, line: Line) -> None:
        if line.is_rest and self.texts:
            self.texts[-1] += line.text
        else:
            self.texts.append(line.text)
        self.end = line.end

    def tell(self, *, is_last: bool = False) -> Iterator[Event]:
        texts = self.texts[1:]  # below the head is a blank line, and another above the next
        content = "\n".join(
            text[1:] if text.startswith("\\") and _LIKE_OURS.match(text) else text for text in texts
        )
        content = content.rstrip("\n") if is_last else content.removesuffix("\n")
        if not content.strip():
            yield Remark(NO_TEXT, self.line)
            return
        if self.head["status"]:
            yield Remark(UNFINISHED, self.line, is_loss=False)
        name, role, is_named = _who(self.head["name"], self.head["role"])
        moment = read_moment(self.head["moment"]) or read_moment(self.head["minute"])
        versions = (Version(content, moment),)
        yield Turn(name, role, versions, is_named=is_named, line=self.line, end=self.end)


def _who(name: str, told: str | None) -> tuple[str, Role, bool]:
    """The speaker; an NPC's name stays in front of its words."""
    for own, role, label in _OWN:
        if name == own or name.startswith(f"{own}, "):
            return label, role_of(told, role) if told else role, False
    return name, role_of(told, "assistant") if told else "assistant", True


def _with_next(lines: Iterator[Line]) -> Iterator[tuple[Line, str, str]]:
    """Each line with the texts of the two after it."""
    held: list[Line] = []
    for line in lines:
        held.append(line)
        if len(held) == 3:
            yield held[0], held[1].text, held[2].text
            held.pop(0)
    while held:
        texts = [one.text for one in held[1:]] + ["", ""]
        yield held.pop(0), texts[0], texts[1]


FORMAT = OwnMarkdown()
