"""Claude: `conversations.json` of an account's export, also in its zip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ttrpg_assistant.archives.talk_formats import remarks
from ttrpg_assistant.archives.talk_formats.accounts import tell_conversations
from ttrpg_assistant.archives.talk_formats.model import (
    ASSISTANT,
    USER,
    Event,
    Remark,
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

TOOLS = "What a tool was asked and answered does not come along."


class Claude:
    """A conversation has `chat_messages`; each may name the one it answers."""

    name = "claude"
    label = "an export of Claude"
    rank = 20
    is_document = True

    def recognises(self, source: TalkSource) -> bool:
        """Whether the first conversation has messages of it."""
        return "chat_messages" in source.shape.names

    def read(self, source: TalkSource) -> Iterator[Event]:
        """Each conversation with its branches."""
        return tell_conversations(source, _read_conversation)


def _read_conversation(value: Mapping[str, Any], line: int, end: int) -> Iterator[Event]:
    moment, said = remarks.tell_moment(value.get("created_at"), line)
    nodes: list[Node] = []
    before = ""
    for at, given in enumerate(list_of(value.get("chat_messages"))):
        message = mapping_of(given)
        turn, told = _read_message(message, line, end)
        said += told
        key = key_of(message.get("uuid")) or f"message {at}"
        parent = key_of(message.get("parent_message_uuid")) or before
        nodes.append(Node(key, parent, turn))
        before = key
    tip = key_of(value.get("current_leaf_message_uuid")) or before
    title = name_of(value.get("name")) or name_of(value.get("title"))
    yield from tell_tree(Talk(title, moment, tip=tip), nodes, said)


def _read_message(
    message: Mapping[str, Any], line: int, end: int
) -> tuple[Turn | None, list[Remark]]:
    said: list[Remark] = []
    texts = []
    for block in list_of(message.get("content")):
        kind = mapping_of(block).get("type")
        if kind in ("thinking", "redacted_thinking"):
            said.append(Remark(remarks.THINKING, line))
        elif kind in ("tool_use", "tool_result"):
            said.append(Remark(TOOLS, line))
        else:
            texts.append(text_of(block))
    text = "\n\n".join(filter(None, texts)) or text_of(message.get("text"))
    for attached in list_of(message.get("attachments")):
        inside = text_of(mapping_of(attached).get("extracted_content"))
        if inside:
            name = name_of(mapping_of(attached).get("file_name"))
            text = f"{text}\n\n{name}\n\n{inside}".strip()
        else:
            said.append(Remark(remarks.PICTURE, line))
    if list_of(message.get("files")) or list_of(message.get("files_v2")):
        said.append(Remark(remarks.PICTURE, line))
    if not text:
        return None, said or [Remark(remarks.NO_TEXT, line)]
    moment, told = remarks.tell_moment(message.get("created_at"), line)
    role = role_of(message.get("sender"))
    turn = Turn(
        ASSISTANT if role == "assistant" else USER, role, (Version(text, moment),),
        is_named=False, line=line, end=end,
    )  # fmt: skip
    return turn, [*said, *told]


FORMAT = Claude()
