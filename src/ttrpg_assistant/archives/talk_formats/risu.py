"""RisuAI: one chat, or all chats of a character."""

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
from ttrpg_assistant.archives.talk_formats.source import TalkSource
from ttrpg_assistant.archives.talk_formats.values import list_of, mapping_of, name_of, text_of


class Risu:
    """`type` is `risuChat` or `risuAllChats`; a message has `role`, `data` and `time`."""

    name = "risu"
    label = "a chat of RisuAI"
    rank = 20
    is_document = True

    def recognises(self, source: TalkSource) -> bool:
        """Whether it says so."""
        beginning = source.text[:100_000]
        return source.shape.outer == "object" and (
            '"risuChat"' in beginning or '"risuAllChats"' in beginning
        )

    def read(self, source: TalkSource) -> Iterator[Event]:
        """Each of its chats."""
        data = mapping_of(source.read_document()).get("data")
        for chat in list_of(data) or [data]:
            yield from _read_chat(mapping_of(chat), source.size)


def _read_chat(chat: Mapping[str, Any], end: int) -> Iterator[Event]:
    yield Talk(name_of(chat.get("name")))
    for given in list_of(chat.get("message")):
        message = mapping_of(given)
        moment, said = remarks.tell_moment(message.get("time"), 1)
        yield from said
        texts, chosen = _list_texts(message)
        if not texts:
            yield Remark(remarks.NO_TEXT, 1)
            continue
        is_own = message.get("role") == "user"
        name = name_of(message.get("name"))
        hidden = message.get("disabled") is True or message.get("isComment") is True
        yield Turn(
            name or (USER if is_own else ASSISTANT),
            "system" if hidden else "user" if is_own else "assistant",
            tuple(Version(text, moment) for text in texts), chosen, is_named=bool(name),
            line=1, end=end,
        )  # fmt: skip


def _list_texts(message: Mapping[str, Any]) -> tuple[list[str], int]:
    """The answers that were given in this place, and which one is shown."""
    shown = text_of(message.get("data"))
    texts = [text for one in list_of(message.get("swipes")) if (text := text_of(one))]
    if shown and shown not in texts:
        texts.append(shown)
    return texts, texts.index(shown) if shown else 0


FORMAT = Risu()
