"""DiscordChatExporter's JSON: one channel, however long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ttrpg_assistant.archives.talk_formats import remarks
from ttrpg_assistant.archives.talk_formats.json_parts import decode_part
from ttrpg_assistant.archives.talk_formats.model import Event, Remark, Talk, Turn, Version
from ttrpg_assistant.archives.talk_formats.source import TalkSource
from ttrpg_assistant.archives.talk_formats.values import list_of, mapping_of, name_of, text_of
from ttrpg_assistant.outside_json import NOT_JSON

_SAID = frozenset(
    {
        "Default",
        "Reply",
        "ThreadStarterMessage",
        "ChatInputCommand",
        "ContextMenuCommand",
        "20",
        "23",
    }
)
"""Types of messages that somebody wrote; others are notices, as of somebody who joins."""

REACTIONS = "Reactions to a message do not come along."
_CHANNEL = re.compile(
    r'"channel"\s{0,20}:\s{0,20}\{[^{}]{0,2000}?"name"\s{0,20}:\s{0,20}"([^"\\]{1,200})"'
)


class DiscordJson:
    """`guild`, `channel` and `messages` with `author`, `timestamp` and `content`."""

    name = "discord_json"
    label = "a Discord channel as JSON"
    rank = 15
    is_document = False

    def recognises(self, source: TalkSource) -> bool:
        """Whether it names a guild and a channel."""
        return {"guild", "channel"} <= source.shape.names

    def read(self, source: TalkSource) -> Iterator[Event]:
        """Its messages in their order."""
        channel = _CHANNEL.search(source.text[:20_000])
        yield Talk(name_of(channel[1]) if channel else "")
        for part in source.read_parts(b"messages"):
            try:
                value = mapping_of(decode_part(part.content)) if part.content else None
            except NOT_JSON:
                value = None
            if value is None:
                yield Remark(remarks.NOT_JSON_LINE, part.line)
            else:
                yield from _read_message(value, part.line, part.end)


def _read_message(message: Mapping[str, Any], line: int, end: int) -> Iterator[Event]:
    moment, said = remarks.tell_moment(message.get("timestamp"), line)
    yield from said
    texts = [text_of(message.get("content"))]
    for embed in map(mapping_of, list_of(message.get("embeds"))):
        texts += [text_of(embed.get("title")), text_of(embed.get("description"))]
        for one in map(mapping_of, list_of(embed.get("fields"))):
            texts.append(
                ": ".join(filter(None, (text_of(one.get("name")), text_of(one.get("value")))))
            )
    for attached in map(mapping_of, list_of(message.get("attachments"))):
        texts.append(name_of(attached.get("fileName")))
        yield Remark(remarks.PICTURE, line)
    if list_of(message.get("reactions")):
        yield Remark(REACTIONS, line)
    text = "\n\n".join(filter(None, texts))
    if not text:
        yield Remark(remarks.NO_TEXT, line)
        return
    author = mapping_of(message.get("author"))
    is_notice = message.get("type", "Default") not in _SAID
    yield Turn(
        name_of(author.get("nickname")) or name_of(author.get("name")),
        "system" if is_notice else "user",
        (Version(text, moment),), line=line, end=end,
    )  # fmt: skip


FORMAT = DiscordJson()
