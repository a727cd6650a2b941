"""Character.AI, as its archive tools write it: histories of messages, or chats of turns."""

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
from ttrpg_assistant.archives.talk_formats.values import (
    key_of,
    list_of,
    mapping_of,
    name_of,
    text_of,
)


class CharacterAI:
    """`histories` of `msgs` with `src.is_human`, or `turns` with several `candidates`."""

    name = "character_ai"
    label = "an export of Character.AI"
    rank = 20
    is_document = True

    def recognises(self, source: TalkSource) -> bool:
        """Whether it has histories, messages or turns of that kind."""
        shape = source.shape
        return (
            "histories" in shape.names
            or ("msgs" in shape.names and '"is_human"' in source.text[:200_000])
            or ("candidates" in shape.names or "candidates" in shape.inner)
            or ("turns" in shape.names and '"candidates"' in source.text[:200_000])
        )

    def read(self, source: TalkSource) -> Iterator[Event]:
        """Each history as a conversation."""
        value = source.read_document()
        title = _title(mapping_of(value))
        for chat in _list_chats(value):
            moment, _ = remarks.tell_moment(
                mapping_of(chat).get("create_time") or mapping_of(chat).get("created"), 1
            )
            yield Talk(title, moment)
            messages = list_of(mapping_of(chat).get("msgs")) or list_of(
                chat if isinstance(chat, list) else mapping_of(chat).get("turns")
            )
            for message in messages:
                yield from _read_message(mapping_of(message), source.size)


def _title(value: Mapping[str, Any]) -> str:
    character = value.get("character") or mapping_of(value.get("info")).get("character")
    inside = mapping_of(character)
    return name_of(inside.get("name")) or name_of(value.get("name")) or name_of(character)


def _list_chats(value: Any) -> list[Any]:
    histories = mapping_of(value).get("histories")
    if isinstance(histories, dict):
        histories = histories.get("histories")
    if isinstance(histories, list):
        return histories
    chats = mapping_of(value).get("chats")
    if isinstance(chats, list):
        return chats
    if isinstance(value, list) and any("candidates" not in mapping_of(one) for one in value):
        return value
    return [value]


def _read_message(message: Mapping[str, Any], end: int) -> Iterator[Event]:
    source = mapping_of(message.get("src")) or mapping_of(message.get("author"))
    given = message.get("created") or message.get("create_time")
    moment, said = remarks.tell_moment(given, 1)
    yield from said
    texts, chosen = _list_texts(message)
    if not texts:
        yield Remark(remarks.NO_TEXT, 1)
        return
    is_own = source.get("is_human") is True
    name = name_of(source.get("name"))
    yield Turn(
        name or (USER if is_own else ASSISTANT), "user" if is_own else "assistant",
        tuple(Version(text, moment) for text in texts), chosen, is_named=bool(name),
        line=1, end=end,
    )  # fmt: skip


def _list_texts(message: Mapping[str, Any]) -> tuple[list[str], int]:
    """The answers that were given in this place, and which one is shown."""
    shown = text_of(message.get("text"))
    if shown:
        return [shown], 0
    texts: list[str] = []
    chosen = 0
    for candidate in list_of(message.get("candidates")):
        inside = mapping_of(candidate)
        text = text_of(inside.get("raw_content")) or text_of(inside.get("text"))
        if not text:
            continue
        if key_of(inside.get("candidate_id")) == key_of(message.get("primary_candidate_id")):
            chosen = len(texts)
        texts.append(text)
    return texts, chosen


FORMAT = CharacterAI()
