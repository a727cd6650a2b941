"""Chats of SillyTavern, and of what writes them as it does: JSON Lines with `mes` and `swipes`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ttrpg_assistant.archives.talk_formats import remarks
from ttrpg_assistant.archives.talk_formats.json_lines import tell_lines
from ttrpg_assistant.archives.talk_formats.model import Event, Remark, Role, Talk, Turn, Version
from ttrpg_assistant.archives.talk_formats.moments import read_moment
from ttrpg_assistant.archives.talk_formats.source import Line, TalkSource
from ttrpg_assistant.archives.talk_formats.values import list_of, mapping_of, name_of, text_of

AUTHORS_NOTE = "The author's note of the chat does not come along."


class SillyTavern:
    """A header line, then a message a line; `swipes` are its alternatives, `swipe_id` the chosen
    one. `is_system` hides a line from the model."""

    name = "sillytavern"
    label = "a SillyTavern chat"
    rank = 10
    is_document = False

    def recognises(self, source: TalkSource) -> bool:
        """Whether its first lines are a header or messages of it."""
        if source.shape.outer == "object" and {"mes", "swipes"} & source.shape.names:
            return True
        found = [value for value in source.values if isinstance(value, dict)]
        if not found or "spec" in found[0]:
            return False
        return any("mes" in value for value in found) or bool(
            {"character_name", "user_name"} & found[0].keys()
        )

    def read(self, source: TalkSource) -> Iterator[Event]:
        """The talk of one chat."""
        return tell_lines(source, _read_value)


def _read_value(value: Mapping[str, Any], line: Line) -> list[Event]:
    if "mes" not in value and "swipes" not in value:
        if not {"user_name", "character_name", "chat_metadata"} & value.keys():
            return [Remark(remarks.NO_TEXT, line.number)]
        moment, said = remarks.tell_moment(value.get("create_date"), line.number)
        note = mapping_of(value.get("chat_metadata")).get("note_prompt")
        if isinstance(note, str) and note.strip():
            said.append(Remark(AUTHORS_NOTE, line.number))
        return [Talk(_title(value), moment), *said]
    moment, events = _moment(value, line)
    versions, chosen = _versions(value, moment)
    extra = mapping_of(value.get("extra"))
    if extra.get("image") or extra.get("file") or extra.get("files") or extra.get("media"):
        events.append(Remark(remarks.PICTURE, line.number))
    if text_of(extra.get("reasoning")):
        events.append(Remark(remarks.THINKING, line.number))
    if not versions:
        return [*events, Remark(remarks.NO_TEXT, line.number)]
    turn = Turn(
        name_of(value.get("name")), _role(value), versions, chosen, line=line.number, end=line.end
    )
    return [turn, *events]


def _title(value: Mapping[str, Any]) -> str:
    name = name_of(value.get("character_name"))
    return "" if name.lower() in ("", "unused") else name


def _moment(value: Mapping[str, Any], line: Line) -> tuple[str | None, list[Event]]:
    moment, said = remarks.tell_moment(value.get("send_date"), line.number)
    return moment, list(said)


def _role(value: Mapping[str, Any]) -> Role:
    if value.get("is_system") is True:
        return "system"
    return "user" if value.get("is_user") is True else "assistant"


def _versions(value: Mapping[str, Any], moment: str | None) -> tuple[tuple[Version, ...], int]:
    """All that were answered in this place and which of them the chat shows."""
    shown = text_of(value.get("mes"))
    place = value.get("swipe_id")
    told = list_of(value.get("swipe_info"))
    found: list[Version] = []
    chosen = -1
    for at, swipe in enumerate(list_of(value.get("swipes"))):
        text = text_of(swipe)
        if not text:
            continue
        when = mapping_of(told[at]).get("send_date") if at < len(told) else None
        is_shown = text == shown and (chosen < 0 or at == place)
        if is_shown:
            chosen = len(found)
        found.append(Version(text, moment if is_shown else read_moment(when) or moment))
    if chosen < 0 and shown:
        chosen = len(found)
        found.append(Version(shown, moment))
    if chosen < 0 and found:  # an answer without text was on the screen
        chosen = min(place, len(found) - 1) if isinstance(place, int) and place >= 0 else 0
    return tuple(found), max(chosen, 0)


FORMAT = SillyTavern()
