"""LibreChat: one conversation, its messages flat or each with its answers inside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ttrpg_assistant.archives.talk_formats import remarks
from ttrpg_assistant.archives.talk_formats.model import (
    ASSISTANT,
    USER,
    Event,
    Remark,
    Talk,
    Turn,
    Version,
)
from ttrpg_assistant.archives.talk_formats.nested import read_nested
from ttrpg_assistant.archives.talk_formats.source import TalkSource
from ttrpg_assistant.archives.talk_formats.trees import Node, tell_tree
from ttrpg_assistant.archives.talk_formats.values import key_of, list_of, name_of, text_of


class LibreChat:
    """`messages` with `parentMessageId`, or `messagesTree` with `children`."""

    name = "librechat"
    label = "an export of LibreChat"
    rank = 20
    is_document = True

    def recognises(self, source: TalkSource) -> bool:
        """Whether it is one conversation with such messages."""
        shape = source.shape
        if shape.outer != "object" or "conversationId" not in shape.names:
            return False
        return bool({"messagesTree", "messages"} & shape.names) or "recursive" in shape.names

    def read(self, source: TalkSource) -> Iterator[Event]:
        """The conversation with its branches."""
        head, messages = read_nested(source, ("messagesTree", "messages"), "children")
        moment, said = remarks.tell_moment(head.get("createdAt"), 1)
        nodes: list[Node] = []
        for at, (message, line, above) in enumerate(messages):
            turn, told = _read_message(message, line, source.size)
            said += told
            key = key_of(message.get("messageId")) or f"message {at}"
            parent = key_of(message.get("parentMessageId"))
            if above is not None and not parent:
                parent = key_of(messages[above][0].get("messageId")) or f"message {above}"
            nodes.append(Node(key, parent, turn))
        yield from tell_tree(Talk(name_of(head.get("title")), moment), nodes, said)


def _read_message(
    message: Mapping[str, Any], line: int, end: int
) -> tuple[Turn | None, list[Remark]]:
    said = [Remark(remarks.PICTURE, line)] if list_of(message.get("files")) else []
    blocks = [one for one in list_of(message.get("content")) if isinstance(one, dict)]
    if any(one.get("type") in ("think", "thinking") for one in blocks):
        said.append(Remark(remarks.THINKING, line))
    text = text_of(message.get("text")) or text_of(blocks)
    if not text:
        return None, [*said, Remark(remarks.NO_TEXT, line)]
    moment, told = remarks.tell_moment(message.get("createdAt"), line)
    is_own = message.get("isCreatedByUser")
    if not isinstance(is_own, bool):
        is_own = name_of(message.get("sender")).lower() == "user"
    turn = Turn(
        USER if is_own else ASSISTANT, "user" if is_own else "assistant",
        (Version(text, moment),), is_named=False, line=line, end=end,
    )  # fmt: skip
    return turn, [*said, *told]


FORMAT = LibreChat()
