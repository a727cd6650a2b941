"""ChatGPT: `conversations.json` of an account's export, also in its zip."""

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

_THOUGHTS = ("thoughts", "reasoning_recap")
_SPEAKERS: dict[Role, str] = {"user": USER, "assistant": ASSISTANT, "system": HIDDEN}


class ChatGPT:
    """A conversation is a `mapping` of nodes; `current_node` is where it ends."""

    name = "chatgpt"
    label = "an export of ChatGPT"
    rank = 20
    is_document = True

    def recognises(self, source: TalkSource) -> bool:
        """Whether the first conversation has a mapping of nodes."""
        return "mapping" in source.shape.names

    def read(self, source: TalkSource) -> Iterator[Event]:
        """Each conversation with its branches."""
        return tell_conversations(source, _read_conversation)


def _read_conversation(value: Mapping[str, Any], line: int, end: int) -> Iterator[Event]:
    moment, said = remarks.tell_moment(value.get("create_time"), line)
    nodes = []
    for key, given in mapping_of(value.get("mapping")).items():
        node = mapping_of(given)
        turn, told = _read_message(mapping_of(node.get("message")), line, end)
        said += told
        nodes.append(Node(key[:200], key_of(node.get("parent")), turn))
    talk = Talk(name_of(value.get("title")), moment, tip=key_of(value.get("current_node")))
    yield from tell_tree(talk, nodes, said)


def _read_message(
    message: Mapping[str, Any], line: int, end: int
) -> tuple[Turn | None, list[Remark]]:
    content = mapping_of(message.get("content"))
    kind = content.get("content_type")
    if kind in _THOUGHTS:
        return None, [Remark(remarks.THINKING, line)]
    said: list[Remark] = []
    texts = []
    for part in list_of(content.get("parts")):
        if isinstance(part, dict) and part.get("content_type") == "audio_transcription":
            texts.append(text_of(part.get("text")))
        elif isinstance(part, dict):
            said.append(Remark(remarks.PICTURE, line))
        else:
            texts.append(text_of(part))
    texts += [text_of(content.get(name)) for name in ("text", "result", "user_profile")]
    text = "\n\n".join(filter(None, texts))
    if not text:
        return None, said
    role = _read_role(message)
    if content.get("content_type") == "user_editable_context":
        role = "system"
    moment, told = remarks.tell_moment(message.get("create_time"), line)
    turn = Turn(_SPEAKERS[role], role, (Version(text, moment),), is_named=False, line=line, end=end)
    return turn, [*said, *told]


def _read_role(message: Mapping[str, Any]) -> Role:
    """Hidden is what the page of ChatGPT hides, too: tools and what is said to them."""
    if mapping_of(message.get("metadata")).get("is_visually_hidden_from_conversation") is True:
        return "system"
    if message.get("recipient", "all") not in ("all", None, ""):
        return "system"
    return role_of(mapping_of(message.get("author")).get("role"))


FORMAT = ChatGPT()
