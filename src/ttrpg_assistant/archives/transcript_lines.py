"""What a transcript says: `Name: line` or JSON Lines, read line by line from its file."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

from ttrpg_assistant.conversations.model import MESSAGE_CHARACTERS
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.ids import spell_moment
from ttrpg_assistant.outside_json import NOT_JSON, decode_mended

TranscriptFormat = Literal["text", "jsonl"]

LINE_BYTES = 2 * 1024**2
LONGEST_MOMENT = 100
"""Characters; what is longer is no moment."""

SPEAKERS = 40
"""Names that a preview lists; of more it says only how many."""

FIRST = 6
"""Messages that a preview shows."""

_NAMED = re.compile(r"([^\W\d_][^:\n]{0,59}):[ \t]+(\S.*)\Z", re.DOTALL)
_ASSISTANTS = frozenset({"assistant", "ai", "model", "bot", "co-pilot"})
_OWN = frozenset({"game master", "gm", "dm", "user", "me", "you", "dungeon master"})
_ROLES = {"user": "user", "assistant": "assistant", "system": "system", "model": "assistant"}
_SPELLED = ("%B %d, %Y %I:%M%p", "%Y-%m-%d@%Hh%Mm%Ss")
"""How SillyTavern has written moments besides RFC 3339."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a transcript. `end`: bytes of the file read up to here."""

    speaker: str
    role: str
    content: str
    moment: str | None
    end: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks in a transcript, taken for a user's or the assistant's voice; "" has no name."""

    name: str
    role: str
    messages: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a transcript holds, as far as it was looked at."""

    format: TranscriptFormat
    speakers: list[Speaker]
    more_speakers: int
    messages: int
    first: list[Said]


def read_lines(
    source: Path, spelled: TranscriptFormat, answers: frozenset[str] | None = None
) -> Iterator[Said]:
    """Every message of a file. Raises `InvalidInput` where it is not what it should be.

    `answers` are the names, in lower case, whose lines are the assistant's; without it, the names
    that assistants usually have.
    """
    with source.open("rb") as file:
        for said in _read(file, spelled, answers):
            yield from _in_pieces(said)


def preview(beginning: bytes, *, is_whole: bool) -> Preview:
    """Who speaks and what is said first, in a file or its beginning. Raises `InvalidInput`."""
    if not is_whole:
        beginning = beginning[: beginning.rfind(b"\n") + 1]
    spelled: TranscriptFormat = "jsonl" if _looks_like_json(beginning) else "text"
    said = list(_read(io.BytesIO(beginning), spelled, None))
    if not said:
        raise InvalidInput("This file has no messages.", code="transcript_empty")
    counts: dict[str, list[Said]] = {}
    for one in said:
        counts.setdefault(one.speaker, []).append(one)
    speakers = sorted(
        (Speaker(name, lines[0].role, len(lines)) for name, lines in counts.items()),
        key=lambda one: -one.messages,
    )
    more = max(0, len(speakers) - SPEAKERS)
    return Preview(spelled, speakers[:SPEAKERS], more, len(said), said[:FIRST])


def _looks_like_json(beginning: bytes) -> bool:
    """Whether it begins as JSON does; prose may begin with a brace too."""
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    return re.match(rb'\{\s*["}]', text) is not None


def _in_pieces(said: Said) -> Iterator[Said]:
    """What is too long for one message goes on in the next."""
    if len(said.content) <= MESSAGE_CHARACTERS:
        yield said
        return
    for start in range(0, len(said.content), MESSAGE_CHARACTERS):
        yield replace(said, content=said.content[start : start + MESSAGE_CHARACTERS])


def _read(
    file: BinaryIO, spelled: TranscriptFormat, answers: frozenset[str] | None
) -> Iterator[Said]:
    return _read_jsonl(file, answers) if spelled == "jsonl" else _read_text(file, answers)


def _lines(file: BinaryIO) -> Iterator[tuple[str, int, int]]:
    """Each line, the bytes read up to its end, and its number, which is what a fault names: it
    quotes nothing of the file."""
    at = number = 0
    while line := file.readline(LINE_BYTES + 1):
        at += len(line)
        number += 1
        if len(line) > LINE_BYTES:
            raise InvalidInput(f"Line {number} of this file is too long.", code="line_too_long")
        try:
            text = line.decode("utf-8-sig" if at == len(line) else "utf-8")
        except UnicodeDecodeError:
            raise InvalidInput(
                f"Line {number} of this file is not written in UTF-8.", code="not_utf8"
            ) from None
        yield text.replace("\x00", "").rstrip("\r\n"), at, number


def _read_text(file: BinaryIO, answers: frozenset[str] | None) -> Iterator[Said]:
    """`Name: line`; lines without a name go on with what was said before them."""
    assistants = _ASSISTANTS if answers is None else answers
    name, role, held, end = "", "user", [""], 0
    started, size = False, 0
    for line, at, _ in _lines(file):
        named = _NAMED.match(line)
        if named is not None:
            content = "\n".join(held).strip()
            if started and content:
                yield Said(name, role, content, None, end)
            name = named[1].strip()
            role = "assistant" if name.lower() in assistants else "user"
            is_plain = name.lower() in _ASSISTANTS | _OWN
            held, started = [named[2] if is_plain else f"{name}: {named[2]}"], True
            size = len(held[0])
        else:
            # A text without names has no end of its own: what fits a message is one.
            if started and size + len(line) >= MESSAGE_CHARACTERS:
                yield Said(name, role, "\n".join(held).strip(), None, end)
                held, size = [], 0
            held.append(line)
            size += len(line) + 1
            started = started or bool(line.strip())
        end = at
    content = "\n".join(held).strip()
    if content:
        yield Said(name, role, content, None, end)


def _read_jsonl(file: BinaryIO, answers: frozenset[str] | None) -> Iterator[Said]:
    """`{"role", "content"}`, also `text` and `name`, or SillyTavern's `{"name", "is_user", "mes",
    "send_date"}`; other lines (a header) are passed over."""
    for line, at, number in _lines(file):
        if not line.strip():
            continue
        try:
            value = decode_mended(line.encode())  # half an emoji must not cost a file
        except NOT_JSON:
            raise InvalidInput(
                f"Line {number} of this file is not JSON.", code="malformed_json"
            ) from None
        if not isinstance(value, dict):
            continue
        said = next((value[key] for key in ("content", "text", "mes") if key in value), None)
        said = said.replace("\x00", "") if isinstance(said, str) else None
        if said is None or not said.strip():
            continue
        given = value.get("name")
        name = given.replace("\x00", "").strip() if isinstance(given, str) else ""
        moment = _read_moment(value.get("created_at", value.get("send_date")))
        role = _read_role(value)
        if answers is not None and name:
            role = "assistant" if name.lower() in answers else "user"
        content = f"{name}: {said}" if name else said
        speaker = name or {"assistant": "Assistant", "system": "Note"}.get(role, "")
        yield Said(speaker, role, content, moment, at)


def _read_role(value: dict[str, Any]) -> str:
    if "role" not in value and isinstance(value.get("is_user"), bool):
        return "user" if value["is_user"] else "assistant"
    return _ROLES.get(str(value.get("role", "user")), "user")


def _read_moment(given: Any) -> str | None:
    """A moment of RFC 3339, or as SillyTavern writes it; None for anything else. What names no
    zone is taken for UTC."""
    try:
        if isinstance(given, int) and not isinstance(given, bool):
            return spell_moment(datetime.fromtimestamp(given / 1000, UTC))
        if not isinstance(given, str) or len(given) > LONGEST_MOMENT:
            return None
        found = _parse_moment(given.strip())
        return spell_moment(found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _parse_moment(text: str) -> datetime:
    for form in _SPELLED:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return datetime.fromisoformat(text.upper())
