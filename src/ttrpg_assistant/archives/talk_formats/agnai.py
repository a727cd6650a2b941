"""Agnai: one chat; `retries` are alternatives of an answer."""

from __future__ import annotations

from collections.abc import Iterator

from ttrpg_assistant.archives.talk_formats import remarks
from ttrpg_assistant.archives.talk_formats.model import Event, Remark, Talk, Turn, Version
from ttrpg_assistant.archives.talk_formats.source import TalkSource
from ttrpg_assistant.archives.talk_formats.trees import Node, tell_tree
from ttrpg_assistant.archives.talk_formats.values import (
    key_of,
    list_of,
    mapping_of,
    name_of,
    text_of,
)

GREETING = "The greeting of the chat, when no message repeats it, does not come along."


class Agnai:
    """`messages` with `msg`, `userId` or `characterId`, and the `parent` each answers."""

    name = "agnai"
    label = "a chat of Agnai"
    rank = 20
    is_document = True

    def recognises(self, source: TalkSource) -> bool:
        """Whether it has messages as Agnai writes them."""
        shape = source.shape
        return shape.outer == "object" and "messages" in shape.names and "msg" in shape.inner

    def read(self, source: TalkSource) -> Iterator[Event]:
        """The chat with its branches."""
        value = mapping_of(source.read_document())
        nodes: list[Node] = []
        said: list[Remark] = []
        before = ""
        for at, given in enumerate(list_of(value.get("messages"))):
            message = mapping_of(given)
            key = key_of(message.get("_id")) or f"message {at}"
            texts = [text_of(message.get("msg")), *map(text_of, list_of(message.get("retries")))]
            texts = [text for at, text in enumerate(texts) if text and text not in texts[:at]]
            moment, told = remarks.tell_moment(message.get("createdAt"), 1)
            said += told
            turn = None
            if texts:
                is_own = bool(message.get("userId"))
                speaker = name_of(message.get("handle")) or name_of(message.get("name"))
                is_hidden = message.get("ooc") is True or message.get("adapter") == "system"
                turn = Turn(
                    speaker or ("User" if is_own else "Assistant"),
                    "system" if is_hidden else "user" if is_own else "assistant",
                    tuple(Version(text, moment) for text in texts), is_named=bool(speaker),
                    line=1, end=source.size,
                )  # fmt: skip
            else:
                said.append(Remark(remarks.NO_TEXT, 1))
            nodes.append(Node(key, key_of(message.get("parent")) or before, turn))
            before = key
        greeting = text_of(value.get("greeting"))
        if greeting and not any(
            version.content == greeting
            for node in nodes[:1]
            if node.turn is not None
            for version in node.turn.versions
        ):
            said.append(Remark(GREETING, 1))
        name = name_of(value.get("name"))
        title = "" if name == "Exported" else name
        yield from tell_tree(Talk(title, tip=before), nodes, said)


FORMAT = Agnai()
