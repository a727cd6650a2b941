"""From bytes as they arrive to whole payloads: server-sent events and lines of JSON.

Pieces end anywhere: inside a character, between CR and LF, in the middle of a field name.
Only whole lines are ever decoded, so no split can change the text.
"""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

from ttrpg_assistant.errors import BadAnswer
from ttrpg_assistant.outside_json import NOT_JSON, find_json, mend_json

MAX_PAYLOAD_BYTES = 2 * 1024 * 1024
"""The longest event or line taken from a provider. Real ones are under 10 kB."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

T = TypeVar("T")


class _Lines:
    """Whole lines; the last, unfinished one is held back, up to a cap."""

    def __init__(self, max_bytes: int) -> None:
        self._max = max_bytes
        self._held: list[bytes] = []
        self._held_bytes = 0
        self.broken = False

    def split(self, data: bytes) -> list[bytes]:
        lines = data.split(b"\n")
        last = lines.pop()
        if lines and self._held:
            lines[0] = self.take() + lines[0]
        if last:
            self._held.append(last)
            self._held_bytes += len(last)
        if len(data) + self._held_bytes > self._max:
            self._check(lines)
        return lines

    def _check(self, lines: list[bytes]) -> None:
        if self._held_bytes > self._max:
            self.broken = True
            self.take()
        for place, line in enumerate(lines):
            if len(line) > self._max:
                self.broken = True
                del lines[place:]
                break

    def take(self) -> bytes:
        held = b"".join(self._held)
        self._held.clear()
        self._held_bytes = 0
        return held


class SseDecoder:
    """The data of server-sent events, and JSON that a server sends instead of them or between.

    A line of JSON is a payload, so is a whole document over many lines. Event names, ids and
    comments carry nothing we need, except that an event is an error.
    """

    def __init__(self, max_bytes: int = MAX_PAYLOAD_BYTES) -> None:
        self._lines = _Lines(max_bytes)
        self._max = max_bytes
        self._held: list[bytes] = []
        """The data lines of an event, or the lines of a document, that is not whole yet."""
        self._held_bytes = 0
        self._is_document = False
        self._is_error = False
        self._after_cr = False
        self._first = True
        self._overflown = False
        self.unknown = b""
        """The beginning of what was neither an event nor JSON, empty when all of it was."""

    @property
    def broken(self) -> bool:
        """Whether a payload went past the cap. What came before it has been given out."""
        return self._overflown or self._lines.broken

    def feed(self, data: bytes) -> list[bytes]:
        """The payloads that are whole now."""
        if self._after_cr or b"\r" in data:
            data = self._unify_line_ends(data)
        payloads: list[bytes] = []
        for line in self._lines.split(data):
            if line:
                if line.startswith(b"data:"):
                    value = line[6:] if line.startswith(b"data: ") else line[5:]
                    if self._held:
                        self._end_whole(value, payloads)
                    self._held.append(value)
                    self._held_bytes += len(value) + 1
                    if self._held_bytes > self._max:
                        self._overflow()
                elif line.startswith(b"event:") and not self._held:
                    self._is_error = line.endswith(b"error") and line[6:].strip() == b"error"
                else:
                    self._read_other(line, payloads)
            elif len(self._held) != 1 or self._is_document or self._is_error:
                self._read_blank(payloads)
            else:
                # The usual event, of one line: it comes a thousand times a second.
                payload = self._held.pop()
                self._held_bytes = 0
                if payload and not payload.isspace():
                    payloads.append(payload)
        return payloads

    def rest(self) -> bytes:
        """What is left, possibly cut short, when the stream has ended; usually nothing."""
        last = self._lines.take()
        payloads: list[bytes] = []
        if last.strip():
            if last.startswith(b"data:"):
                self._end_whole(last[5:].lstrip(), payloads)
                self._hold(last[5:].lstrip())
            else:
                self._read_other(last, payloads)
        if self._held:
            payloads.append(self._take())
        return b"\n".join(payload for payload in payloads if payload)

    def _read_blank(self, payloads: list[bytes]) -> None:
        if not self._held:
            self._is_error = False
            return
        if self._is_document and not self._held[-1].endswith((b"}", b"]")):
            return  # an empty line inside a document
        if payload := self._take():
            payloads.append(payload)
        self._is_error = False

    def _read_other(self, line: bytes, payloads: list[bytes]) -> None:
        if self._first:
            self._first = False
            line = line.removeprefix(_BYTE_ORDER_MARK)
            if line.startswith(b"data:"):
                return self._hold(line[5:].removeprefix(b" "))
        if line.startswith(b"{") or (line.startswith(b"[") and not self._held):
            line = line.rstrip()
            if self._held and not (self._is_document and self._held[0].startswith(b"[")):
                payloads.append(self._take())
            self._is_document = True
            self._hold(line)
            if len(self._held) == 1 and line.endswith((b"}", b"]")):
                payloads.append(self._take())
        elif self._is_document:
            self._hold(line.rstrip())
        elif line.startswith(b"error:"):
            # Older llama.cpp servers put errors in a field of their own.
            self._hold(line[6:])
        elif line.startswith(b"event:"):
            self._is_error = line[6:].strip() == b"error"
        elif not line.startswith((b":", b"id:", b"retry:")) and not self.unknown:
            self.unknown = line[:512]
        return None

    def _hold(self, line: bytes) -> None:
        self._held.append(line)
        self._held_bytes += len(line) + 1
        if self._held_bytes > self._max:
            self._overflow()

    def _overflow(self) -> None:
        self._overflown = True
        self._held.clear()
        self._held_bytes = 0

    def _end_whole(self, value: bytes, payloads: list[bytes]) -> None:
        """Give out what is held where a server forgot the empty line between two events."""
        if self._held and (
            self._is_document
            or (
                value.startswith((b"{", b"[DONE"))
                and self._held[0].startswith(b"{")
                and self._held[-1].endswith(b"}")
            )
        ):
            payloads.append(self._take())

    def _take(self) -> bytes:
        held = self._held
        payload = held[0] if len(held) == 1 else b"\n".join(held)
        held.clear()
        self._held_bytes = 0
        self._is_document = False
        if self._is_error:
            payload = _as_error(payload)
        return b"" if payload.isspace() else payload

    def _unify_line_ends(self, data: bytes) -> bytes:
        if self._after_cr and data:
            data = data.removeprefix(b"\n")
            self._after_cr = False
        if data.endswith(b"\r"):
            self._after_cr = True
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


class LineDecoder(SseDecoder):
    """One payload a line (NDJSON); a server that sends events instead is understood too."""

    def feed(self, data: bytes) -> list[bytes]:
        """The payloads that are whole now."""
        lines = self._lines.split(data)
        if not self._held:
            # 123 and 125 are { and }: the usual line is a whole object.
            whole = [line for line in lines if line and line[0] == 123 and line[-1] == 125]
            if len(whole) == len(lines):
                return whole
        payloads: list[bytes] = []
        for line in lines:
            if line.startswith(b"{") and not self._held and line.endswith((b"}", b"}\r")):
                payloads.append(line)
            elif line and not line.isspace():
                line = line.rstrip(b"\r")
                if line.startswith(b"data:"):
                    value = line[5:].removeprefix(b" ")
                    self._end_whole(value, payloads)
                    self._hold(value)
                else:
                    self._read_other(line, payloads)
            elif self._held:
                self._read_blank(payloads)
        return payloads


def _as_error(payload: bytes) -> bytes:
    """The data of an event named `error`, as a document that says so itself."""
    value = find_json(payload, payload[:4096].decode("utf-8", "replace").strip())
    if isinstance(value, dict) and value.get("error"):
        return payload
    return msgspec.json.encode({"error": value or "error"})


# ------------------------------------------------------------------ half characters

_HALF = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|\\u([dD][89a-fA-F][0-9a-fA-F]{2})"
)
_MARK = "\U0001ffff"
_DIGIT = 0xFDD0
_STAND_IN = re.compile(f"{_MARK}([\ufdd0-\ufdef]{{3}})")
"""While JSON is decoded a half travels as a mark and three digits, all of them characters
that Unicode keeps for such inner use and that no text contains."""


def decode_payload(decoder: msgspec.json.Decoder[T], payload: bytes) -> T:
    """The payload as its typed value; `BadAnswer` when it is not what the dialect says.

    Servers written in languages with 16-bit characters may cut one in two and escape the
    halves in separate payloads; strict JSON refuses that, and the reader would lose an
    emoji. `HalfCharacters` puts them together again.
    """
    try:
        return decoder.decode(payload)
    except NOT_JSON:
        pass
    mended = _HALF.sub(_stand_in, payload) if b"\\u" in payload else payload
    try:
        return decoder.decode(mended)
    except NOT_JSON:
        pass
    try:
        return decoder.decode(mend_json(mended))
    except NOT_JSON:
        raise BadAnswer("The model's server sent something that is not an answer.") from None


def _stand_in(match: re.Match[bytes]) -> bytes:
    half = match.group(1)
    if half is None:
        return match.group(0)
    number = int(half, 16) - 0xD800
    digits = (number >> 10, number >> 5 & 31, number & 31)
    return (_MARK + "".join(chr(_DIGIT + digit) for digit in digits)).encode()


class HalfCharacters:
    """Joins characters that arrived in two halves, and drops what no text may contain."""

    def __init__(self) -> None:
        self._waiting = ""

    def join(self, text: str) -> str:
        """The text with halves joined; a first half at its end waits for the next text."""
        if "\x00" in text:
            # PostgreSQL stores no NUL, and no model means one.
            text = text.replace("\x00", "")
        if not self._waiting and _MARK not in text:
            return text
        units = self._waiting + _STAND_IN.sub(_half_again, text)
        self._waiting = ""
        if units and "\ud800" <= units[-1] <= "\udbff":
            self._waiting, units = units[-1], units[:-1]
        return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def rest(self) -> str:
        """What a first half that never met its second one is shown as."""
        left = "�" if self._waiting else ""
        self._waiting = ""
        return left


def _half_again(match: re.Match[str]) -> str:
    first, second, third = (ord(digit) - _DIGIT for digit in match.group(1))
    return chr(0xD800 + (first << 10 | second << 5 | third))
