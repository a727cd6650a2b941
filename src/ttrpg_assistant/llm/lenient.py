"""Reads the JSON that language models really write.

Single and typographic quotes, trailing commas, comments, unquoted keys and words, missing
brackets, several values after one another, and plain `key: value` lines are understood.
Reading is lenient; what a value *means* is decided strictly elsewhere. Well-formed JSON
reads exactly as the standard says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

DEPTH = 32
"""Values nested deeper than this are not read: no honest proposal is."""

VALUES = 10_000
"""A block with more values than this is not read either."""


class Num(str):
    """A number as it was written, so that showing it changes nothing."""

    __slots__ = ()


Value = None | bool | Num | str | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True, slots=True)
class Reading:
    """The values of a block, the words that stood outside them, and whether the author of
    the block kept to the rules."""

    values: list[Value]
    stray: str
    is_clean: bool


class _TooDeep(Exception):
    """The value is nested deeper than `DEPTH`, or there are more than `VALUES`."""


SPACES = " \t\r\n\u00a0\ufeff"
_SPACE = re.compile(
    r"(?:[ \t\r\n\u00a0\ufeff]+|//[^\n]*|/\*.*?\*/|/\*.*|#[^\n]*)",
    re.DOTALL,
)
_PLAIN_SPACE = re.compile(r"[ \t\r\n\u00a0\ufeff]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_BARE = re.compile(r"[^,}\]\n]+")
_BARE_COMMENT = re.compile(r"[ \t](?://|#)")
_OPENING = re.compile(r"[{\[]")
_BARE_KEY = re.compile(r"[^:={}\[\],\"'\n]{1,200}")
_NO_KEY = re.compile(r"[:={\[]+")
_CLOSES = re.compile(
    r"[ \t\r\n\u00a0\ufeff]*(?:[,;:=}\]]|//|/\*|#|\Z)"
    # The next line begins with a key: only the comma was forgotten.
    r"|[ \t\r]*\n[ \t\r\n]*[\"'“]?[A-Za-z_][A-Za-z0-9_]{0,60}[\"'”]?[ \t]*[:=]"
)
_ESCAPE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_HALF = re.compile("[\ud800-\udfff]")
_HEX = re.compile(r"u([0-9a-fA-F]{4})")
_WORDS: dict[str, bool | None] = {
    "true": True, "True": True, "false": False, "False": False,
    "null": None, "None": None, "undefined": None, "NaN": None,
}  # fmt: skip
_QUOTES = {'"': '"', "'": "'’", "`": "`", "“": '”"', "”": '”"', "‘": "’'", "«": "»"}
_STOPS = {mark: re.compile(rf"[\\\n{closers}]") for mark, closers in _QUOTES.items()}
_KEY_LINE = re.compile(
    r"[-*]?[ \t]*\**([A-Za-z_][A-Za-z0-9_ .]{0,60}?)\**[ \t]*[:=][ \t]*+([^\n]*+)"
)
_OPENS_OBJECT = re.compile(
    r"[ \t\r\n]*(?:[\"'“][A-Za-z_][A-Za-z0-9_]{0,60}[\"'”][ \t]*:"
    r"|[A-Za-z_][A-Za-z0-9_]{0,60}[ \t]*:[ \t]*[^ \t\r\n{\[])"
)


class _Reader:
    """One pass over one text. Never raises on any text but `_TooDeep`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.is_clean = True
        self.count = 0

    def skip(self) -> None:
        while (match := _SPACE.match(self.text, self.at)) is not None:
            if match[0][0] in "/#":
                self.is_clean = False
            self.at = match.end()

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def note_value(self) -> None:
        """One more, if only a key without any."""
        self.count += 1
        if self.count > VALUES:
            raise _TooDeep

    def value(self, depth: int) -> Value:
        self.note_value()
        if depth > DEPTH:
            raise _TooDeep
        mark = self.peek()
        if mark == "{":
            self.at += 1
            return self.members(depth)
        if mark == "[":
            self.at += 1
            return self.entries(depth)
        if mark and mark in _QUOTES:
            return self.string(mark)
        return self.word()

    def separated(self, close: str, other: str) -> Iterator[None]:
        """Stops at each thing up to the closing bracket; the other kind of bracket is left out."""
        is_empty, needs_comma = True, False
        while True:
            self.skip()
            mark = self.peek()
            if not mark:
                self.is_clean = False
                return
            if mark == close:
                self.at += 1
                self.is_clean = self.is_clean and (needs_comma or is_empty)
                return
            if mark in ",;":
                self.at += 1
                self.is_clean = self.is_clean and needs_comma and mark == ","
                needs_comma = False
            elif mark == other:
                self.at += 1
                self.is_clean = False
            else:
                self.is_clean = self.is_clean and not needs_comma
                yield
                is_empty, needs_comma = False, True

    def members(self, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for _ in self.separated("}", "]"):
            key = self.key()
            if key is None:
                run = _NO_KEY.match(self.text, self.at)
                self.at = self.at + 1 if run is None else run.end()
                self.is_clean = False
                continue
            self.is_clean = self.is_clean and key not in found
            found[key] = self.member_value(depth)
        return found

    def key(self) -> str | None:
        mark = self.peek()
        if mark in _QUOTES:
            return self.string(mark)
        self.is_clean = False
        match = _BARE_KEY.match(self.text, self.at)
        if match is None or not match[0].strip(SPACES):
            return None
        self.at = match.end()
        return match[0].strip(SPACES)

    def member_value(self, depth: int) -> Value:
        self.skip()
        mark = self.peek()
        if mark == ":":
            self.at += 1
        elif mark == "=":
            self.at += 2 if self.text.startswith("=>", self.at) else 1
            self.is_clean = False
        else:
            self.is_clean = False
            self.note_value()
            return None
        self.skip()
        return self.value(depth + 1)

    def entries(self, depth: int) -> list[Value]:
        found: list[Value] = []
        for _ in self.separated("]", "}"):
            start = self.at
            found.append(self.value(depth + 1))
            if self.at == start:
                self.at += 1
        return found

    def string(self, mark: str) -> str:
        """A quoted string. An inner quote that nothing could follow is taken as text."""
        if self.text.startswith('"""', self.at) and self.text.find('"""', self.at + 3) >= 0:
            end = self.text.find('"""', self.at + 3)
            found, self.at, self.is_clean = self.text[self.at + 3 : end], end + 3, False
            return found
        self.is_clean = self.is_clean and mark == '"'
        stops = _STOPS[mark]
        parts: list[str] = []
        self.at += 1
        while (stop := stops.search(self.text, self.at)) is not None:
            parts.append(self.text[self.at : stop.start()])
            self.at = stop.end()
            if stop[0] == "\\":
                parts.append(self.escape())
            elif stop[0] == "\n":
                parts.append("\n")
                self.is_clean = False
            elif _CLOSES.match(self.text, self.at) is not None:
                return _whole_characters("".join(parts))
            else:
                parts.append(stop[0])
                self.is_clean = False
        parts.append(self.text[self.at :])
        self.at = len(self.text)
        self.is_clean = False
        return _whole_characters("".join(parts).rstrip(SPACES + "}]"))

    def escape(self) -> str:
        match = _HEX.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
            return chr(int(match[1], 16))
        mark = self.peek()
        self.at += 1
        self.is_clean = self.is_clean and mark != "" and mark in 'ntrbf"\\/'
        return _ESCAPE.get(mark, mark)

    def word(self) -> Value:
        match = _BARE.match(self.text, self.at)
        if match is None:
            self.is_clean = False
            return None
        comment = _BARE_COMMENT.search(match[0])
        word = match[0] if comment is None else match[0][: comment.start()]
        self.at += len(word)
        word = word.strip(SPACES)
        if _NUMBER.fullmatch(word):
            return Num(word)
        if word in _WORDS:
            self.is_clean = self.is_clean and word in ("true", "false", "null")
            return _WORDS[word]
        self.is_clean = False
        return word or None


def _whole_characters(text: str) -> str:
    """Join surrogate pairs that came as two escapes; a lone half becomes U+FFFD."""
    if _HALF.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def read_values(body: str) -> Reading | None:
    """The values in a block's body, or None when nothing in it can be read as values."""
    opens_object = _OPENS_OBJECT.match(body) is not None
    if "{" not in body and "[" not in body and not (opens_object and "}" in body):
        return _read_lines(body)
    reader = _Reader(body)
    try:
        if opens_object:
            reader.is_clean = False
            return Reading([reader.members(1)], "", False)
        return _read_all(reader)
    except _TooDeep:
        return None


def _read_all(reader: _Reader) -> Reading:
    values: list[Value] = []
    stray: list[str] = []
    while True:
        reader.skip()
        mark = reader.peek()
        if not mark:
            break
        if mark in "{[":
            reader.is_clean = reader.is_clean and not values
            values.append(reader.value(1))
            continue
        opening = _OPENING.search(reader.text, reader.at)
        end = opening.start() if opening is not None else len(reader.text)
        stray.append(reader.text[reader.at : end].strip(SPACES + ",;}])"))
        reader.at = end
        reader.is_clean = False
    return Reading(values, "\n".join(part for part in stray if part), reader.is_clean)


def _read_lines(body: str) -> Reading | None:
    """`key: value` lines, as some small models write instead of JSON."""
    found: dict[str, Value] = {}
    for line in body.split("\n"):
        if not line.strip(SPACES):
            continue
        match = _KEY_LINE.fullmatch(line.strip(SPACES))
        if match is None:
            return None
        value = match[2].strip(SPACES + ",").strip("\"'")
        found[match[1].strip(SPACES)] = value or None
    return Reading([found], "", False) if found else None
