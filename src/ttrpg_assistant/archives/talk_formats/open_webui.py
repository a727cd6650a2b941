"""Open WebUI: one chat or all of them, each a tree of messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ttrpg_assistant.archives.talk_formats import remarks
from ttrpg_assistant.archives.talk_formats.accounts import tell_conversations
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
from ttrpg_assistant.archives.talk_formats.source import TalkSource
from ttrpg_assistant.archives.talk_formats.trees import Node, tell_tree
from ttrpg_assistant.archives.talk_formats.values import (
    key_of,
    list_of,
    mapping_of,
    name_of,
    role_of,
    text_of,
)

_SPEAKERS: dict[Role, str] = {"user": USER, "assistant": ASSISTANT, "system": HIDDEN}


class OpenWebUI:
    """A chat has `history.messages` by id, with `parentId`, and `history.currentId`."""

    name = "open_webui"
    label = "an export of Open WebUI"
    rank = 20
    is_document = True

    def recognises(self, source: TalkSource) -> bool:
        """Whether the first chat has a history."""
        shape = source.shape
        return ("chat" in shape.names and bool({"history", "messages"} & shape.inner)) or (
            "history" in shape.names and "messages" in shape.inner
        )

    def read(self, source: TalkSource) -> Iterator[Event]:
        """Each chat with its branches."""
        return tell_conversations(source, _read_conversation)


def _read_conversation(value: Mapping[str, Any], line: int, end: int) -> Iterator[Event]:
    chat = mapping_of(value.get("chat")) or value
    title = name_of(chat.get("title")) or name_of(value.get("title"))
    began = next((one for one in (value.get("created_at"), chat.get("timestamp")) if one), None)
    moment, said = remarks.tell_moment(began, line)
    history = mapping_of(chat.get("history"))
    messages = mapping_of(history.get("messages"))
    nodes: list[Node] = []
    tip = key_of(history.get("currentId"))
    if messages:
        for key, message in messages.items():
            turn, told = _read_message(mapping_of(message), line, end)
            said += told
            nodes.append(Node(key[:200], key_of(mapping_of(message).get("parentId")), turn))
    else:
        for at, message in enumerate(list_of(chat.get("messages"))):
            turn, told = _read_message(mapping_of(message), line, end)
            said += told
            nodes.append(Node(str(at), str(at - 1), turn))
    yield from tell_tree(Talk(title, moment, tip=tip), nodes, said)


def _read_message(
    message: Mapping[str, Any], line: int, end: int
) -> tuple[Turn | None, list[Remark]]:
    said = [Remark(remarks.PICTURE, line)] if list_of(message.get("files")) else []
    text = text_of(message.get("content"))
    if not text:
        return None, [*said, Remark(remarks.NO_TEXT, line)]
    role = role_of(message.get("role"))
    moment, told = remarks.tell_moment(message.get("timestamp"), line)
    turn = Turn(_SPEAKERS[role], role, (Version(text, moment),), is_named=False, line=line, end=end)
    return turn, [*said, *told]


FORMAT = OpenWebUI()
