"""Our own JSON Lines: a line for each conversation and one for each of its messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ttrpg_assistant.archives.talk_formats import remarks
from ttrpg_assistant.archives.talk_formats.json_lines import tell_lines
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
from ttrpg_assistant.archives.talk_formats.source import Line, TalkSource
from ttrpg_assistant.archives.talk_formats.values import key_of, mapping_of, name_of, role_of

_SPEAKERS: dict[Role, str] = {"user": USER, "assistant": ASSISTANT, "system": HIDDEN}


class OwnJsonLines:
    """Every branch, in the order it was said."""

    name = "own_jsonl"
    label = "a conversation that this program exported as JSON Lines"
    rank = 5
    is_document = False

    def recognises(self, source: TalkSource) -> bool:
        """Whether its first line is the head of a conversation of ours."""
        head = mapping_of(source.values[0] if source.values else None).get("conversation")
        return isinstance(head, dict) and "tip_message_id" in head

    def read(self, source: TalkSource) -> Iterator[Event]:
        """Each conversation with its branches."""
        return tell_lines(source, _read_value)


def _read_value(value: Mapping[str, Any], line: Line) -> list[Event]:
    head = value.get("conversation")
    if isinstance(head, dict):
        title = name_of(head.get("title"))
        moment, _ = remarks.tell_moment(head.get("created_at"), line.number)
        return [Talk(title, moment, is_tree=True, tip=key_of(head.get("tip_message_id")))]
    content = value.get("content")
    if not isinstance(content, str) or not content.strip():
        return [Remark(remarks.NO_TEXT, line.number)]
    moment, said = remarks.tell_moment(value.get("created_at"), line.number)
    role = role_of(value.get("role"))
    turn = Turn(
        _SPEAKERS[role], role, (Version(content.replace("\x00", ""), moment),), is_named=False,
        key=key_of(value.get("id")), parent=key_of(value.get("parent_id")),
        line=line.number, end=line.end,
    )  # fmt: skip
    return [turn, *said]


FORMAT = OwnJsonLines()
