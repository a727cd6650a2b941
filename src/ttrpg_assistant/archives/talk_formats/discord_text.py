"""DiscordChatExporter's plain text: one channel."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ttrpg_assistant.archives.talk_formats.discord_json import REACTIONS
from ttrpg_assistant.archives.talk_formats.headed_lines import Heads, Saying, begin
from ttrpg_assistant.archives.talk_formats.model import Event, Remark, Talk
from ttrpg_assistant.archives.talk_formats.source import TalkSource

_RULE = re.compile(r"={8,}\Z")
_EXPORTED = re.compile(r"Exported [\d,. \u00a0\u202f]{1,20} message\(s\)\Z")


class DiscordText:
    """A head between two rules, then `[time] name` above each message, after a blank line."""

    name = "discord_text"
    label = "a Discord channel as text"
    rank = 30
    is_document = False

    def recognises(self, source: TalkSource) -> bool:
        """Whether it begins with the guild and the channel."""
        head = source.lines[:8]
        return any(one.startswith("Guild: ") for one in head) and any(
            one.startswith("Channel: ") for one in head
        )

    def read(self, source: TalkSource) -> Iterator[Event]:
        """Its messages in their order."""
        heads = Heads(source)
        channel = next((one for one in source.lines[:8] if one.startswith("Channel: ")), "")
        yield Talk(channel.removeprefix("Channel: ").strip()[:200])
        saying: Saying | None = None
        is_after_blank, is_reactions = True, False
        for line in source.read_lines():
            head = heads.find(line.text) if is_after_blank else None
            if head is not None:
                if saying is not None:
                    yield from saying.tell()
                saying, said = begin(head, line)
                yield from said
            elif saying is not None:
                if line.text == "{Reactions}":
                    is_reactions = True
                    yield Remark(REACTIONS, line.number)
                elif is_reactions or (is_after_blank and _RULE.match(line.text)):
                    is_reactions = False
                elif _EXPORTED.match(line.text) and is_after_blank:
                    break
                else:
                    saying.add(line)
                if saying.is_full:
                    yield from saying.tell()
                    saying = Saying(saying.name, saying.moment, line.number, line.end)
            is_after_blank = not line.text.strip() or bool(_RULE.match(line.text))
        if saying is not None:
            yield from saying.tell()


FORMAT = DiscordText()
