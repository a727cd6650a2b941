"""Finds the fenced blocks of a reply while the reply is still being written.

Models are asked to propose in blocks fenced with three backticks and the word
`suggestion` or `citation` (requirements, "Block formats"). `FenceSplitter` cuts a reply
into text and blocks, piece by piece, and holds back whatever may still turn out to be
the start of a block, so that none of it is ever shown and then taken away.

It looks only at fences and brackets, never at what the JSON says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

Label = Literal["suggestion", "citation", "json"]


@dataclass(frozen=True, slots=True)
class Text:
    """What stands between blocks, to be shown as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block. `json` is ordinary code that may turn out to be a proposal.

    `raw` is the block with its fences, as written, and `place` the character of the reply at
    which it begins. `is_closed` is false when the reply, or the next block, began before this one
    was whole.
    """

    label: Label
    body: str
    raw: str
    is_closed: bool
    place: int


Piece = Text | Block

_LEAD = r"[ \t]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+|>[ \t]*)*"
_LEAD_ONLY = re.compile(_LEAD)
_EMPTY_LINES = re.compile(r"\n+")
_PLAIN_LINES = re.compile(r"(?:[^`~{}\[\]\"\\\r\n]*+\n)++")
_FENCE = re.compile(rf"({_LEAD})(`{{3,}}|~{{3,}})(.*)", re.DOTALL)
_MAY_BECOME_FENCE = re.compile(rf"{_LEAD}(?:[-*+]|[0-9]{{1,9}}[.)]?|`{{1,2}}|~{{1,2}})?")
_IS_FENCE = re.compile(rf"{_LEAD}(?:`{{3}}|~{{3}})")
_INFO = re.compile(
    r"[ \t{.:]*(?:json[5c]?[ \t:_-]+)?(suggestion|citation|json)(s|5|c)?(?![A-Za-z0-9])(.*)",
    re.IGNORECASE | re.DOTALL,
)
_QUOTE_LEAD = re.compile(r"^[ \t]*(?:>[ \t]?)+")
_CLOSE_INLINE = re.compile(r"[ \t,;]*(?:`{3,}|~{3,})(.*)", re.DOTALL)
_MAY_CLOSE = re.compile(r'["\\}\]]')
_BRACKETS = re.compile(r'\\.|["{}\[\]]', re.DOTALL)
_GOES_ON = ("{", "[", ",", "}", "]", ";", ")")

LEAD_CHARACTERS = 256
"""A line that is nothing but list marks for longer than this is text."""


def _lead_length(line: str) -> int:
    match = _LEAD_ONLY.match(line)
    return match.end() if match is not None else 0


def _read_label(info: str, fence: str) -> tuple[Label | None, str]:
    """The label an opening fence carries, and the JSON that begins on the same line."""
    match = _INFO.match(info)
    if match is None:
        return None, ""
    label, tail = match[1].lower(), match[3].strip(" \t")
    if label == "json":
        if tail and tail[0] not in "{[":
            return None, ""
        return "json", tail
    starts = [at for at in (tail.find("{"), tail.find("[")) if at >= 0]
    if starts:
        tail = tail[min(starts) :]
    elif fence[0] in tail:
        return None, ""
    else:
        tail = ""
    return ("suggestion" if label == "suggestion" else "citation"), tail


@dataclass(slots=True)
class _OpenBlock:
    """A block whose end has not been seen."""

    label: Label
    fence: str
    is_quoted: bool
    raw: list[str]
    place: int
    body: list[str] = field(default_factory=list)
    nested: int = 0
    depth: int = 0
    in_string: bool = False
    has_begun: bool = False

    @property
    def is_whole(self) -> bool:
        """Every bracket that was opened has been closed."""
        return self.has_begun and self.depth <= 0 and not self.in_string

    def scan(self, line: str) -> int | None:
        """Count a line's brackets; where the value became whole, if it did on this line."""
        if not self.in_string and _MAY_CLOSE.search(line) is None:
            opened = line.count("{") + line.count("[")
            self.depth += opened
            self.has_begun = self.has_begun or opened > 0
            return None
        whole_at: int | None = None
        for match in _BRACKETS.finditer(line):
            mark = match[0]
            if mark == '"':
                self.in_string = not self.in_string
            elif self.in_string or mark[0] == "\\":
                continue
            elif mark in "{[":
                self.depth += 1
                self.has_begun = True
            else:
                self.depth -= 1
                if self.is_whole:
                    whole_at = match.end()
        return whole_at if self.is_whole else None


class FenceSplitter:
    """Cuts a growing reply into `Text` and `Block`. However it is cut up when fed, the
    pieces say the same."""

    def __init__(self) -> None:
        self._held: list[str] = []
        self._line: Literal["undecided", "text", "held"] = "undecided"
        self._code: str | None = None
        self._open: _OpenBlock | None = None
        self._out: list[Piece] = []
        self._at = 0
        """Characters of the reply taken so far."""
        self._line_at = 0
        """Where the line that is being taken begins."""

    @property
    def open_block(self) -> tuple[Label, int] | None:
        """The label of the block that is being written and held back, and its place."""
        return None if self._open is None else (self._open.label, self._open.place)

    def peek(self, limit: int) -> str:
        """The beginning of the body of the block that is being written: `limit` characters."""
        if self._open is None:
            return ""
        taken: list[str] = []
        room = limit
        for part in chain(self._open.body, self._held):
            taken.append(part[:room])
            room -= len(part)
            if room <= 0:
                break
        return "".join(taken)

    def feed(self, text: str) -> list[Piece]:
        """What is now certain, after more of the reply."""
        if self._line == "text" and "\n" not in text:
            self._at += len(text)
            return [Text(text)] if text else []
        start = 0
        if self._open is None and not self._held and "`" not in text and "~" not in text:
            start = text.rfind("\n") + 1
            if start:
                self._say(text[:start])
                self._line = "undecided"
                self._at += start
        while start < len(text):
            if self._open is not None and not self._held:
                end = self._take_plain_lines(self._open, text, start)
                if end > start:
                    start = end
                    continue
            end = text.find("\n", start) + 1 or len(text)
            self._take(text[start:end])
            start = end
        return self._drain()

    def _take_plain_lines(self, block: _OpenBlock, text: str, start: int) -> int:
        """Lines that cannot end a block, as one: a reply may be made of them. Returns where they
        end, `start` where there are none."""
        if block.is_quoted or block.is_whole:
            match = _EMPTY_LINES.match(text, start)
        else:
            match = _PLAIN_LINES.match(text, start)
        if match is None:
            return start
        block.raw.append(match[0])
        block.body.append(match[0])
        self._at += len(match[0])
        return match.end()

    def finish(self) -> list[Piece]:
        """The rest, now that the reply has ended."""
        line, self._held = "".join(self._held), []
        if line:
            self._whole_line(line)
        if self._open is not None:
            self._close(self._open.is_whole)
        return self._drain()

    def _drain(self) -> list[Piece]:
        out, self._out = self._out, []
        return out

    def _take(self, segment: str) -> None:
        ends = segment.endswith("\n")
        if self._line == "undecided" and not self._held:
            self._line_at = self._at
        self._at += len(segment)
        if self._line == "text":
            self._say(segment)
        else:
            self._held.append(segment)
            if ends:
                line, self._held = "".join(self._held), []
                self._whole_line(line)
            elif self._open is None and self._line == "undecided":
                self._decide("".join(self._held))
        if ends:
            self._line = "undecided"

    def _decide(self, start: str) -> None:
        """Whether the start of a line has to be held back."""
        is_too_long = _lead_length(start) > LEAD_CHARACTERS
        if not is_too_long and _IS_FENCE.match(start):
            self._line = "held"
        elif is_too_long or not _MAY_BECOME_FENCE.fullmatch(start):
            self._held = []
            self._say(start)
            self._line = "text"

    def _say(self, text: str) -> None:
        if text:
            self._out.append(Text(text))

    def _whole_line(self, line: str) -> None:
        if self._open is None:
            self._line_outside(line)
        else:
            self._line_inside(self._open, line)

    def _line_outside(self, line: str) -> None:
        match = _FENCE.match(line.rstrip("\r\n"))
        if match is None or len(match[1]) > LEAD_CHARACTERS:
            self._say(line)
            return
        lead, fence, info = match[1], match[2], match[3]
        label, first = _read_label(info, fence)
        if label is None or (self._code is not None and not self._may_interrupt(label, fence)):
            self._note_code(fence, info)
            self._say(line)
            return
        self._code = None
        self._open = _OpenBlock(label, fence, ">" in lead, [line], self._line_at)
        if first:
            self._add(self._open, first, line, is_opening=True)

    def _may_interrupt(self, label: Label, fence: str) -> bool:
        """A proposal after a fence that was never closed, but not one quoted as an example
        in a longer or other kind of fence."""
        return label != "json" and self._code == fence

    def _note_code(self, fence: str, info: str) -> None:
        """Keep track of ordinary code."""
        if self._code is None:
            if fence[0] == "~" or "`" not in info:
                self._code = fence
        elif not info.strip(" \t") and fence.startswith(self._code):
            self._code = None

    def _line_inside(self, block: _OpenBlock, line: str) -> None:
        content = line.rstrip("\r\n")
        if block.is_quoted:
            content = _QUOTE_LEAD.sub("", content, count=1)
        match = _FENCE.match(content)
        if match is not None and self._fence_inside(block, line, match[2], match[3]):
            return
        bare = content.strip(" \t")
        if block.label != "json" and block.is_whole and bare and not bare.startswith(_GOES_ON):
            self._close(is_closed=True)
            self._line_outside(line)
            return
        self._add(block, content, line)

    def _fence_inside(self, block: _OpenBlock, line: str, fence: str, info: str) -> bool:
        """Deal with a fence inside a block; false when it belongs to the block's body."""
        rest = info.strip(" \t")
        if rest:
            label, _ = _read_label(info, fence)
            if label in ("suggestion", "citation"):
                self._close(block.is_whole)
                self._line_outside(line)
                return True
        if fence[0] != block.fence[0]:
            return False
        if not rest:
            if block.nested:
                block.nested -= 1
                return False
            if len(fence) < len(block.fence) and not block.is_whole:
                return False
            block.raw.append(line)
            self._close(is_closed=True)
            return True
        if not block.is_whole or block.label == "json":
            block.nested += 1
            return False
        if " " in rest:
            block.raw.append(line)
            self._close(is_closed=True)
            self._say(rest + line[len(line.rstrip("\r\n")) :])
        else:
            self._close(is_closed=True)
            self._line_outside(line)
        return True

    def _add(self, block: _OpenBlock, content: str, line: str, *, is_opening: bool = False) -> None:
        if not is_opening:
            block.raw.append(line)
        whole_at = block.scan(content)
        if whole_at is not None:
            match = _CLOSE_INLINE.fullmatch(content[whole_at:])
            rest = match[1].strip(" \t") if match is not None else ""
            if match is not None and not (rest and block.label == "json"):
                block.body.append(content[:whole_at])
                self._close(is_closed=True)
                if rest:
                    self._say(rest + line[len(line.rstrip("\r\n")) :])
                return
        block.body.append(content + "\n")

    def _close(self, is_closed: bool) -> None:
        block, self._open = self._open, None
        if block is not None:
            raw = "".join(block.raw)
            body = "".join(block.body)
            self._out.append(Block(block.label, body, raw, is_closed, block.place))
