"""JSON Lines: an object a line with a role and what was said, under whatever names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ttrpg_assistant.archives.talk_formats import remarks
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
from ttrpg_assistant.archives.talk_formats.source import LINE_CHARACTERS, Line, TalkSource
from ttrpg_assistant.archives.talk_formats.values import (
    list_of,
    mapping_of,
    name_of,
    role_of,
    text_of,
)
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.outside_json import NOT_JSON, decode_mended

_BEGINS = re.compile(r'\s{0,1000}\{\s{0,1000}["}]')
_TEXTS = ("content", "text", "mes", "message", "msg", "value", "body", "parts")
SEVERAL = ("messages", "conversations", "turns")
"""Names under which an object has the messages of a conversation."""

_MOMENTS = (
    "created_at",
    "send_date",
    "timestamp",
    "create_time",
    "createdAt",
    "time",
    "date",
    "ts",
)
_SPEAKERS = ("name", "speaker", "username", "display_name", "handle", "sender", "author", "from")
_BY_ROLE: dict[Role, str] = {"user": USER, "assistant": ASSISTANT, "system": HIDDEN}


def tell_lines(
    source: TalkSource, read: Callable[[Mapping[str, Any], Line], list[Event]]
) -> Iterator[Event]:
    """What each line says. A line that is not JSON, or too long, costs that line and is told.
    Raises `InvalidInput` when no line is JSON."""
    is_any, wrong = False, 0
    for line in source.read_lines():
        if not line.text.strip():
            continue
        if line.is_rest or len(line.text) >= LINE_CHARACTERS:
            if not line.is_rest:
                yield Remark(remarks.NOT_JSON_LINE, line.number)
            continue
        try:
            value = decode_mended(line.text.encode("utf-8", "replace"))
        except NOT_JSON:
            wrong = wrong or line.number
            yield Remark(remarks.NOT_JSON_LINE, line.number)
            continue
        is_any = True
        if line.is_broken:
            yield Remark(remarks.BROKEN_BYTES, line.number, is_loss=False)
        if isinstance(value, dict):
            yield from read(value, line)
        else:
            yield Remark(remarks.NO_TEXT, line.number)
    if not is_any and wrong:
        raise InvalidInput(
            f"Line {wrong} of this file is not JSON by itself, and no other line is either: no"
            " conversation was found in it.",
            code="malformed_json",
            cure="Export the conversation as text, as JSON Lines or as SillyTavern's chat file.",
        )


class JsonLines:
    """`{"role", "content"}` a line, or a line for a whole conversation of `messages`."""

    name = "jsonl"
    label = "a transcript in JSON Lines"
    rank = 80
    is_document = False

    def recognises(self, source: TalkSource) -> bool:
        """Whether it begins as JSON does; prose may begin with a brace too."""
        return _BEGINS.match(source.text) is not None

    def read(self, source: TalkSource) -> Iterator[Event]:
        """Its messages."""
        return tell_lines(source, read_value)


def read_value(value: Mapping[str, Any], line: Line) -> list[Event]:
    """A message, or a conversation of several."""
    for several in SEVERAL:
        if isinstance(value.get(several), list):
            inside = [read_message(one, line) for one in value[several]]
            title = name_of(value.get("title")) or name_of(value.get("name"))
            return [Talk(title), *(event for events in inside for event in events)]
    return read_message(value, line)


def read_message(given: Any, line: Line) -> list[Event]:
    """One message under whatever names; a remark when it has no words."""
    value = mapping_of(given)
    wrapped = value.get("message")
    if isinstance(wrapped, dict) and "content" in wrapped:
        value = {**value, **wrapped}
    said = next((found for name in _TEXTS if (found := text_of(value.get(name)))), "")
    if not said:
        is_header = not any(name in value for name in _TEXTS)
        return [Remark(remarks.SETTINGS if is_header else remarks.NO_TEXT, line.number)]
    moment: str | None = None
    events: list[Event] = []
    for name in _MOMENTS:
        if value.get(name) is not None:
            moment, told = remarks.tell_moment(value[name], line.number)
            events += told
            break
    if any(list_of(value.get(name)) for name in ("attachments", "files", "images")):
        events.append(Remark(remarks.PICTURE, line.number))
    role = _read_role(value)
    speaker = _read_speaker(value)
    turn = Turn(
        speaker or _BY_ROLE[role], role, (Version(said, moment),), is_named=bool(speaker),
        line=line.number, end=line.end,
    )  # fmt: skip
    return [turn, *events]


def _read_role(value: Mapping[str, Any]) -> Role:
    if value.get("is_system") is True:
        return "system"
    if "role" not in value and isinstance(value.get("is_user"), bool):
        return "user" if value["is_user"] else "assistant"
    for name in ("role", "from", "sender", "author", "type"):
        given = value.get(name)
        given = given.get("role") if isinstance(given, dict) else given
        if isinstance(given, str):
            return role_of(given)
    return "user"


def _read_speaker(value: Mapping[str, Any]) -> str:
    """Who speaks, when the line says more than a role."""
    for name in _SPEAKERS:
        given = value.get(name)
        if isinstance(given, dict):
            given = given.get("name") or given.get("nickname")
        found = name_of(given)
        if found and (name in ("name", "speaker") or role_of(found, "system") == "system"):
            return found
    return ""


FORMAT = JsonLines()
